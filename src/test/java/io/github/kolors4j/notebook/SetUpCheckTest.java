package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SetUpCheckTest {

  @Test
  void theMachineThatRunsTheTestsHasWhatIsNeeded() {
    Table table = SetUpCheck.table();

    assertThat(table.stringColumn("part").asList())
        .contains("Java", "kolors4j", "PyTorch", "GPU", "中文字体 (font)");
    int java = table.stringColumn("part").asList().indexOf("Java");
    assertThat(table.stringColumn("found").get(java)).isEqualTo(System.getProperty("java.version"));
    assertThat(table.stringColumn("advice").get(java)).isEqualTo("✓");
    assertThat(table.stringColumn("advice").isMissing().size()).isZero();
  }
}
