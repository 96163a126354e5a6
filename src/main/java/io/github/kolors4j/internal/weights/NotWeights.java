package io.github.kolors4j.internal.weights;

import java.nio.charset.StandardCharsets;

/** Recognizes what often lies where weights should be, by its first bytes. */
final class NotWeights {

  private NotWeights() {}

  /** Says what a file is that is no weights file, and what to do; empty if it is not recognized. */
  static String hint(byte[] firstBytes) {
    String start = new String(firstBytes, StandardCharsets.ISO_8859_1);
    if (start.startsWith("version ")) {
      return " It is a Git LFS pointer: run `git lfs pull` in its folder to fetch the weights.";
    }
    if (start.startsWith("<")) {
      return " It is a web page: download the file itself, not the page that shows it.";
    }
    if (start.startsWith("PK")) {
      return " It is a torch checkpoint or another zip archive: its name should end in .bin, .ckpt"
          + " or .pt.";
    }
    return "";
  }
}
