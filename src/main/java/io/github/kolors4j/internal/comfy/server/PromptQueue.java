package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that wait, the one that is run, and those that have been. All of it is on disk, too:
 * what was accepted is run, whatever happens to this process. A prompt at which the process died is
 * run again, first of all; if it died at it twice, the prompt has failed.
 */
final class PromptQueue implements AutoCloseable {
  /** How often a prompt is begun that took the server down with it. */
  private static final int MOST_ATTEMPTS = 2;

  private final QueueFiles files;
  private final HistoryIndex history;
  private final int most;
  private final TreeSet<QueuedPrompt> pending = new TreeSet<>();
  private @Nullable QueuedPrompt running;
  private @Nullable Runnable stop;
  private @Nullable String begunBefore;
  private int begun;
  private int attempts;
  private boolean isInterrupted;
  private boolean isPaused;
  private boolean isReordered;
  private boolean isWoken;
  private boolean isClosed;
  private long nextSequence;
  private double nextNumber;

  /**
   * Takes up what is on disk.
   *
   * @param most prompts that may wait
   */
  PromptQueue(QueueFiles files, HistoryIndex history, int most) throws IOException {
    this.files = files;
    this.history = history;
    this.most = most;
    JsonObject state = files.readState();
    isPaused = Json.isTrue(state, "paused");
    takeUp(state);
  }

  private void takeUp(JsonObject state) throws IOException {
    Map<String, JsonArray> order = order(state);
    for (QueuedPrompt prompt : files.readPending()) {
      if (files.hasHistory(prompt.id())) {
        files.deletePending(prompt.id()); // it had ended
        continue;
      }
      JsonArray place = order.get(prompt.id());
      pending.add(
          place == null ? prompt : prompt.at(place.get(1).getAsDouble(), place.get(2).getAsLong()));
    }
    isReordered = !order.isEmpty();
    for (QueuedPrompt prompt : pending) {
      nextSequence = Math.max(nextSequence, prompt.sequence() + 1);
      nextNumber = Math.max(nextNumber, Math.floor(Math.abs(prompt.number())) + 1);
    }
    for (JsonObject job : history.jobs()) {
      double number =
          job.get("priority") instanceof JsonPrimitive value && value.isNumber()
              ? value.getAsDouble()
              : 0;
      nextNumber = Math.max(nextNumber, Math.floor(Math.abs(number)) + 1);
    }
    JsonObject last = Json.child(state, "running");
    Optional<QueuedPrompt> broken = find(Json.text(last, "id").orElse(""));
    if (broken.isPresent()) {
      takeUpBroken(
          broken.get(),
          last.get("attempts") instanceof JsonPrimitive number && number.isNumber()
              ? number.getAsInt()
              : 1);
    }
    if (!pending.isEmpty()) {
      files
          .notices()
          .accept(
              "%d prompt(s) wait from before%s."
                  .formatted(pending.size(), isPaused ? "; the queue is paused" : ""));
    }
  }

  private static Map<String, JsonArray> order(JsonObject state) {
    Map<String, JsonArray> order = new HashMap<>();
    if (state.get("order") instanceof JsonArray places) {
      for (JsonElement place : places) {
        order.put(place.getAsJsonArray().get(0).getAsString(), place.getAsJsonArray());
      }
    }
    return order;
  }

  private void takeUpBroken(QueuedPrompt prompt, int times) throws IOException {
    if (times >= MOST_ATTEMPTS) {
      String message =
          "The server ended %d times while it ran this prompt, so it is not tried again."
              .formatted(times);
      files.notices().accept(message + " Prompt: " + prompt.id());
      running = prompt;
      pending.remove(prompt);
      JsonArray item = files.readItem(prompt.id()).orElseThrow();
      finish(prompt, RunMessages.failedWithoutNode(prompt.id(), item, message));
      return;
    }
    begunBefore = prompt.id();
    begun = times;
    pending.remove(prompt);
    double first = pending.isEmpty() ? prompt.number() : pending.first().number();
    pending.add(prompt.at(Math.min(prompt.number(), first), -1));
    if (times > 0) {
      files
          .notices()
          .accept("The prompt %s is run again: the server ended at it.".formatted(prompt.id()));
    }
  }

  /**
   * Adds a prompt.
   *
   * @param id that none has or had
   * @param number where it is put; null behind all others
   * @param isFront before all others, if it has no number
   * @param item {@code [number, id, prompt, extra_data, outputs]}; the number is set here
   * @throws Refusal if too many wait, or the id is taken
   * @throws IOException if it cannot be kept; it is not run then
   */
  synchronized QueuedPrompt put(
      String id, @Nullable Double number, boolean isFront, long createTime, JsonArray item)
      throws IOException {
    if (pending.size() >= most) {
      throw Refusal.with(
          PromptErrors.answer(
              Answer.TOO_MANY,
              "queue_full",
              "Too many prompts wait",
              "%d prompts wait already; try again when some have been run".formatted(most)));
    }
    if (find(id).isPresent() || isRunning(id) || history.find(id).isPresent()) {
      throw Refusal.with(
          PromptErrors.answer(
              "invalid_prompt_id",
              "prompt_id is taken",
              "a prompt of this id was queued before; omit it to let the server generate one"));
    }
    double place = number == null ? isFront ? -nextNumber : nextNumber : number;
    item.set(0, new JsonPrimitive(Json.number(place)));
    JsonObject extra = item.get(3).getAsJsonObject();
    QueuedPrompt prompt =
        new QueuedPrompt(
            id,
            place,
            nextSequence,
            createTime,
            Json.text(extra, "client_id").orElse(null),
            Jobs.workflowId(extra).orElse(null));
    files.writePending(prompt, item);
    nextSequence++;
    nextNumber += number == null ? 1 : 0;
    pending.add(prompt);
    notifyAll();
    return prompt;
  }

