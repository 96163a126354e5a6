package io.github.kolors4j.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The CUDA libraries of a Python's PyTorch, by which the tensor library computes on a GPU. They are
 * looked for only where there is one: then Pythons are asked, which takes a moment.
 *
 * @param machine this one
 * @param home the checkout, where {@code environment/gpu} leaves what it made
 */
record GpuLibraries(Machine machine, Path home) {
  /** PyTorch's version that the library is built with (pom.xml). */
  static final String VERSION = "2.7.1";

  /** DJL's part for PyTorch with CUDA, in the jar pytorch-jni. */
  static final String FLAVOR = "cu128";

  /** Prints where a Python's PyTorch is; PyTorch is not started for it. */
  private static final String SCRIPT = "torch_of.py";

  /** Where the driver and a Python may hang, as on a GPU that has fallen off its bus. */
  private static final long PATIENCE_SECONDS = 30;

  /**
   * What DJL and JNA are to be told, as system properties; nothing for working on the processor.
   *
   * @param warn hears what is missing
   */
  Map<String, String> properties(Consumer<String> warn) {
    if (machine.variable("KOLORS4J_DEVICE").filter("cpu"::equals).isPresent()
        || machine.variable("PYTORCH_LIBRARY_PATH").isPresent()
        || !isGpuThere()) {
      return Map.of();
    }
    Map<String, String> found = new TreeMap<>(made(warn));
    for (Path python : found.isEmpty() ? pythons() : List.<Path>of()) {
      found.putAll(torchOf(python));
      if (!found.isEmpty()) {
        break;
      }
    }
    if (found.isEmpty()) {
      warn.accept(
          "There is a GPU, but no Python with PyTorch "
              + VERSION
              + ", whose CUDA libraries are needed: working on the processor. Run environment/gpu"
              + " setup once to get them (KOLORS4J_DEVICE=cpu hides this).");
      return Map.of();
    }
    // DJL asks CUDA's runtime how many GPUs there are, and finds it in the system's folders only.
    String runtime = found.remove("runtime");
    if (runtime != null && !runtime.isEmpty()) {
      found.put("jna.library.path", runtime);
    }
    return found;
  }

  /** Whether there is an NVIDIA GPU with a driver. */
  private boolean isGpuThere() {
    if (machine.isMac()) {
      return false;
    }
    List<Path> tools = machine.programs("nvidia-smi");
    return tools.isEmpty()
        ? Files.exists(machine.systemFile("/proc/driver/nvidia/version"))
        : run(List.of(tools.get(0).toString(), "-L"), "").isPresent();
  }

  /** What {@code environment/gpu jni} has made for another PyTorch: lines of {@code NAME=VALUE}. */
  private Map<String, String> made(Consumer<String> warn) {
    Map<String, String> made = new TreeMap<>();
    Path file = home.resolve("build").resolve("gpu.settings");
    if (Files.isRegularFile(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines
            .filter(line -> line.contains("="))
            .forEach(line -> made.put(line.split("=", 2)[0], line.split("=", 2)[1]));
      } catch (IOException | UncheckedIOException e) {
        warn.accept(
            file
                + " cannot be read ("
                + e.getMessage()
                + "): looking for another PyTorch. environment/gpu jni makes it anew.");
        return Map.of();
      }
    }
    return made;
  }

  /** The Pythons that may have PyTorch. */
  private List<Path> pythons() {
    List<Path> pythons = new ArrayList<>();
    machine.variable("KOLORS4J_TORCH_PYTHON").map(Path::of).ifPresent(pythons::add);
    pythons.add(inEnvironment(home.resolve("build").resolve("torch")));
    pythons.add(inEnvironment(home.resolve("build").resolve("python")));
    machine.variable("KOLORS4J_PYTHON").map(Path::of).ifPresent(pythons::add);
    pythons.addAll(machine.programs(machine.isWindows() ? "python" : "python3"));
    machine.variable("CONDA_PREFIX").map(Path::of).map(this::inConda).ifPresent(pythons::add);
    pythons.add(inConda(machine.systemFile("/opt/conda")));
    return pythons.stream().filter(Files::isExecutable).distinct().toList();
  }

  private Path inEnvironment(Path folder) {
    return machine.isWindows()
        ? folder.resolve("Scripts").resolve("python.exe")
        : folder.resolve("bin").resolve("python");
  }

  private Path inConda(Path folder) {
    return machine.isWindows() ? folder.resolve("python.exe") : inEnvironment(folder);
  }

  /** What a Python's PyTorch is used by, if it is the right one. */
  private Map<String, String> torchOf(Path python) {
    String[] found =
        run(List.of(python.toString(), "-"), script()).orElse("").strip().split("\\|", -1);
    // version, CUDA's version, folder of the libraries, folder of CUDA's runtime
    if (found.length < 4 || !found[0].split("\\+")[0].equals(VERSION) || found[1].isEmpty()) {
      return Map.of();
    }
    return Map.of(
        "PYTORCH_LIBRARY_PATH",
        found[2],
        "PYTORCH_VERSION",
        VERSION,
        "PYTORCH_FLAVOR",
        FLAVOR,
        "runtime",
        found[3]);
  }

  private static String script() {
    try (InputStream in =
        Objects.requireNonNull(GpuLibraries.class.getResourceAsStream(SCRIPT), SCRIPT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(SCRIPT + " cannot be read from the library's jar", e);
    }
  }

  /** What a program says, given a text; nothing if it fails. */
  private static Optional<String> run(List<String> command, String text) {
    ProcessBuilder program =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = program.start();
      try (OutputStream out = process.getOutputStream()) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      // It says a few lines, fewer than a pipe holds.
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      if (process.exitValue() != 0) {
        return Optional.empty();
      }
      return Optional.of(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
