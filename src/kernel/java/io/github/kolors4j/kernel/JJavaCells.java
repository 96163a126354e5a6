package io.github.kolors4j.kernel;

import java.lang.reflect.Field;
import java.util.Optional;
import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;

/**
 * Makes a running JJava end cells as {@link NotebookKernel} does in IJava: those behind a failed or
 * interrupted one do not run, an interrupt is not lost, and an interrupted cell is waited for.
 *
 * <p>JJava has no place for this: the handlers of two requests are wrapped, and where the
 * connection is not known it is read from a private field.
 */
final class JJavaCells {
  /** How JJava calls the threads that run cells. */
  private static final String CELL_THREADS = "jjava-exec-";

  private final BaseKernel kernel;
  private final JupyterConnection connection;
  private final Cells cells = new Cells(CELL_THREADS);

  private JJavaCells(BaseKernel kernel, JupyterConnection connection) {
    this.kernel = kernel;
    this.connection = connection;
  }

  /** From the next cell on; call it once for a kernel, after it has set its handlers. */
  static void guard(BaseKernel kernel, JupyterConnection connection) {
    var guard = new JJavaCells(kernel, connection);
    var executing = connection.getHandler(MessageType.EXECUTE_REQUEST);
    connection.setHandler(
        MessageType.EXECUTE_REQUEST, (answer, cell) -> guard.execute(executing, answer, cell));
    var interrupting = connection.getHandler(MessageType.INTERRUPT_REQUEST);
    connection.setHandler(
        MessageType.INTERRUPT_REQUEST,
        (answer, request) -> {
          interrupting.handle(answer, request);
          guard.cells.interrupt(kernel::interrupt);
        });
    guard.endBetweenStatements();
  }

  /**
   * The connection of a kernel that runs a cell; empty between cells, and while it starts.
   *
   * @throws ReflectiveOperationException if this JJava differs
   */
  static Optional<JupyterConnection> connectionOf(BaseKernel kernel)
      throws ReflectiveOperationException {
    if (!kernel.getIO().isAttached()) {
      return Optional.empty();
    }
    Object out = field(kernel.getIO(), "jupyterOut");
    var answer = (ShellReplyEnvironment) field(out, "env");
    return Optional.of((JupyterConnection) field(answer.getShell(), "connection"));
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  private void execute(
      ShellHandler<ExecuteRequest> executing,
      ShellReplyEnvironment environment,
      Message<ExecuteRequest> cell) {
    var answer = new JJavaAnswer(environment, cells);
    environment.defer(answer::resolveDeferrals);
    cells.run(
        () -> {
          try {
            executing.handle(answer, cell);
          } catch (StackOverflowError | LinkageError | AssertionError e) {
            // JJava's thread ends by it, and the notebook waits for ever.
            answer.fail(new IllegalStateException("The cell's value cannot be shown: " + e, e));
          }
        });
    if (answer.hasFailed() && cell.getContent().shouldStopOnError()) {
      var channel = new JJavaChannel((ShellChannel) environment.getShell(), connection);
      new Queue<>(channel).abort(environment);
    }
  }

  /** JShell tells after each statement of a cell, and what is thrown then ends the cell. */
  private void endBetweenStatements() {
    try {
      var shell = (JShell) kernel.getClass().getMethod("getJShell").invoke(kernel);
      var interruption =
          Class.forName(
                  "org.dflib.jjava.kernel.execution." + JJavaAnswer.INTERRUPTED,
                  true,
                  kernel.getClass().getClassLoader())
              .asSubclass(RuntimeException.class)
              .getConstructor(String.class);
      shell.onSnippetEvent(
          event -> {
            if (cells.isInterrupted()) {
              throw made(interruption, event.snippet().source().strip());
            }
          });
    } catch (ReflectiveOperationException e) {
      System.err.println(
          "kolors4j: this JJava differs from 1.0a8: an interrupt between two statements of a cell may be"
              + " lost ("
              + e
              + ").");
    }
  }

  private static RuntimeException made(
      java.lang.reflect.Constructor<? extends RuntimeException> constructor, String source) {
    try {
      return constructor.newInstance(source);
    } catch (ReflectiveOperationException e) {
      return new IllegalStateException("Evaluation interrupted.", e);
    }
  }
}