  /**
   * Waits for the next prompt to run.
   *
   * @param stopRun ends the run from another thread
   * @return nothing if the queue was closed, or there is something else to do ({@link #wake})
   */
  synchronized Optional<QueuedPrompt> take(Runnable stopRun) throws InterruptedException {
    while (!isClosed && !isWoken && (isPaused || pending.isEmpty())) {
      wait();
    }
    isWoken = false;
    if (isClosed || isPaused || pending.isEmpty()) {
      return Optional.empty();
    }
    QueuedPrompt first = pending.pollFirst();
    running = first;
    stop = stopRun;
    isInterrupted = false;
    attempts = first.id().equals(begunBefore) ? begun + 1 : 1;
    writeState();
    return Optional.of(first);
  }

  /** Lets {@link #take} return, without a prompt if none can be run. */
  synchronized void wake() {
    isWoken = true;
    notifyAll();
  }

  /** The prompt has been run: from now on it is history. */
  synchronized void finish(QueuedPrompt prompt, JsonObject entry) {
    try {
      files.writeHistory(prompt.id(), entry);
      history.add(Jobs.ended(prompt.id(), entry));
      files.deletePending(prompt.id());
    } catch (IOException e) {
      files
          .notices()
          .accept("What came of the prompt %s could not be kept: %s".formatted(prompt.id(), e));
    }
    running = null;
    stop = null;
  }

  /** The run was broken off because the server ends: it is run again by the next. */
  synchronized void putBack(QueuedPrompt prompt) {
    running = null;
    stop = null;
    attempts = 0;
    pending.add(prompt);
    writeState(Json.object("id", prompt.id(), "attempts", 0));
  }

  /** Whether the run that is told to end had not begun to listen. */
  synchronized boolean isInterrupted() {
    return isInterrupted;
  }

  /**
   * Ends the prompt that is run.
   *
   * @param id only if it is this one; null for whichever it is
   * @return whether there was one to end
   */
  synchronized boolean interrupt(@Nullable String id) {
    QueuedPrompt now = running;
    Runnable end = stop;
    if (now == null || end == null || id != null && !now.id().equals(id)) {
      return false;
    }
    isInterrupted = true;
    end.run();
    return true;
  }

  /** Takes a prompt that waits off the queue; false if none of that id waits. */
  synchronized boolean remove(String id) throws IOException {
    Optional<QueuedPrompt> prompt = find(id);
    if (prompt.isPresent()) {
      files.deletePending(id);
      pending.remove(prompt.get());
    }
    return prompt.isPresent();
  }

  /** Takes all that wait off. */
  synchronized void clear() throws IOException {
    for (QueuedPrompt prompt : List.copyOf(pending)) {
      remove(prompt.id());
    }
  }

  /** Ends or takes off a prompt, whichever it is at; false if it waits no more, or never did. */
  synchronized boolean cancel(String id) throws IOException {
    return remove(id) || interrupt(id);
  }

  synchronized void pause(boolean wanted) {
    isPaused = wanted;
    writeState();
    notifyAll();
  }

  synchronized boolean isPaused() {
    return isPaused;
  }

  /**
   * Moves a prompt that waits; the others keep their order.
   *
   * @param place from 0, the next to run; the last if there are not so many
   * @return false if none of that id waits
   */
  synchronized boolean move(String id, int place) {
    Optional<QueuedPrompt> moved = find(id);
    if (moved.isEmpty()) {
      return false;
    }
    List<QueuedPrompt> places = new ArrayList<>(pending);
    List<QueuedPrompt> order = new ArrayList<>(pending);
    order.remove(moved.get());
    order.add(Math.min(place, order.size()), moved.get());
    pending.clear();
    for (int i = 0; i < order.size(); i++) {
      pending.add(order.get(i).at(places.get(i).number(), places.get(i).sequence()));
    }
    isReordered = true;
    writeState();
    return true;
  }

  private Optional<QueuedPrompt> find(String id) {
    return pending.stream().filter(prompt -> prompt.id().equals(id)).findFirst();
  }

  private boolean isRunning(String id) {
    return running != null && running.id().equals(id);
  }

  private void writeState() {
    QueuedPrompt now = running;
    writeState(now == null ? null : Json.object("id", now.id(), "attempts", attempts));
  }

  private void writeState(@Nullable JsonObject run) {
    JsonArray order = new JsonArray();
    if (isReordered) {
      pending.forEach(
          prompt ->
              order.add(Json.array(prompt.id(), Json.number(prompt.number()), prompt.sequence())));
    }
    try {
      files.writeState(Json.object("paused", isPaused, "running", run, "order", order));
    } catch (IOException e) {
      files.notices().accept("The state of the queue could not be kept: " + e);
    }
  }

  /** The prompts that wait, the next first. */
  synchronized List<QueuedPrompt> pending() {
    return List.copyOf(pending);
  }

  synchronized Optional<QueuedPrompt> running() {
    return Optional.ofNullable(running);
  }

  /** How many wait or are run. */
  synchronized int remaining() {
    return pending.size() + (running == null ? 0 : 1);
  }

  /** The jobs that have been run, from the one that ended first. */
  synchronized List<JsonObject> ended() {
    return history.jobs();
  }

  synchronized Optional<JsonObject> ended(String id) {
    return history.find(id);
  }

  synchronized void forget(String id) throws IOException {
    history.forget(id);
  }

  synchronized void forgetAll() throws IOException {
    for (String id : history.ids()) {
      history.forget(id);
    }
  }

  QueueFiles files() {
    return files;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
  }
}
