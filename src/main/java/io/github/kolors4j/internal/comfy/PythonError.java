package io.github.kolors4j.internal.comfy;

/** What Python would raise, as ComfyUI tells it: the name of its class and its text. */
final class PythonError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String type;

  PythonError(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** Such as {@code ValueError}. */
  String type() {
    return type;
  }

  /** The text. */
  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
