package io.github.kolors4j.kernel;

import java.util.Map;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.zeromq.ZMQ;

/** A {@link Queue}'s channel, in JJava's classes. */
record JJavaChannel(ShellChannel shell, JupyterConnection connection)
    implements Queue.Channel<Message<?>, ShellReplyEnvironment> {

  @Override
  public boolean hasNext() {
    return (shell.getEvents() & ZMQ.Poller.POLLIN) != 0;
  }

  @Override
  public Message<?> next() {
    return shell.readMessage();
  }

  @Override
  public boolean isCell(Message<?> request) {
    return request.getHeader().getType() == MessageType.EXECUTE_REQUEST;
  }

  @Override
  public ShellReplyEnvironment begin(Message<?> request) {
    return connection.prepareReplyEnv(shell, request);
  }

  /** The kernel's own class of this answer does not know the status. */
  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  public void abort(Message<?> request, ShellReplyEnvironment answer) {
    answer.setBusyDeferIdle();
    MessageType type = MessageType.EXECUTE_REPLY;
    answer.defer().reply(new Message(request, type, Map.of("status", "aborted")));
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // as the kernel's channel calls its handlers
  public void handle(Message<?> request, ShellReplyEnvironment answer) throws Exception {
    ShellHandler handler = connection.getHandler((MessageType) request.getHeader().getType());
    if (handler != null) {
      handler.handle(answer, request);
    }
  }

  @Override
  public void finish(ShellReplyEnvironment answer) {
    answer.resolveDeferrals();
    if (answer.isMarkedForShutdown()) {
      connection.close();
    }
  }
}
