package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts around a GPU, as far as a machine without one can run them. */
class GpuCheckTest {
  @TempDir Path folder;

  @Test
  @Tag("slow")
  void theDryRunMeasuresATinyUNetOnTheProcessor() throws Exception {
    ProcessBuilder check = new ProcessBuilder("bash", "environment/gpu", "check", "--dry-run");
    check.environment().put("KOLORS4J_CLASS_PATH", System.getProperty("java.class.path"));
    check.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(output(check))
        .containsPattern("denoise, kolors4j: \\d+\\.\\d{3} s a step .* on cpu\\(\\), float32")
        .containsPattern("train, kolors4j: \\d+\\.\\d{3} s a step");
  }

  @Test
  void theCudaLibrariesOfPythonsPyTorchAreFoundWhereThereIsAGpu() throws Exception {
    Path torch = python("2.7.1+cu126", "12.6");
    assertThat(useGpu(true)).isEqualTo(torch + "/lib 2.7.1 cu128 " + runtimeOption());
  }

  @Test
  void withoutADriverTheyAreLeftAlone() throws Exception {
    python("2.7.1+cu126", "12.6");
    assertThat(useGpu(false)).isEqualTo("none none none");
  }

  @Test
  void aPyTorchOfAnotherVersionOrWithoutCudaIsNotTaken() throws Exception {
    python("2.6.0+cu124", "12.4");
    assertThat(useGpu(true)).contains("environment/gpu setup").endsWith("none none none");
    python("2.7.1+cpu", "");
    assertThat(useGpu(true)).contains("environment/gpu setup").endsWith("none none none");
  }

  /** A Python whose packages are PyTorch's version file and CUDA's runtime. */
  private Path python(String version, String cuda) throws IOException {
    Path packages = folder.resolve("packages");
    Path torch = Files.createDirectories(packages.resolve("torch"));
    Files.createDirectories(torch.resolve("lib"));
    Files.writeString(torch.resolve("__init__.py"), "raise SystemExit('must not be started')\n");
    String cudaLine =
        cuda.isEmpty() ? "cuda: Optional[str] = None" : "cuda: Optional[str] = '" + cuda + "'";
    Files.writeString(
        torch.resolve("version.py"),
        "from typing import Optional\n\n__version__ = '" + version + "'\n" + cudaLine + "\n");
    Path runtime = Files.createDirectories(packages.resolve("nvidia/cuda_runtime/lib"));
    Files.write(runtime.resolve("libcudart.so.12"), new byte[0]);
    return torch;
  }

  private String runtimeOption() {
    return "-Djna.library.path=" + folder.resolve("packages/nvidia/cuda_runtime/lib");
  }

  /** What {@code use_gpu} sets: libraries, version, flavour, and options for java. */
  private String useGpu(boolean driver) throws Exception {
    Path tool = Files.createDirectories(folder.resolve("bin")).resolve("nvidia-smi");
    Files.writeString(tool, "#!/bin/sh\nexit " + (driver ? 0 : 9) + "\n");
    tool.toFile().setExecutable(true);
    ProcessBuilder script =
        new ProcessBuilder(
            "bash",
            "-c",
            """
            . environment/common.sh
            build="$FOLDER/build" gpu_settings="$build/gpu.sh" CONDA_PREFIX=/none
            torch_pythons() { command -v python3; }   # this one alone
            use_gpu 2>&1
            echo "${PYTORCH_LIBRARY_PATH:-none} ${PYTORCH_VERSION:-none} ${PYTORCH_FLAVOR:-none}" \
              ${gpu_options[@]+"${gpu_options[@]}"}
            """);
    script.environment().put("FOLDER", folder.toString());
    script.environment().put("PATH", tool.getParent() + ":" + System.getenv("PATH"));
    script.environment().put("PYTHONPATH", folder.resolve("packages").toString());
    script.environment().remove("PYTORCH_LIBRARY_PATH");
    script.environment().remove("KOLORS4J_DEVICE");
    return output(script);
  }

  private static String output(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.strip();
  }
}
