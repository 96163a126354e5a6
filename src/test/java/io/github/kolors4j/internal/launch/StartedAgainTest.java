package io.github.kolors4j.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.JavaProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StartedAgainTest {
  private static final Path ROOT = Path.of("/");

  private static StartedAgain on(String system, String characters, Map<String, String> variables) {
    return new StartedAgain(new Machine(system, variables, ROOT), characters);
  }

  /** Says what it was started with, by a second Java if need be. */
  public static final class Program {
    public static void main(String[] arguments) throws Exception {
      OptionalInt ended = ProgramStart.again(Program.class, arguments);
      if (ended.isPresent()) {
        System.exit(ended.getAsInt());
      }
      System.out.println(
          String.join("|", arguments)
              + "|"
              + System.getProperty("a.property")
              + "|"
              + System.getProperty("sun.jnu.encoding"));
      System.exit(7);
    }
  }

  @Test
  void usuallyNothingIsStartedAgain() {
    StartedAgain usual = on("Linux", "UTF-8", Map.of("KOLORS4J_JAVA_OPTIONS", "  "));
    assertThat(usual.options()).isEmpty();
    assertThat(usual.environment()).isEmpty();
  }

  @Test
  void optionsThatAPersonNamesComeAfterThoseThatAreThere() {
    StartedAgain again = on("Linux", "UTF-8", Map.of("KOLORS4J_JAVA_OPTIONS", " -Xmx8g  -Da=b "));
    assertThat(again.command(ROOT, List.of("-Xmx1g"), "a.jar:b.jar", "Main", new String[] {"x"}))
        .startsWith("/bin/java", "-Xmx1g", "-Xmx8g", "-Da=b")
        .endsWith("-cp", "a.jar:b.jar", "Main", "x");
    assertThat(
            on("Windows 10", "Cp936", Map.of("kolors4j_java_options", "-Xmx8g"))
                .command(ROOT, List.of(), "a.jar", "Main", new String[0])
                .get(0))
        .endsWith("java.exe");
  }

  @Test
  void aLocaleWithoutChineseIsLeftButNotOnWindows() {
    assertThat(on("Linux", "ANSI_X3.4-1968", Map.of()).environment())
        .containsEntry("LC_ALL", "C.UTF-8");
    assertThat(on("Linux", "ISO-8859-1", Map.of()).environment()).isNotEmpty();
    assertThat(on("Linux", "GB18030", Map.of()).environment()).isEmpty();
    assertThat(on("Mac OS X", "UTF-8", Map.of()).environment()).isEmpty();
    assertThat(on("Windows 11", "Cp1252", Map.of()).environment()).isEmpty();
  }

  @Test
  void theSecondJavaHasTheOptionsAndTheLocaleAndTheFirstEndsAsItDoes() throws Exception {
    ProcessBuilder program =
        new ProcessBuilder(
            JavaProcess.command(
                List.of("-Da.property=first"),
                String.join(File.pathSeparator, "target/classes", "target/test-classes"),
                Program.class,
                "x y"));
    program.environment().put("KOLORS4J_JAVA_OPTIONS", "-Da.property=second -Xmx50m");
    program.environment().put("LC_ALL", "C");
    program.environment().remove("JDK_JAVA_OPTIONS");
    Process process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.strip()).isEqualTo("x y|second|UTF-8");
    assertThat(process.waitFor()).isEqualTo(7);
  }
}
