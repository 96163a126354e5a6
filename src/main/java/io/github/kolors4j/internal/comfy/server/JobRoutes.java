package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /jobs}: what waits, is run and has been, in one list. */
final class JobRoutes {
  private final PromptQueue queue;
  private final ClientSockets sockets;

  JobRoutes(PromptQueue queue, ClientSockets sockets) {
    this.queue = queue;
    this.sockets = sockets;
  }

  void addTo(Router router) {
    router
        .get("/jobs", this::list)
        .post("/jobs/cancel", this::cancelAll)
        .get("/jobs/{id}", this::one)
        .post("/jobs/{id}/cancel", this::cancel);
  }

  private Answer list(Call call) {
    List<String> statuses = statuses(call);
    String sortBy = call.queried("sort_by").orElse("created_at").toLowerCase(Locale.ROOT);
    String order = call.queried("sort_order").orElse("desc").toLowerCase(Locale.ROOT);
    if (!List.of("created_at", "execution_duration").contains(sortBy)) {
      throw badRequest("sort_by must be 'created_at' or 'execution_duration'");
    }
    if (!List.of("asc", "desc").contains(order)) {
      throw badRequest("sort_order must be 'asc' or 'desc'");
    }
    List<JsonObject> jobs = new ArrayList<>(jobs(statuses));
    call.queried("workflow_id")
        .filter(id -> !id.isEmpty())
        .ifPresent(
            id -> jobs.removeIf(job -> !Json.text(job, "workflow_id").orElse("").equals(id)));
    sort(jobs, sortBy, order);
    int limit = limit(call).orElse(jobs.size());
    int offset = offset(call);
    int from = Math.min(offset, jobs.size());
    List<JsonObject> page = jobs.subList(from, from + Math.min(limit, jobs.size() - from));
    JsonObject pagination =
        Json.object(
            "offset",
            offset,
            "limit",
            limit,
            "total",
            jobs.size(),
            "has_more",
            from + page.size() < jobs.size());
    return Answer.json(Json.object("jobs", page, "pagination", pagination));
  }

  private static List<String> statuses(Call call) {
    List<String> wanted =
        Arrays.stream(call.queried("status").orElse("").split(","))
            .map(status -> status.strip().toLowerCase(Locale.ROOT))
            .filter(status -> !status.isEmpty())
            .toList();
    List<String> unknown = wanted.stream().filter(status -> !Jobs.ALL.contains(status)).toList();
    if (!unknown.isEmpty()) {
      throw badRequest(
          "Invalid status value(s): %s. Valid values: %s"
              .formatted(String.join(", ", unknown), String.join(", ", Jobs.ALL)));
    }
    return wanted.isEmpty() ? Jobs.ALL : wanted;
  }

  /** From the one that was queued last to the first, before they are sorted. */
  private List<JsonObject> jobs(List<String> statuses) {
    List<JsonObject> jobs = new ArrayList<>();
    if (statuses.contains(Jobs.IN_PROGRESS)) {
      queue.running().ifPresent(prompt -> jobs.add(Jobs.waiting(prompt, Jobs.IN_PROGRESS)));
    }
    if (statuses.contains(Jobs.PENDING)) {
      queue.pending().forEach(prompt -> jobs.add(Jobs.waiting(prompt, Jobs.PENDING)));
    }
    for (JsonObject job : queue.ended()) {
      if (statuses.contains(job.get("status").getAsString())) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  private static void sort(List<JsonObject> jobs, String sortBy, String order) {
    Comparator<JsonObject> byKey =
        sortBy.equals("created_at")
            ? Comparator.comparingLong(job -> time(job, "create_time"))
            : Comparator.comparingLong(JobRoutes::duration);
    // Stable, as Python's sorted(…, reverse=…): those that are equal keep their order.
    jobs.sort(order.equals("desc") ? Collections.reverseOrder(byKey) : byKey);
  }

  private static long time(JsonObject job, String name) {
    return job.get(name) instanceof JsonPrimitive time && time.isNumber() ? time.getAsLong() : 0;
  }

  private static long duration(JsonObject job) {
    long start = time(job, "execution_start_time");
    long end = time(job, "execution_end_time");
    return start == 0 || end == 0 ? 0 : end - start;
  }

  private static Optional<Integer> limit(Call call) {
    Optional<Integer> limit = whole(call, "limit");
    if (limit.isPresent() && limit.get() <= 0) {
      throw badRequest("limit must be a positive integer");
    }
    return limit;
  }

  private static int offset(Call call) {
    return Math.max(0, whole(call, "offset").orElse(0));
  }

  private static Optional<Integer> whole(Call call, String name) {
    try {
      return call.queried(name).map(Integer::valueOf);
    } catch (NumberFormatException e) {
      throw badRequest(name + " must be an integer");
    }
  }

  private static Refusal badRequest(String message) {
    return Refusal.json(Answer.BAD_REQUEST, message);
  }

  private Answer one(Call call) throws IOException {
    String id = call.parameter("id");
    Optional<JsonObject> ended = queue.ended(id);
    if (ended.isPresent()) {
      Optional<JsonObject> entry = queue.files().readHistory(id);
      if (entry.isPresent()) {
        return Answer.json(Jobs.detailed(ended.get(), entry.get()));
      }
    }
    Optional<JsonObject> job =
        queue
            .running()
            .filter(prompt -> prompt.id().equals(id))
            .map(prompt -> Jobs.waiting(prompt, Jobs.IN_PROGRESS))
            .or(
                () ->
                    queue.pending().stream()
                        .filter(prompt -> prompt.id().equals(id))
                        .findFirst()
                        .map(prompt -> Jobs.waiting(prompt, Jobs.PENDING)));
    Optional<JsonArray> item = job.isPresent() ? queue.files().readItem(id) : Optional.empty();
    if (item.isEmpty()) {
      throw Refusal.json(Answer.NOT_FOUND, "Job not found");
    }
    return Answer.json(Jobs.detailed(job.orElseThrow(), item.get()));
  }

  private Answer cancel(Call call) throws IOException {
    boolean isCancelled = queue.cancel(call.parameter("id"));
    if (isCancelled) {
      sockets.sendStatus();
    }
    return Answer.json(Json.object("cancelled", isCancelled));
  }

  private Answer cancelAll(Call call) throws IOException {
    if (!(call.json() instanceof JsonObject wanted
        && wanted.get("job_ids") instanceof JsonArray ids)) {
      throw badRequest("job_ids must be a list");
    }
    List<String> wellFormed = new ArrayList<>();
    JsonArray invalid = new JsonArray();
    for (JsonElement id : ids) {
      Optional<String> text = Json.text(id).filter(PromptRoutes::isCanonicalUuid);
      text.ifPresentOrElse(wellFormed::add, () -> invalid.add(Json.text(id).orElse(id.toString())));
    }
    if (!invalid.isEmpty()) {
      return Answer.json(
          Answer.BAD_REQUEST,
          Json.object("error", "job_ids contains invalid id(s)", "invalid_ids", invalid));
    }
    JsonArray cancelled = new JsonArray();
    for (String id : wellFormed) {
      if (queue.cancel(id)) {
        cancelled.add(id);
      }
    }
    sockets.sendStatus();
    return Answer.json(Json.object("cancelled", cancelled));
  }
}
