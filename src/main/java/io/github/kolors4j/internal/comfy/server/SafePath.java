package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Looks names of clients up in a folder; one that leads out is refused. */
final class SafePath {
  /** Devices on Windows, whatever follows the dot; and what no disk should be asked to take. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?|.*[\\x00-\\x1f\\x7f<>:\"|?*].*|.*[ .]",
          Pattern.DOTALL);

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATH = 1024;

  private SafePath() {}

  /**
   * The place of a name within a folder, whether or not there is such a file.
   *
   * @param name may have folders, parted by {@code /}; empty for the folder itself
   * @param status of the refusal
   * @throws Refusal if the name is none, or leads out, also by way of a link
   */
  static Path in(Path folder, String name, int status) {
    if (name.length() > LONGEST_PATH) {
      throw Refusal.because(status, "The name is too long.");
    }
    for (String part : name.split("[/\\\\]", -1)) {
      boolean isTooLong = part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME;
      boolean isEmpty = part.isEmpty() && !name.isEmpty(); // a slash at an end, or two
      if (isTooLong || isEmpty || REFUSED.matcher(part).matches()) {
        throw Refusal.because(
            status, "Invalid filename. Please avoid special characters like :\\/*?\"<>|");
      }
    }
    try {
      return ComfyFolders.confined(folder, name);
    } catch (WorkflowException e) {
      throw Refusal.because(status, "The name leads out of its folder.");
    }
  }
}
