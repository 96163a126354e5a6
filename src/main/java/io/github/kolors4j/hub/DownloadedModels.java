package io.github.kolors4j.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Models on this computer: the name that each was asked for by, and its folder.
 *
 * @param folders in the order in which they were asked for; absolute paths
 */
public record DownloadedModels(Map<String, Path> folders) {
  /** Copies. */
  public DownloadedModels {
    folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
  }

  /**
   * The folder of a model.
   *
   * @param name as it was asked for
   * @throws HubException if it is not among these
   */
  public Path folder(String name) {
    Path folder = folders.get(name);
    if (folder == null) {
      throw new HubException(name + " was not downloaded; these were: " + folders.keySet());
    }
    return folder;
  }

  /** The first that is a whole Kolors: a folder with a text encoder and a UNet. */
  public Optional<Path> kolors() {
    return folders.values().stream()
        .filter(folder -> Files.isDirectory(folder.resolve("text_encoder")))
        .filter(folder -> Files.isDirectory(folder.resolve("unet")))
        .findFirst();
  }

  /** The first that is a VAE alone: weights with no parts beside them, as SDXL-vae-fp16-fix. */
  public Optional<Path> vae() {
    return folders.values().stream()
        .filter(
            folder ->
                Files.exists(folder.resolve("diffusion_pytorch_model.safetensors"))
                    || Files.exists(folder.resolve("sdxl.vae.safetensors")))
        .findFirst();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    folders.forEach((name, folder) -> text.append(name).append(" → ").append(folder).append('\n'));
    return text.toString().stripTrailing();
  }
}
