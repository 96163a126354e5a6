package io.github.kolors4j.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found on a machine with a GPU, as far as one without can play it. */
class GpuLibrariesTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  /** A Python whose PyTorch is a version file, and CUDA's runtime beside it. */
  private Path torch(String version, String cuda) throws IOException {
    Path packages = folder.resolve("my packages");
    Path torch = Files.createDirectories(packages.resolve("torch"));
    Files.writeString(torch.resolve("__init__.py"), "raise SystemExit('must not be started')\n");
    String line =
        cuda.isEmpty() ? "cuda: Optional[str] = None" : "cuda: Optional[str] = '" + cuda + "'";
    Files.writeString(
        torch.resolve("version.py"),
        "from typing import Optional\n\n__version__ = '" + version + "'\n" + line + "\n");
    Path runtime = Files.createDirectories(packages.resolve("nvidia/cuda_runtime/lib"));
    Files.write(runtime.resolve("libcudart.so.12"), new byte[0]);
    program("python3", "PYTHONPATH='" + packages + "' exec /usr/bin/env -S python3 \"$@\"");
    return torch;
  }

  private void program(String name, String commands) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\n" + commands + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Map<String, String> properties(String system, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PATH", folder.resolve("bin").toString());
    return new GpuLibraries(new Machine(system, environment, folder), folder)
        .properties(warnings::add);
  }

  private Map<String, String> onLinux() {
    return properties("Linux", Map.of());
  }

  @Test
  void theCudaLibrariesOfPythonsPyTorchAreUsedWhereThereIsAGpu() throws Exception {
    Path torch = torch("2.7.1+cu126", "12.6");
    program("nvidia-smi", "exit 0");
    assertThat(onLinux())
        .containsEntry("PYTORCH_LIBRARY_PATH", torch + "/lib")
        .containsEntry("PYTORCH_VERSION", "2.7.1")
        .containsEntry("PYTORCH_FLAVOR", "cu128")
        .containsEntry(
            "jna.library.path", folder.resolve("my packages/nvidia/cuda_runtime/lib").toString())
        .hasSize(4);
    assertThat(warnings).isEmpty();
  }

  @Test
  void theDriversOwnFileTellsWhereItsToolIsMissing() throws Exception {
    torch("2.7.1+cu126", "12.6");
    assertThat(onLinux()).isEmpty();
    Files.createDirectories(folder.resolve("proc/driver/nvidia"));
    Files.writeString(folder.resolve("proc/driver/nvidia/version"), "580");
    assertThat(onLinux()).isNotEmpty();
  }

  @Test
  void withoutADriverOrWithTheProcessorChosenNobodyIsAsked() throws Exception {
    torch("2.7.1+cu126", "12.6");
    program("nvidia-smi", "exit 9");
    assertThat(onLinux()).isEmpty();
    program("nvidia-smi", "exit 0");
    assertThat(properties("Linux", Map.of("KOLORS4J_DEVICE", "cpu"))).isEmpty();
    assertThat(properties("Linux", Map.of("PYTORCH_LIBRARY_PATH", "/mine"))).isEmpty();
    assertThat(properties("Mac OS X", Map.of())).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aPyTorchOfAnotherVersionOrWithoutCudaIsNotTaken() throws Exception {
    program("nvidia-smi", "exit 0");
    torch("2.6.0+cu124", "12.4");
    assertThat(onLinux()).isEmpty();
    torch("2.7.1+cpu", "");
    assertThat(onLinux()).isEmpty();
    assertThat(warnings).hasSize(2).allMatch(w -> w.contains("environment/gpu setup"));
  }

  @Test
  void whatWasMadeForAnotherPyTorchGoesFirst() throws Exception {
    program("nvidia-smi", "exit 0");
    torch("2.7.1+cu126", "12.6");
    Files.createDirectories(folder.resolve("build"));
    Files.writeString(
        folder.resolve("build/gpu.settings"),
        "PYTORCH_LIBRARY_PATH=/opt/my torch\nPYTORCH_VERSION=2.8.0\nPYTORCH_FLAVOR=cu129\nruntime=\n");
    assertThat(onLinux())
        .isEqualTo(
            Map.of(
                "PYTORCH_LIBRARY_PATH", "/opt/my torch",
                "PYTORCH_VERSION", "2.8.0",
                "PYTORCH_FLAVOR", "cu129"));
  }

  @Test
  void theScriptsNameTheSamePyTorch() throws Exception {
    assertThat(Files.readString(Path.of("environment/common.sh")))
        .contains("torch_version=" + GpuLibraries.VERSION);
  }
}
