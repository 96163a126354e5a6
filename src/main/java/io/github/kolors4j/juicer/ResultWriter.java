package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.image.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a recipe's result: {@code result.jsonl} (or {@code .json}, one list; or {@code .csv}, the
 * {@code metadata.csv} of a training) and, beside it, the statistics of the kept samples in {@code
 * result_stats.jsonl}. A file appears when it is complete.
 */
final class ResultWriter {
  private static final String STATISTICS = "__dj__stats__";

  private final Path result;
  private final Recipe recipe;
  private final ResultJson columns;

  /** {@code columns} knows the fields of all samples that were read, of rejected ones too. */
  ResultWriter(Path result, Recipe recipe, ResultJson columns) {
    this.result = result;
    this.recipe = recipe;
    this.columns = columns;
  }

  /** Refuses an {@code export_path} that cannot be written, before any work is done. */
  static void requireKnownEnding(Recipe recipe) {
    if (!recipe.exportPath().matches("(?s).*\\.(jsonl|json|csv)")) {
      throw new RecipeException(
          "The recipe's export_path "
              + recipe.exportPath()
              + " must end in .jsonl, .json or .csv.");
    }
  }

  void write(List<Sample> kept) {
    boolean measured = recipe.process().stream().anyMatch(Filter.class::isInstance);
    List<JsonObject> statistics = kept.stream().map(ResultWriter::statistics).toList();
    List<JsonObject> lines = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      JsonObject line = new JsonObject();
      kept.get(i).fields().entrySet().forEach(field -> line.add(field.getKey(), field.getValue()));
      if (measured && recipe.export().keepStatistics()) {
        line.add(STATISTICS, statistics.get(i).get(STATISTICS));
      }
      if (recipe.export().keepHashes()) {
        kept.get(i).hashes().forEach(line::addProperty);
      }
      columns.add(line);
      lines.add(line);
    }
    try {
      if (recipe.export().shardSize() > 0) {
        writeShards(lines);
      } else {
        write(result, lines);
      }
      if (measured) {
        ResultJson writer = ResultJson.forLines(statistics);
        AtomicFile.write(
            Path.of(withoutEnding(result.toString()) + "_stats.jsonl"),
            out -> writeLines(out, statistics, writer));
      }
    } catch (IOException e) {
      throw new RecipeException(
          "The result " + result + " cannot be written: " + e.getMessage(), e);
    }
  }

  private void write(Path file, List<JsonObject> lines) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          if (ending().equals(".csv")) {
            writeCsv(out, lines);
          } else if (ending().equals(".json")) {
            writeList(out, lines);
          } else {
            writeLines(out, lines, columns);
          }
        });
  }

  private static void writeLines(OutputStream out, List<JsonObject> lines, ResultJson writer)
      throws IOException {
    for (String line : writer.write(lines)) {
      out.write(bytes(line + "\n"));
    }
  }

  private void writeList(OutputStream out, List<JsonObject> lines) throws IOException {
    String separator = "[";
    for (String line : columns.write(lines)) {
      out.write(bytes(separator + line));
      separator = ",";
    }
    out.write(bytes(lines.isEmpty() ? "[]\n" : "]\n"));
  }

  /** The columns {@code file_name,text}, in UTF-8 with a byte order mark, as pandas writes them. */
  private void writeCsv(OutputStream out, List<JsonObject> lines) throws IOException {
    out.write(bytes("\ufefffile_name,text\n"));
    for (JsonObject line : lines) {
      Sample sample = new Sample(0, line, recipe.textKeys().get(0), recipe.imageKey());
      String picture =
          sample.pictures().isEmpty()
              ? ""
              : result.getParent().relativize(sample.pictures().get(0)).toString();
      out.write(bytes(Juiced.csvCell(picture) + "," + Juiced.csvCell(sample.text()) + "\n"));
    }
  }

  /** Files {@code result-00-of-03.jsonl}, …, none larger than asked for unless one line is. */
  private void writeShards(List<JsonObject> lines) throws IOException {
    List<List<JsonObject>> shards = new ArrayList<>();
    long size = Long.MAX_VALUE;
    List<String> written = columns.write(lines);
    for (int i = 0; i < lines.size(); i++) {
      long bytes = bytes(written.get(i)).length + 1L;
      if (size > recipe.export().shardSize() - bytes) {
        shards.add(new ArrayList<>());
        size = 0;
      }
      size += bytes;
      shards.get(shards.size() - 1).add(lines.get(i));
    }
    int digits = String.valueOf(shards.size()).length() + 1;
    String number = "%0" + digits + "d";
    for (int i = 0; i < shards.size(); i++) {
      String name =
          String.format(
              Locale.ROOT, "-" + number + "-of-" + number + "%s", i, shards.size(), ending());
      write(Path.of(withoutEnding(result.toString()) + name), shards.get(i));
    }
  }

  private static JsonObject statistics(Sample sample) {
    JsonObject values = new JsonObject();
    sample.statistics().forEach(values::add);
    JsonObject line = new JsonObject();
    line.add(STATISTICS, values);
    return line;
  }

  private String ending() {
    return result.toString().substring(withoutEnding(result.toString()).length());
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
