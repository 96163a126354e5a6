package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.PromptGraph.Box;
import io.github.kolors4j.internal.comfy.PromptGraph.Link;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.NotEnoughMemoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs prompts, one at a time, and keeps what unchanged nodes gave from one run to the next (after
 * ComfyUI's {@code execution.py}). Not for several threads at once, but for {@link #interrupt}.
 */
public final class PromptExecution implements AutoCloseable {
  /** What unneeded results may take, in bytes: an eighth of Java's memory, a gigabyte at most. */
  private static final long KEPT = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 8);

  private final NodeCatalogue catalogue;
  private final ModelShelf models;
  private final NodeResults results;
  private @Nullable String running;
  private volatile boolean interrupted;

  /** Runs prompts of these nodes. */
  public PromptExecution(NodeCatalogue catalogue) {
    this(catalogue, KEPT);
  }

  /**
   * @param kept how many bytes the results may take that no node needs at the moment
   */
  PromptExecution(NodeCatalogue catalogue, long kept) {
    this.catalogue = catalogue;
    results = new NodeResults(kept);
    models = new ModelShelf(KolorsPipeline.options(), ModelShelf.userCache());
  }

  /** How a run ended. */
  public enum Outcome {
    SUCCESS,
    ERROR,
    INTERRUPTED
  }

  /**
   * Runs a prompt that was found valid.
   *
   * @param prompt as ComfyUI's page posts it
   * @param extraPngInfo what goes into the pictures' files, such as {@code workflow}
   * @param targets ids of the output nodes to run; all that these need is run
   */
  public Outcome run(
      String promptId,
      JsonObject prompt,
      JsonObject extraPngInfo,
      Set<String> targets,
      ExecutionListener listener) {
    synchronized (this) {
      interrupted = false;
      running = promptId;
    }
    NodeRun.Surroundings around =
        new NodeRun.Surroundings(
            promptId,
            prompt,
            extraPngInfo,
            catalogue.folders(),
            models,
            listener,
            () -> interrupted);
    try {
      listener.start(promptId);
      return new OneRun(around, targets).run();
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  /** Ends the run at work, if there is one, within one sampler step; from any thread. */
  public synchronized void interrupt() {
    interrupted = running != null;
  }

  /**
   * Ends a run if it is the one at work.
   *
   * @return whether it is
   */
  public synchronized boolean interrupt(String promptId) {
    boolean atWork = promptId.equals(running);
    interrupted |= atWork;
    return atWork;
  }

  /**
   * Gives memory back (ComfyUI's {@code /free}). Not while a prompt is run.
   *
   * @param unload whether models are unloaded
   * @param forget whether kept results are forgotten
   */
  public void free(boolean unload, boolean forget) {
    if (forget) {
      results.close();
    }
    if (unload) {
      models.unload();
    }
  }

  /** Frees everything. */
  @Override
  public void close() {
    results.close();
    models.close();
  }

  /** How many results are kept. */
  int keptResults() {
    return results.size();
  }

  ModelShelf models() {
    return models;
  }

  /** One prompt on its way. */
  private final class OneRun {
    private final NodeRun.Surroundings around;
    private final Set<String> targets;
    private final Set<String> executed = new LinkedHashSet<>();
    private @Nullable Box current;
    private Map<String, Object> values = Map.of();

    OneRun(NodeRun.Surroundings around, Set<String> targets) {
      this.around = around;
      this.targets = targets;
    }

    Outcome run() {
      String id = around.promptId();
      try {
        runAll(new PromptGraph(around.prompt(), catalogue));
        around.listener().success(id);
        return Outcome.SUCCESS;
      } catch (StoppedException e) {
        Box box = current;
        around
            .listener()
            .interrupted(
                id,
                box == null ? "" : box.id(),
                box == null ? "" : box.type(),
                List.copyOf(executed));
        return Outcome.INTERRUPTED;
      } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError e) {
        if (e instanceof NotEnoughMemoryException || e instanceof OutOfMemoryError) {
          models.unload();
        }
        around.listener().error(id, failure(e));
        return Outcome.ERROR;
      }
    }

    private void runAll(PromptGraph graph) throws Exception {
      Signatures signatures = new Signatures(graph, targets, this::changes);
      Map<String, Integer> users = new HashMap<>();
      results.begin(new HashSet<>(signatures.all().values()), users.keySet());
      List<String> cached =
          graph.boxes().keySet().stream().filter(id -> results.has(signatures.of(id))).toList();
      around.listener().cached(around.promptId(), cached);
      List<Box> order = graph.inOrder(targets, id -> results.has(signatures.of(id)));
      for (Box box : order) {
        box.links().values().forEach(l -> users.merge(signatures.of(l.source()), 1, Integer::sum));
      }
      for (Box box : order) {
        current = box;
        String signature = signatures.of(box.id());
        NodeResults.Result result = results.get(signature);
        if (result == null) {
          stopIfWanted(box);
          result = execute(box, signatures);
          executed.add(box.id());
          results.put(signature, result);
        }
        if (result.shown() != null) {
          around.listener().executed(around.promptId(), box.id(), result.shown().deepCopy());
        }
        box.links()
            .values()
            .forEach(l -> users.computeIfPresent(signatures.of(l.source()), OneRun::oneLess));
        results.makeRoom();
      }
    }

    private static @Nullable Integer oneLess(String signature, int users) {
      return users == 1 ? null : users - 1;
    }

    private void stopIfWanted(Box box) {
      new NodeRun(box.id(), around).checkStopped();
    }

    /** What the node says of files and the like; a failure to say so lets it run. */
    private String changes(Box box) {
      try {
        NodeInputs constants = new NodeInputs(InputValues.constants(box));
        return box.node().changes(constants, new NodeRun(box.id(), around));
      } catch (Exception e) {
        return "unknown " + UUID.randomUUID();
      }
    }

    private NodeResults.Result execute(Box box, Signatures signatures) throws Exception {
      around.listener().executing(around.promptId(), box.id());
      values = InputValues.constants(box);
      Map<String, List<Object>> linked = new LinkedHashMap<>();
      int runs = 1;
      for (Map.Entry<String, Link> link : box.links().entrySet()) {
        List<Object> given = output(link.getValue(), signatures);
        linked.put(link.getKey(), given);
        runs = Math.max(runs, given.size());
      }
      List<List<Object>> outputs = new ArrayList<>();
      box.declaration().outputs().forEach(output -> outputs.add(new ArrayList<>()));
      NodeRun context = new NodeRun(box.id(), around);
      for (int i = 0; i < runs; i++) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        for (Map.Entry<String, List<Object>> entry : linked.entrySet()) {
          List<Object> given = entry.getValue();
          if (!given.isEmpty()) {
            all.put(entry.getKey(), given.get(Math.min(i, given.size() - 1)));
          }
        }
        values = all;
        add(box, call(box, new NodeInputs(all), context), outputs);
      }
      return new NodeResults.Result(outputs, context.shown().size() == 0 ? null : context.shown());
    }

    private List<Object> output(Link link, Signatures signatures) {
      NodeResults.Result source = results.get(signatures.of(link.source()));
      if (source == null || link.slot() < 0 || link.slot() >= source.outputs().size()) {
        throw new WorkflowException(
            "There is no output %d of node #%s.".formatted(link.slot(), link.source()));
      }
      return source.outputs().get(link.slot());
    }

    /** Under the eyes of the context, which stops it between a network's layers. */
    private static List<Object> call(Box box, NodeInputs inputs, NodeRun context) throws Exception {
      record Ended(@Nullable List<Object> values, @Nullable Exception failure) {}
      Ended ended =
          Work.watchedBy(
              context,
              () -> {
                try {
                  return new Ended(box.node().run(inputs, context), null);
                } catch (Exception e) {
                  return new Ended(null, e);
                }
              });
      if (ended.failure != null) {
        throw ended.failure;
      }
      return ended.values == null ? List.of() : ended.values;
    }

    private static void add(Box box, List<Object> given, List<List<Object>> outputs) {
      if (given.size() != outputs.size()) {
        throw new WorkflowException(
            "The node %s gave %d values, but declares %d outputs."
                .formatted(box.type(), given.size(), outputs.size()));
      }
      for (int slot = 0; slot < outputs.size(); slot++) {
        if (box.declaration().outputs().get(slot).list()) {
          outputs.get(slot).addAll((List<?>) given.get(slot));
        } else {
          outputs.get(slot).add(given.get(slot));
        }
      }
    }

    private ExecutionListener.Failure failure(Throwable e) {
      Box box = current;
      return new ExecutionListener.Failure(
          box == null ? "" : box.id(),
          box == null ? "" : box.type(),
          List.copyOf(executed),
          e.getMessage() == null ? e.toString() : e.getMessage(),
          e.getClass().getName(),
          traceback(e),
          shownInputs());
    }

    private static List<String> traceback(Throwable e) {
      List<String> lines = new ArrayList<>();
      Set<Throwable> seen = new HashSet<>();
      for (Throwable cause = e; cause != null && seen.add(cause); cause = cause.getCause()) {
        if (cause != e) {
          lines.add("Caused by: " + cause + "\n");
        }
        StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 30); i++) {
          lines.add("  at " + frames[i] + "\n");
        }
      }
      return lines;
    }

    private JsonObject shownInputs() {
      JsonObject json = new JsonObject();
      values.forEach(
          (name, value) -> {
            JsonArray one = new JsonArray();
            if (value instanceof Number number) {
              one.add(number);
            } else if (value instanceof Boolean flag) {
              one.add(flag);
            } else {
              String text = value.toString();
              one.add(text.length() > 1000 ? text.substring(0, 1000) + "…" : text);
            }
            json.add(name, one);
          });
      return json;
    }
  }
}
