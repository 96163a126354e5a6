package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.KolorsException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExerciseTest {
  private static String printed(Runnable work) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static final Exercise THREE =
      Exercise.of("1.1 numbers")
          .expect("half", () -> 0.5004, 0.5, 1e-3)
          .expect("row", () -> new float[] {1, 2}, new float[] {1, 2}, 1e-6)
          .expect("word", () -> "swirl", "swirl");

  @Test
  void rightAnswersAreSaidToBeRight() {
    assertThat(printed(THREE::solved))
        .contains("1.1 numbers", "✓ 对 half", "✓ 对 row", "✓ 对 word", "全部正确")
        .doesNotContain("✗");
  }

  @Test
  void whatIsNotWrittenYetOrWrongIsSaidAndNothingFails() {
    Exercise exercise =
        THREE
            .expect(
                "stub",
                () -> {
                  throw new UnsupportedOperationException("yours");
                },
                1)
            .expect("nothing", () -> null, 1)
            .expect("not a number", () -> Double.NaN, 1.0, 10)
            .expect("too long", () -> new float[8], new float[2], 1)
            .expect("broken", () -> Integer.valueOf("x"), 3);
    assertThat(printed(exercise::check))
        .contains(
            "✗ stub: 还没有写 · not written yet",
            "✗ nothing: 还没有写 · nothing was returned",
            "✗ not a number: 应为 1.0000，得到 NaN",
            "✗ too long: 应为 [0.0, 0.0]，得到 [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, … (8)]",
            "✗ broken: 出错了 · it failed: java.lang.NumberFormatException",
            "3 / 8 正确");
  }

  @Test
  void aSolutionThatIsWrongFails() {
    assertThatThrownBy(() -> printed(THREE.expect("two", () -> 3, 2)::solved))
        .isInstanceOf(KolorsException.class)
        .hasMessageContaining("✗ two: 应为 2，得到 3");
  }
}
