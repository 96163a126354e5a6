package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsArgumentsTest {
  private static final String MAIN = "io.github.kolors4j.cli.Kolors4j";

  @Test
  void whatStandsBehindTheMainClassIsWhatWasTyped() {
    List<String> words =
        List.of("C:\\jdk\\bin\\java.exe", "-cp", "a.jar;lib\\*", MAIN, "generate", "蓝色 头发", "a?b");

    assertThat(WindowsArguments.behindProgram(words, MAIN + " generate ?? ?? axb"))
        .containsExactly("generate", "蓝色 头发", "a?b");
  }

  @Test
  void soIsWhatStandsBehindAJar() {
    List<String> words =
        List.of("java", "-Xmx2g", "-jar", "my jars\\kolors4j.jar", "generate", "*");

    assertThat(WindowsArguments.behindProgram(words, "my jars\\kolors4j.jar generate pom.xml"))
        .containsExactly("generate", "*");
  }

  @Test
  void anArgumentThatIsTheMainClassesNameIsAnArgument() {
    List<String> words = List.of("java", MAIN, "generate", MAIN, "-jar", "x");

    assertThat(WindowsArguments.behindProgram(words, MAIN + " generate"))
        .containsExactly("generate", MAIN, "-jar", "x");
  }

  @Test
  void aProgramNamedInAFileOfOptionsIsNotFound() {
    assertThat(WindowsArguments.behindProgram(List.of("java", "@kolors4j.options", "x"), MAIN))
        .isNull();
  }

  @Test
  void onThisSystemArgumentsAreThoseOfMain() {
    String[] arguments = {};

    assertThat(WindowsArguments.asTyped(arguments)).isSameAs(arguments);
  }
}
