package io.github.kolors4j.concepts;

import io.github.kolors4j.KolorsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A task for a learner, which says by itself what is right and what is not yet.
 *
 * <pre>{@code
 * Exercise.of("2.1 q(x_t | x_0)")
 *     .expect("mean", () -> mean(0.5), 0.7071, 1e-3)
 *     .expect("no noise at t = 0", () -> deviation(1.0), 0.0, 1e-6)
 *     .check();
 * }</pre>
 *
 * <p>{@link #check} is for the learner's own code, of which nothing may be written yet; {@link
 * #solved} for the solution, which has to be right.
 */
public final class Exercise {
  /** How many numbers of a list are shown. */
  private static final int SHOWN = 6;

  private record Question(String what, Callable<?> answer, Object expected, double tolerance) {}

  /** What became of one question; null where the answer is right. */
  private record Mark(String what, @Nullable String wrong) {}

  private final String title;
  private final List<Question> questions;

  private Exercise(String title, List<Question> questions) {
    this.title = title;
    this.questions = List.copyOf(questions);
  }

  /** A task that nothing is asked in yet. */
  public static Exercise of(String title) {
    return new Exercise(title, List.of());
  }

  /**
   * Asks for a number.
   *
   * @param tolerance how far an answer may be from what is expected
   */
  public Exercise expect(
      String what, Callable<? extends Number> answer, double expected, double tolerance) {
    return with(new Question(what, answer, expected, tolerance));
  }

  /**
   * Asks for numbers in a row.
   *
   * @param tolerance how far each may be from what is expected
   */
  public Exercise expect(
      String what, Callable<float[]> answer, float[] expected, double tolerance) {
    return with(new Question(what, answer, expected.clone(), tolerance));
  }

  /** Asks for something that equals what is expected. */
  public Exercise expect(String what, Callable<?> answer, Object expected) {
    return with(new Question(what, answer, expected, 0));
  }

  private Exercise with(Question question) {
    List<Question> all = new ArrayList<>(questions);
    all.add(question);
    return new Exercise(title, all);
  }

  /** Prints for each question whether the answer is right, and never fails. */
  public void check() {
    System.out.println(report(marks()));
  }

  /**
   * Prints the same.
   *
   * @throws KolorsException if anything is not right
   */
  public void solved() {
    List<Mark> marks = marks();
    String report = report(marks);
    System.out.println(report);
    if (marks.stream().anyMatch(mark -> mark.wrong() != null)) {
      throw new KolorsException("The solution of this exercise is not right:\n" + report);
    }
  }

  private List<Mark> marks() {
    if (questions.isEmpty()) {
      throw new IllegalStateException("Nothing is asked in the exercise '" + title + "'.");
    }
    return questions.stream().map(q -> new Mark(q.what(), wrong(q))).toList();
  }

  private String report(List<Mark> marks) {
    StringBuilder report = new StringBuilder(title);
    for (Mark mark : marks) {
      report.append("\n  ").append(mark.wrong() == null ? "✓ 对 " : "✗ ").append(mark.what());
      if (mark.wrong() != null) {
        report.append(": ").append(mark.wrong());
      }
    }
    long right = marks.stream().filter(mark -> mark.wrong() == null).count();
    return report
        .append("\n  ")
        .append(
            right == marks.size()
                ? "全部正确 · all right"
                : "%d / %d 正确 · right".formatted(right, marks.size()))
        .toString();
  }

  private static @Nullable String wrong(Question question) {
    Object answer;
    try {
      answer = question.answer().call();
    } catch (UnsupportedOperationException e) {
      return "还没有写 · not written yet";
    } catch (Exception | StackOverflowError | AssertionError e) {
      return "出错了 · it failed: " + e;
    }
    if (answer == null) {
      return "还没有写 · nothing was returned";
    }
    if (agrees(answer, question.expected(), question.tolerance())) {
      return null;
    }
    return "应为 %s，得到 %s · expected %1$s, got %2$s"
        .formatted(shown(question.expected()), shown(answer));
  }

  private static boolean agrees(Object answer, Object expected, double tolerance) {
    if (expected instanceof float[] row) {
      return answer instanceof float[] own
          && own.length == row.length
          && IntStream.range(0, row.length)
              .allMatch(i -> Math.abs((double) own[i] - row[i]) <= tolerance);
    }
    if (expected instanceof Double number && answer instanceof Number own) {
      return Math.abs(own.doubleValue() - number) <= tolerance; // never true of NaN
    }
    return Objects.equals(answer, expected);
  }

  private static String shown(Object value) {
    if (!(value instanceof float[] row)) {
      return value instanceof Number n && !(value instanceof Integer || value instanceof Long)
          ? "%.5g".formatted(n.doubleValue())
          : String.valueOf(value);
    }
    String numbers = Arrays.toString(Arrays.copyOf(row, Math.min(row.length, SHOWN)));
    return row.length <= SHOWN
        ? numbers
        : numbers.substring(0, numbers.length() - 1) + ", … (" + row.length + ")]";
  }
}
