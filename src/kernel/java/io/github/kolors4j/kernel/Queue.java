package io.github.kolors4j.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zeromq.ZMQ;

/**
 * The requests that wait behind a cell that failed. Cells among them are answered with the status
 * {@code aborted}, everything else is done, in the order in which they came (ipykernel's {@code
 * Kernel._abort_queues}).
 */
final class Queue {
  /** Run All sends its cells one by one: they have all come when none has for so long. */
  private static final long QUIET_MILLIS = 100;

  private static final long MOST_MILLIS = 2_000;
  private static final long LOOK_EVERY_MILLIS = 5;

  private final ShellReplyEnvironment failed;
  private final JupyterConnection connection;

  private Queue(ShellReplyEnvironment failed, JupyterConnection connection) {
    this.failed = failed;
    this.connection = connection;
  }

  /**
   * What waits behind a request, on the channel that it came by.
   *
   * @param failed the request's, which is not yet answered
   */
  static Queue of(ShellReplyEnvironment failed, JupyterConnection connection) {
    return new Queue(failed, connection);
  }

  /** Answers the request that failed, then all that had come until then. */
  void abort() {
    List<Message<?>> waiting = waiting(failed.getShell());
    failed.resolveDeferrals();
    waiting.forEach(this::answer);
  }

  /** Nobody who waits for the failed request's answer can be among them: it is sent afterwards. */
  private static List<Message<?>> waiting(JupyterSocket shell) {
    List<Message<?>> waiting = new ArrayList<>();
    long now = System.nanoTime();
    long most = now + MOST_MILLIS * 1_000_000;
    long until = now + QUIET_MILLIS * 1_000_000;
    while (now < Math.min(until, most)) {
      if ((shell.getEvents() & ZMQ.Poller.POLLIN) != 0) {
        waiting.add(shell.readMessage());
        until = System.nanoTime() + QUIET_MILLIS * 1_000_000;
      } else {
        pause();
      }
      now = System.nanoTime();
    }
    return waiting;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Message<?> message) {
    ShellReplyEnvironment environment =
        connection.prepareReplyEnv((ShellChannel) failed.getShell(), message);
    try {
      if (message.getHeader().getType() == MessageType.EXECUTE_REQUEST) {
        environment.setBusyDeferIdle();
        environment.defer().reply(aborted(message));
      } else {
        handle(message, environment);
      }
    } finally {
      environment.resolveDeferrals();
    }
    if (environment.isMarkedForShutdown()) {
      connection.close();
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // as IJava's channel calls its handlers
  private void handle(Message<?> message, ShellReplyEnvironment environment) {
    ShellHandler handler = connection.getHandler((MessageType) message.getHeader().getType());
    if (handler == null) {
      return;
    }
    try {
      handler.handle(environment, message);
    } catch (Exception e) {
      System.err.println("The kernel could not answer " + message.getHeader().getType() + ": " + e);
    }
  }

  /** IJava's own class of this answer does not know the status. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Message<?> aborted(Message<?> request) {
    return new Message(
        request, (MessageType) MessageType.EXECUTE_REPLY, Map.of("status", "aborted"));
  }
}
