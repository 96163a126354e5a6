package io.github.kolors4j.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A reply's body as it arrives: to a sink, never more than expected, and with the time of the last
 * bytes, so that a connection that stalls can be told from a slow one.
 */
final class Received implements BodySubscriber<byte[]> {
  /** Where bytes go. */
  @FunctionalInterface
  interface Sink {
    /** Takes everything that remains in the buffer. */
    void write(ByteBuffer bytes) throws IOException;
  }

  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private final Sink sink;
  private final @Nullable ByteArrayOutputStream text;
  private Flow.@Nullable Subscription subscription;
  private long room;
  private boolean closed;
  private volatile long lastBytes = System.nanoTime();

  private Received(Sink sink, @Nullable ByteArrayOutputStream text, long room) {
    this.sink = sink;
    this.text = text;
    this.room = room;
  }

  /** A body that is handed on; its result is empty. */
  static Received to(Sink sink, long atMost) {
    return new Received(sink, null, atMost);
  }

  /** A body that is kept. */
  static Received kept(int atMost) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    return new Received(
        bytes -> {
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(copy);
          text.writeBytes(copy);
        },
        text,
        atMost);
  }

  long lastBytes() {
    return lastBytes;
  }

  /** After this nothing more is handed on. */
  synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    if (closed) {
      newSubscription.cancel();
    } else {
      newSubscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> buffers) {
    lastBytes = System.nanoTime();
    for (ByteBuffer buffer : buffers) {
      if (closed) {
        return;
      }
      room -= buffer.remaining();
      if (room < 0) {
        close();
        result.completeExceptionally(new TooMuch());
        return;
      }
      try {
        sink.write(buffer);
      } catch (IOException | RuntimeException e) {
        close();
        result.completeExceptionally(new SinkFailure(e));
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    result.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    result.complete(text == null ? new byte[0] : text.toByteArray());
  }

  /** The server sends more than it announced. */
  static final class TooMuch extends Exception {
    TooMuch() {
      super("the server sends more bytes than the file has");
    }
  }

  /** The bytes arrived and could not be put away: no fault of the server's. */
  static final class SinkFailure extends Exception {
    SinkFailure(Throwable cause) {
      super(cause);
    }
  }
}
