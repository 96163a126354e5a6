package io.github.kolors4j.internal.lora;

import io.github.kolors4j.internal.model.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published UNet's layers, by the configuration that its folder has. */
final class FullSizeUNet {
  private FullSizeUNet() {}

  /**
   * @param folder an empty one of the test's, which becomes the UNet's
   */
  static UNetNames names(Path folder) throws IOException {
    Path config = Path.of("src/test/resources/names/unet_config.json");
    Files.copy(config, folder.resolve("config.json"));
    return new UNetNames(UNetConfig.read(folder));
  }
}
