package io.github.kolors4j.dataset;

import io.github.kolors4j.internal.files.ShippedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Finds the picture sets that come with the project, wherever a program was started. */
final class ShippedSets {
  /** A set's name → its data. */
  static final Map<String, ShippedData> DATA = Map.of("kolors4j/avatars", ShippedData.AVATARS);

  private ShippedSets() {}

  /** The folder of a shipped set: in the checkout, or unpacked from the class path. */
  static Path folderOf(String name) {
    try {
      return DATA.get(name).folder();
    } catch (IOException e) {
      throw new DatasetException(e.getMessage(), e);
    }
  }
}
