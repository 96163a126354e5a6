package io.github.kolors4j.internal.comfy.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private final Lines lines = Lines.at(12);

  @Test
  void wordsStayWholeAndNothingIsLost() {
    List<String> wrapped = lines.wrap("a cat wearing a top hat and a scarf", 90, 9);
    assertThat(wrapped).hasSizeGreaterThan(1).allMatch(line -> lines.width(line) <= 90);
    assertThat(String.join(" ", wrapped)).isEqualTo("a cat wearing a top hat and a scarf");
  }

  @Test
  void chineseBreaksAnywhereButNotBeforePunctuation() {
    String text = "一只戴着红色围巾的柴犬，油画，白色背景，傍晚的阳光";
    List<String> wrapped = lines.wrap(text, 75, 20);
    assertThat(String.join("", wrapped)).isEqualTo(text);
    assertThat(wrapped).hasSizeGreaterThan(2).noneMatch(line -> line.startsWith("，"));
  }

  @Test
  void whatIsCutEndsInDots() {
    assertThat(lines.wrap("one two three four five six seven", 40, 2))
        .hasSize(2)
        .last()
        .asString()
        .endsWith("…");
    assertThat(lines.cut("EulerDiscreteScheduler", 60)).endsWith("…");
    assertThat(lines.wrap("x".repeat(100_000), 500, 3)).hasSize(3).last().asString().endsWith("…");
  }

  @Test
  void classNamesAndPathsBreakBetweenTheirWords() {
    assertThat(lines.wrap("EulerDiscreteScheduler", 100, 3))
        .containsExactly("EulerDiscrete", "Scheduler");
    assertThat(lines.wrap("models/lightning_logs/version_0", 110, 9).get(0)).endsWith("_");
  }

  @Test
  void noWidthIsTooSmall() {
    assertThat(String.join("", lines.wrap("ab😀c", 0, 99))).isEqualTo("ab😀c");
  }
}
