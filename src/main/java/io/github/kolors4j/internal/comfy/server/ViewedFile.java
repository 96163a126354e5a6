package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a picture by the name, folder and type by which the page knows it. */
final class ViewedFile {
  private ViewedFile() {}

  /**
   * The file.
   *
   * @param filename may say its type: {@code boy.png [input]}
   * @throws Refusal if there is none, or it lies elsewhere
   */
  static Path find(ComfyFolders folders, String filename, String subfolder, String type) {
    ComfyFolders.Marked marked = ComfyFolders.Marked.of(filename, type);
    String name = marked.name();
    if (name.isEmpty() || name.startsWith("/") || name.contains("..")) {
      throw Refusal.because(Answer.BAD_REQUEST, "The filename is none.");
    }
    Path root = folder(folders, marked.type());
    Path folder =
        subfolder.isEmpty()
            ? root
            : SafePath.in(root, withoutEndingSlash(subfolder), Answer.FORBIDDEN);
    String last = name.substring(name.lastIndexOf('/') + 1);
    Path file = SafePath.in(folder, last, Answer.BAD_REQUEST);
    if (!Files.isRegularFile(file)) {
      throw Refusal.because(Answer.NOT_FOUND, "There is no such file.");
    }
    return file;
  }

  private static String withoutEndingSlash(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  /** The folder of a type. */
  static Path folder(ComfyFolders folders, String type) {
    if (!ComfyFolders.TYPES.contains(type)) {
      throw Refusal.because(Answer.BAD_REQUEST, "The type is input, output or temp.");
    }
    return folders.ofType(type);
  }
}
