package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.JavaProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PyTorchTest {

  @Test
  void theLineToAddNamesThisSystemAndPyTorchsVersion() {
    assertThat(PyTorch.advice("win-x86_64", "2.7.1"))
        .contains(
            "<dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>win-x86_64</classifier><scope>runtime</scope></dependency>",
            "runtimeOnly(\"ai.djl.pytorch:pytorch-native-cpu:2.7.1:win-x86_64\")");
  }

  @Test
  void aSystemThatPyTorchIsNotPublishedForIsTold() {
    assertThat(PyTorch.advice("osx-x86_64", "2.7.1"))
        .contains("no PyTorch 2.7.1 for this machine, osx-x86_64", "PYTORCH_LIBRARY_PATH")
        .doesNotContain("<dependency>");
  }

  /** A program that depends on the library without PyTorch. */
  static final class Program {
    public static void main(String[] arguments) {
      PyTorch.manager().close();
    }
  }

  @Test
  void aProgramWithoutPyTorchIsToldSoWithoutADownload(@TempDir Path folder) throws Exception {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch-native"))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(JavaProcess.command(List.of(), classPath, Program.class));
    builder.environment().put("DJL_CACHE_DIR", folder.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .contains("PyTorch for this machine, ", "<artifactId>pytorch-native-cpu</artifactId>");
    assertThat(folder).isEmptyDirectory();
  }
}
