package io.github.kolors4j.internal.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import io.github.kolors4j.KolorsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where all tensors come from: DJL's engine for PyTorch. Of PyTorch itself, the library names no
 * build for one system to those who depend on it; where none is on the class path, what to add is
 * said here, before DJL looks for one in the network.
 */
public final class PyTorch {
  private static final String NAME = "PyTorch";
  private static final String GROUP = "ai.djl.pytorch";
  private static final String ARTIFACT = "pytorch-native-cpu";

  /** The systems that DJL publishes PyTorch for, as classifiers. */
  private static final List<String> SYSTEMS =
      List.of("linux-x86_64", "linux-aarch64", "osx-aarch64", "win-x86_64");

  /** By these DJL is told which PyTorch to take: whoever sets one knows. */
  private static final List<String> SETTINGS =
      List.of("PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR");

  private static volatile boolean found;

  private PyTorch() {}

  /**
   * The engine.
   *
   * @throws KolorsException if PyTorch is not there for this machine; the message has the line to
   *     add
   */
  public static Engine engine() {
    if (!found) {
      missing()
          .ifPresent(
              platform -> {
                throw new KolorsException(advice(platform.getClassifier(), platform.getVersion()));
              });
      found = true;
    }
    return Engine.getEngine(NAME);
  }

  /** A new owner of arrays, on a GPU if there is one. The caller closes it. */
  public static NDManager manager() {
    return engine().newBaseManager();
  }

  /** A new owner of arrays on a device. The caller closes it. */
  public static NDManager manager(Device device) {
    return engine().newBaseManager(device);
  }

  /**
   * The build for this machine that the class path lacks, as Maven's resolver writes it ({@code
   * group:artifact:jar:classifier:version}); empty if PyTorch is there or DJL publishes none for
   * this machine.
   */
  public static Optional<String> missingArtifact() {
    return missing()
        .filter(platform -> SYSTEMS.contains(platform.getClassifier()))
        .map(
            platform ->
                String.join(
                    ":", GROUP, ARTIFACT, "jar", platform.getClassifier(), platform.getVersion()));
  }

  /**
   * This machine, if there is no PyTorch for it: neither on the class path nor where DJL keeps what
   * it has downloaded.
   */
  private static Optional<Platform> missing() {
    if (SETTINGS.stream().anyMatch(name -> Utils.getEnvOrSystemProperty(name) != null)) {
      return Optional.empty();
    }
    Platform platform = Platform.detectPlatform("pytorch");
    Path downloaded =
        Utils.getEngineCacheDir("pytorch")
            .resolve(
                String.join(
                    "-", platform.getVersion(), platform.getFlavor(), platform.getClassifier()))
            .resolve(System.mapLibraryName("torch"));
    return platform.isPlaceholder() && !Files.exists(downloaded)
        ? Optional.of(platform)
        : Optional.empty();
  }

  /**
   * What to do without PyTorch.
   *
   * @param system DJL's classifier of it
   * @param version of PyTorch
   */
  static String advice(String system, String version) {
    if (!SYSTEMS.contains(system)) {
      return "DJL has no PyTorch %s for this machine, %s, but for %s. Where you have one of your own, the environment variable PYTORCH_LIBRARY_PATH names its folder."
          .formatted(version, system, String.join(", ", SYSTEMS));
    }
    String coordinates = String.join(":", GROUP, ARTIFACT, version, system);
    String dependency =
        Stream.of(
                element("groupId", GROUP),
                element("artifactId", ARTIFACT),
                element("version", version),
                element("classifier", system),
                element("scope", "runtime"))
            .reduce("", String::concat);
    return """
        PyTorch for this machine, %s, is not on the class path. Add this line to the dependencies in pom.xml:
          %s
        or to those of Gradle: runtimeOnly("%s"). Or let DJL download it once, with a network: \
        ai.djl.engine.Engine.getEngine("PyTorch") before anything else."""
        .formatted(system, element("dependency", dependency), coordinates);
  }

  private static String element(String name, String content) {
    return "<" + name + ">" + content + "</" + name + ">";
  }
}
