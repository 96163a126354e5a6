package io.github.kolors4j.internal.comfy.server;

/** Ends a request with an answer that is no success: the way out of any depth of a route. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  private Refusal(Answer answer) {
    super(null, null, false, false); // nobody looks at its trace
    this.answer = answer;
  }

  static Refusal with(Answer answer) {
    return new Refusal(answer);
  }

  /** With a sentence that says what was wrong. */
  static Refusal because(int status, String message) {
    return new Refusal(Answer.text(status, message));
  }

  /** With {@code {"error": message}}. */
  static Refusal json(int status, String message) {
    return new Refusal(Answer.json(status, Json.object("error", message)));
  }

  Answer answer() {
    return answer;
  }
}
