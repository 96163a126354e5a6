package io.github.kolors4j.internal.comfy;

/** A node whose input {@code image} names a picture of ComfyUI's folders. */
public interface LoadsPicture {

  /** The check of that input. */
  default InputChecks checks(ComfyFolders folders) {
    return new FileInput(folders);
  }
}
