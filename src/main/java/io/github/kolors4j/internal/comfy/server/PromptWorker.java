package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ExecutionListener.Failure;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that runs prompts, one after another. Models are loaded here and nowhere else, so
 * that no request waits for them.
 */
final class PromptWorker implements AutoCloseable {
  private static final long STOPPING_MILLIS = 20_000;

  private final PromptQueue queue;
  private final ClientSockets sockets;
  private final Supplier<PromptRunner> runners;
  private final Consumer<String> notices;
  private final Thread thread = new Thread(this::work, "comfy-worker");
  private volatile @Nullable PromptRunner runner;
  private volatile boolean isClosing;
  private volatile boolean freeModels;
  private volatile boolean freeResults;

  /**
   * @param runners makes the runner, on the worker's thread, when the first prompt comes
   */
  PromptWorker(
      PromptQueue queue,
      ClientSockets sockets,
      Supplier<PromptRunner> runners,
      Consumer<String> notices) {
    this.queue = queue;
    this.sockets = sockets;
    this.runners = runners;
    this.notices = notices;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Gives memory back when nothing is run. */
  void free(boolean models, boolean results) {
    freeModels |= models;
    freeResults |= results;
    queue.wake();
  }

  private void work() {
    try {
      while (!isClosing) {
        Optional<QueuedPrompt> next = queue.take(this::interrupt);
        freeIfWanted();
        if (next.isPresent()) {
          run(next.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      PromptRunner last = runner;
      if (last != null) {
        last.close();
      }
    }
  }

  private void interrupt() {
    PromptRunner now = runner;
    if (now != null) {
      now.interrupt();
    }
  }

  private void freeIfWanted() {
    PromptRunner now = runner;
    if (now != null && (freeModels || freeResults)) {
      boolean models = freeModels;
      boolean results = freeResults;
      freeModels = false;
      freeResults = false;
      now.free(models, results);
    }
  }

  private void run(QueuedPrompt prompt) {
    JsonArray item;
    try {
      item =
          queue
              .files()
              .readItem(prompt.id())
              .orElseThrow(() -> new IOException("its file is gone"));
      item.set(0, new com.google.gson.JsonPrimitive(Json.number(prompt.number())));
    } catch (IOException e) {
      String message = "The prompt could not be read from the queue: " + e.getMessage();
      notices.accept(message);
      JsonArray empty =
          Json.array(prompt.number(), prompt.id(), new JsonObject(), new JsonObject(), List.of());
      queue.finish(prompt, RunMessages.failedWithoutNode(prompt.id(), empty, message));
      return;
    }
    sockets.sendStatus();
    JsonObject extra = item.get(3).getAsJsonObject();
    RunMessages messages = new RunMessages(prompt, extra, sockets, this::interruptIfWanted);
    run(prompt, item, extra, messages);
    if (isClosing && messages.isInterrupted()) {
      queue.putBack(prompt);
    } else {
      queue.finish(prompt, messages.entry(item));
    }
    sockets.sendStatus();
    sockets.sendDone(prompt.clientId(), prompt.id());
  }

  private void run(QueuedPrompt prompt, JsonArray item, JsonObject extra, RunMessages messages) {
    Set<String> targets = new LinkedHashSet<>();
    for (JsonElement target : item.get(4).getAsJsonArray()) {
      targets.add(target.getAsString());
    }
    try {
      runner()
          .run(
              prompt.id(),
              item.get(2).getAsJsonObject(),
              Json.child(extra, "extra_pnginfo"),
              targets,
              messages);
      if (!messages.hasEnded()) {
        throw new IllegalStateException("The run ended without a word.");
      }
    } catch (RuntimeException | Error e) { // the next prompt is run whatever befell this one
      notices.accept("The prompt %s failed: %s".formatted(prompt.id(), e));
      if (!messages.hasEnded()) {
        messages.error(prompt.id(), failure(e, messages));
      }
    }
  }

  private static Failure failure(Throwable fault, RunMessages messages) {
    String message = String.valueOf(fault.getMessage());
    List<String> trace =
        java.util.Arrays.stream(fault.getStackTrace()).map(line -> "  at " + line + "\n").toList();
    return new Failure(
        "", "", messages.begun(), message, fault.getClass().getName(), trace, new JsonObject());
  }

  private PromptRunner runner() {
    PromptRunner made = runner;
    if (made == null) {
      made = runners.get();
      runner = made;
    }
    return made;
  }

  /** An interrupt may have come before the run could hear it. */
  private void interruptIfWanted() {
    if (queue.isInterrupted() || isClosing) {
      interrupt();
    }
  }

  /** Breaks off what is run, which the next server takes up again. */
  @Override
  public void close() {
    isClosing = true;
    queue.close();
    interrupt();
    try {
      thread.join(STOPPING_MILLIS);
      if (thread.isAlive()) {
        notices.accept("The prompt that is run did not end in time; the next start runs it again.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
