package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.image.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what operators changed, as data-juicer's tracer does with {@code open_tracer: true}: into
 * {@code trace/filter-NAME.jsonl} the samples that a filter or selector threw out, into {@code
 * trace/mapper-NAME.jsonl} texts before and after, into {@code trace/duplicate-NAME.jsonl} pairs of
 * samples that are alike.
 */
final class Tracer {
  private final Path folder;
  private final Recipe.Tracing tracing;

  /** The folder {@code trace} lies beside the result. */
  Tracer(Path result, Recipe.Tracing tracing) {
    this.folder = result.resolveSibling("trace");
    this.tracing = tracing;
  }

  boolean traces(Operator operator) {
    return tracing.traces(operator);
  }

  void rejected(Operator operator, List<Sample> samples) {
    write(
        "filter-",
        operator,
        samples.stream().limit(tracing.samples()).map(Sample::fields).toList());
  }

  /** {@code before} and {@code after} have the texts of the same samples. */
  void mapped(Operator operator, List<String> before, List<String> after) {
    List<JsonObject> changes = new ArrayList<>();
    for (int i = 0; i < before.size() && changes.size() < tracing.samples(); i++) {
      if (!before.get(i).equals(after.get(i))) {
        JsonObject change = new JsonObject();
        change.addProperty("original text", before.get(i));
        change.addProperty("processed_text", after.get(i));
        changes.add(change);
      }
    }
    write("mapper-", operator, changes);
  }

  /** One pair for each original that was repeated. */
  void duplicates(Operator operator, List<Sample> samples, int[] originals) {
    List<JsonObject> pairs = new ArrayList<>();
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < originals.length && pairs.size() < tracing.samples(); i++) {
      if (originals[i] != i && !seen.contains(originals[i])) {
        seen.add(originals[i]);
        JsonObject pair = new JsonObject();
        pair.add("dup1", samples.get(originals[i]).fields());
        pair.add("dup2", samples.get(i).fields());
        pairs.add(pair);
      }
    }
    write("duplicate-", operator, pairs);
  }

  private void write(String kind, Operator operator, List<JsonObject> lines) {
    if (lines.isEmpty()) {
      return;
    }
    String text = String.join("\n", ResultJson.forLines(lines).write(lines)) + "\n";
    Path file = folder.resolve(kind + operator.name() + ".jsonl");
    try {
      AtomicFile.writeText(file, text);
    } catch (IOException e) {
      throw new RecipeException("The trace " + file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
