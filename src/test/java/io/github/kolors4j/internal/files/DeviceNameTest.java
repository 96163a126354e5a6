package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "NUL",
        "nul.json",
        "Con",
        "aux.tar.gz",
        "COM1",
        "lpt9.txt",
        "com\u00b9.png",
        "nul .txt",
        "CONIN$",
        "a.",
        "a ",
        "a:b",
        "what?.png",
        "a|b",
        "NUL:"
      })
  void windowsReadsTheseOtherwise(String name) {
    assertThat(DeviceName.isMisreadOnWindows(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console.log",
        "null.json",
        "com.txt",
        "COM10",
        ".config",
        "a b.png",
        "二次元.png",
        "lpt",
        "auxiliary",
        "config.json"
      })
  void theseAreNamesEverywhere(String name) {
    assertThat(DeviceName.isMisreadOnWindows(name)).isFalse();
  }

  @Test
  void onOtherSystemsTheyAreNamesLikeAnyOther() {
    if (!System.getProperty("os.name").startsWith("Windows")) {
      assertThat(DeviceName.isMisread("nul.json")).isFalse();
    }
  }
}
