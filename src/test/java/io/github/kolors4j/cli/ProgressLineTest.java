package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter written = new StringWriter();

  @Test
  void inATerminalItIsOneLineThatIsWrittenOver() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(written, true), true, 0)) {
      line.update("text_length_filter", 0.5, "1,234 samples");
      line.update("text_length_filter", 0.51, "1,300 samples"); // too soon
      line.say("a picture cannot be read");
      line.update("text_length_filter", 1, "2,468 samples");
    }
    assertThat(written.toString().split("\r\033\\[K", -1))
        .containsExactly(
            "",
            "[##########----------]  50 %  text_length_filter  1,234 samples",
            "a picture cannot be read\n",
            "[####################] 100 %  text_length_filter  2,468 samples",
            "");
  }

  @Test
  void inAFileItIsAPlainLineNowAndThen() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(written, true), false, 0)) {
      line.update("encoding captions", 0.002, "1 of 500");
      line.update("encoding captions", 1, "500 of 500");
      line.update("training", 0.5, "step 250");
    }
    assertThat(written.toString().lines())
        .containsExactly(
            "[--------------------]   0 %  encoding captions  1 of 500",
            "[####################] 100 %  encoding captions  500 of 500",
            "[##########----------]  50 %  training  step 250");
    assertThat(written.toString()).doesNotContain("\r", "\033");
  }

  @Test
  void inAFileWhatIsDoneAtOnceIsNotWorthALine() {
    PrintWriter out = new PrintWriter(written, true);
    try (ProgressLine line = new ProgressLine(out, false, ProgressLine.PAUSE_IN_FILE)) {
      for (int step = 1; step <= 500; step++) {
        line.update("training", step / 500.0, "step " + step);
      }
      line.say("validation loss 0.1");
    }
    assertThat(written.toString()).isEqualTo("validation loss 0.1\n");
  }

  @Test
  void aLineThatIsTooLongForATerminalIsCutAtItsColumns() {
    ProgressLine line = new ProgressLine(new PrintWriter(written, true), true, 0);
    line.update("编码文字".repeat(30), 0.5, "");
    String bar = "[##########----------]  50 %  ";
    assertThat(written.toString().strip())
        .endsWith(bar + "编码文字".repeat(30).substring(0, (79 - bar.length()) / 2) + "…");
  }
}
