package io.github.kolors4j.internal.launch;

import io.github.kolors4j.internal.hub.JavaNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a program with the library does first, before the tensor library is loaded or anything
 * connects: it looks at the machine and sets what Java and DJL are to know. What was set by hand
 * stays, and what is always the same stands in {@code environment/java.options}.
 */
public final class ProgramStart {
  /** The property with the folder of the notebook that a kernel serves. */
  public static final String NOTEBOOK_FOLDER = "kolors4j.notebook.folder";

  private ProgramStart() {}

  /** For a command, or any program that is started with the library. */
  public static void ofCommand() {
    Machine machine = Machine.here();
    JavaNetwork.use(machine.environment());
    home(machine)
        .ifPresent(
            home ->
                new GpuLibraries(machine, home)
                    .properties(System.err::println)
                    .forEach(ProgramStart::set));
  }

  /**
   * For a notebook's kernel. Its notebook's folder, where Jupyter starts it, is {@link
   * #NOTEBOOK_FOLDER} afterwards; its own is what {@code -Duser.dir} says.
   *
   * @return to be waited for before the first cell
   */
  public static Thread ofKernel() {
    ofCommand();
    Machine machine = Machine.here();
    if (machine.variable("OMP_NUM_THREADS").isEmpty()) {
      // PyTorch by itself takes half of the processors where they are threads of a core.
      set(
          "ai.djl.pytorch.num_threads",
          Integer.toString(Runtime.getRuntime().availableProcessors()));
    }
    // What the system is asked through is loaded meanwhile.
    Thread entering = new Thread(() -> enterFolder(machine), "kolors4j-working-folder");
    entering.start();
    return entering;
  }

  private static void enterFolder(Machine machine) {
    Path folder = Path.of("").toAbsolutePath();
    try {
      WorkingFolder working = new WorkingFolder(machine);
      working.now().ifPresent(notebook -> set(NOTEBOOK_FOLDER, notebook.toString()));
      if (!working.enter(folder)) {
        System.err.println("The kernel cannot go to the folder " + folder + ".");
      }
    } catch (LinkageError e) {
      System.err.println(
          "The kernel cannot go to the folder "
              + folder
              + " ("
              + e
              + "): paths of java.io, unlike those of java.nio.file, are relative to the notebook.");
    }
  }

  /**
   * Runs a program in a second Java, if the environment asks for what this one takes no more.
   *
   * @return how it ended, or nothing if this process is to go on
   * @throws IOException if Java cannot be started
   */
  public static OptionalInt again(Class<?> mainClass, String[] arguments) throws IOException {
    String characters = System.getProperty("sun.jnu.encoding", "UTF-8");
    return new StartedAgain(Machine.here(), characters).run(mainClass.getName(), arguments);
  }

  private static Optional<Path> home(Machine machine) {
    return Optional.ofNullable(System.getProperty("kolors4j.home"))
        .or(() -> machine.variable("KOLORS4J_HOME"))
        .map(Path::of);
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
