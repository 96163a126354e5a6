package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path output;
  private final List<String> notices = new ArrayList<>();

  @Test
  void aDiskThatIsTooSmallIsNoticedBeforehand() {
    assertThatThrownBy(() -> new RunFolder(output).requireSpace(1L << 60, notices::add))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Make room");
  }

  @Test
  void aDiskThatCannotBeMeasuredIsANotice() {
    new RunFolder(output.resolve("nowhere")).requireSpace(5 << 20, notices::add);
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("does not say", "nowhere", "will take 6 MB");
  }

  @Test
  void aDiskWithRoomIsNotSpokenOf() {
    new RunFolder(output).requireSpace(1, notices::add);
    assertThat(notices).isEmpty();
  }
}
