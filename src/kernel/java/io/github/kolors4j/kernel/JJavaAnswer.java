package io.github.kolors4j.kernel;

import java.lang.reflect.Field;
import java.util.List;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.messages.ContentType;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;

/** The answer to one cell in JJava, which notes whether the cell failed. */
final class JJavaAnswer extends ShellReplyEnvironment {
  /** JJava's exception of an interrupted cell, by which the cell is reported. */
  static final String INTERRUPTED = "EvaluationInterruptedException";

  private final Cells cells;
  private int cell;
  private boolean failed;

  /**
   * In place of another answer to the same request.
   *
   * @param cells waited for when this one was interrupted, before it is said so
   */
  JJavaAnswer(ShellReplyEnvironment other, Cells cells) {
    super((ShellChannel) other.getShell(), stdin(other), other.getIopub(), other.getContext());
    this.cells = cells;
  }

  private static StdinChannel stdin(ShellReplyEnvironment answer) {
    try {
      Field stdin = ShellReplyEnvironment.class.getDeclaredField("stdin");
      stdin.setAccessible(true);
      return (StdinChannel) stdin.get(answer);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JJava differs from 1.0a8: " + e, e);
    }
  }

  boolean hasFailed() {
    return failed;
  }

  /** Answers that the cell has failed, as JJava does. */
  void fail(Exception reason) {
    publish(PublishError.of(reason, exception -> List.of(String.valueOf(exception.getMessage()))));
    ErrorReply error = ErrorReply.of(reason);
    error.setExecutionCount(cell);
    defer().replyError(ExecuteReply.MESSAGE_TYPE.error(), error);
  }

  @Override
  public <T extends ContentType<T>> void publish(T content) {
    if (content instanceof PublishExecuteInput input) {
      cell = input.getCount();
    }
    if (content instanceof PublishError error) {
      failed = true;
      if (error.getErrorName().equals(INTERRUPTED)) {
        cells.awaitEnd();
      }
    }
    super.publish(content);
  }
}
