package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Sample;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a recipe's result: {@code result.jsonl} (or {@code .json}, one list; or {@code .parquet};
 * or {@code .csv}, the {@code metadata.csv} of a training) and, beside it, the statistics of the
 * kept samples in {@code result_stats.jsonl}, and all rejections in {@code result_rejected.jsonl}.
 *
 * <p>The samples are gone through several times, a thousand at a time: their fields must be known
 * before the first is written.
 */
final class ResultWriter {
  /** Of samples that are worked on together. */
  private static final long MOST_BYTES = 1 << 23;

  private final Path result;
  private final Recipe recipe;
  private final Columns columns;
  private final ExecutorService threads;
  private final SampleBytes format;
  private final boolean measured;
  private final boolean rowByRow;

  /** {@code columns} knows the fields of all samples that were read, of rejected ones too. */
  ResultWriter(Path result, Recipe recipe, Columns columns, ExecutorService threads) {
    this.result = result;
    this.recipe = recipe;
    this.columns = columns;
    this.threads = threads;
    this.format = new SampleBytes(recipe);
    this.measured = recipe.process().stream().anyMatch(Filter.class::isInstance);
    this.rowByRow = isFilteredLast(recipe, columns);
  }

  /** Data-juicer's mappers copy a data set, its filters (also the first, for text) number it. */
  private static boolean isFilteredLast(Recipe recipe, Columns columns) {
    List<Operator> process = recipe.process();
    return process.isEmpty()
        ? !columns.fields().containsKey(recipe.imageKey())
        : !(process.get(process.size() - 1) instanceof Mapper);
  }

  /** Refuses an {@code export_path} that cannot be written, before any work is done. */
  static void requireKnownEnding(Recipe recipe) {
    if (!recipe.exportPath().matches("(?s).*\\.(jsonl|json|csv|parquet)")) {
      throw new RecipeException(
          "The recipe's export_path "
              + recipe.exportPath()
              + " must end in .jsonl, .json, .csv or .parquet.");
    }
  }

  /** The names of the files that a result consists of. */
  static Pattern names(Path result) {
    String name = result.getFileName().toString();
    return Pattern.compile(
        Pattern.quote(withoutEnding(name))
            + "(_stats|_rejected|-\\d+-of-\\d+)?\\."
            + "(jsonl|json|csv|parquet)(\\.steps)?");
  }

  /**
   * Writes everything aside.
   *
   * @param dataset the files that were read, which stay
   */
  void write(
      StoredSamples kept, Iterable<Spool> rejections, ResultFiles files, List<Path> dataset) {
    Columns statistics = describe(kept);
    Set<Path> written = new HashSet<>(dataset);
    if (recipe.export().shardSize() > 0) {
      written.addAll(writeShards(kept, files));
    } else {
      files.write(result, out -> write(out, kept, 0, kept.size()));
      written.add(result);
    }
    Path ofStatistics = beside("_stats.jsonl");
    if (measured) {
      files.write(ofStatistics, out -> writeStatistics(out, kept, statistics));
    } else if (!dataset.contains(ofStatistics)) {
      files.remove(ofStatistics);
    }
    writeRejections(rejections, files);
    removeOlderShards(written, files);
  }

  /** Those of an earlier run, or its whole file where there are shards now. */
  private void removeOlderShards(Set<Path> written, ResultFiles files) {
    Pattern names =
        Pattern.compile(
            Pattern.quote(withoutEnding(result.getFileName().toString()))
                + "(-\\d+-of-\\d+)?"
                + Pattern.quote(ending()));
    try (Stream<Path> entries = Files.list(result.getParent())) {
      entries
          .filter(file -> names.matcher(file.getFileName().toString()).matches())
          .filter(file -> !written.contains(file))
          .forEach(files::remove);
    } catch (IOException e) {
      throw new RecipeException(
          "The folder of the result " + result + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** What has been learned of a thousand samples. */
  private record Description(Columns lines, Columns statistics) {}

  /** Completes the fields of the lines, and returns those of the statistics. */
  private Columns describe(StoredSamples kept) {
    boolean sameFields =
        !recipe.export().keepStatistics()
            && !recipe.export().keepHashes()
            && recipe.process().stream().noneMatch(Mapper.class::isInstance);
    Columns statistics = new Columns();
    eachThousand(
        kept,
        0,
        kept.size(),
        samples -> {
          Description described = new Description(new Columns(), new Columns());
          for (byte[] sample : samples) {
            if (!sameFields) {
              described.lines().add(line(format.read(sample)));
            }
            if (measured) {
              described.statistics().add(statistics(sample));
            }
          }
          return described;
        },
        described -> {
          columns.add(described.lines());
          statistics.add(described.statistics());
        });
    return statistics;
  }

  /** Lines {@code from} to {@code to} as a file. */
  private void write(OutputStream out, StoredSamples kept, int from, int to) throws IOException {
    switch (ending()) {
      case ".parquet" -> writeParquet(out, kept, from, to);
      case ".csv" -> {
        out.write(bytes("\ufefffile_name,text\n"));
        eachThousand(kept, from, to, this::csv, text -> write(out, text));
      }
      case ".json" -> {
        String[] separator = {"["};
        eachThousandLines(
            kept,
            from,
            to,
            lines -> bytes(String.join(",", lines)),
            text -> {
              write(out, bytes(separator[0]));
              write(out, text);
              separator[0] = ",";
            });
        out.write(bytes(from == to ? "[]\n" : "]\n"));
      }
      default -> eachThousandLines(kept, from, to, ResultWriter::linesOf, text -> write(out, text));
    }
  }

  private List<JsonObject> lines(List<byte[]> samples) {
    return samples.stream().map(format::read).map(this::line).toList();
  }

  private void writeParquet(OutputStream out, StoredSamples kept, int from, int to)
      throws IOException {
    try (ParquetLines parquet = new ParquetLines(out, columns)) {
      eachThousand(
          kept,
          from,
          to,
          this::lines,
          lines -> {
            try {
              for (JsonObject line : lines) {
                parquet.write(line);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /**
   * The columns {@code file_name,text}, in UTF-8 with a byte order mark, as pandas writes them. A
   * picture that lies elsewhere than in the result's folder has its whole path: so a training finds
   * it, and whoever reads such a table need not follow paths that lead out of its folder.
   */
  private byte[] csv(List<byte[]> samples) {
    StringBuilder text = new StringBuilder();
    for (byte[] bytes : samples) {
      Sample sample = format.read(bytes);
      text.append(csvCell(csvName(sample), sample)).append(',');
      text.append(csvCell(sample.requireText(), sample)).append('\n');
    }
    return bytes(text.toString());
  }

  private String csvName(Sample sample) {
    if (sample.pictures().isEmpty()) {
      return "";
    }
    Path folder = ResultFiles.folder(result);
    Path picture = sample.pictures().get(0).toAbsolutePath().normalize();
    return (picture.startsWith(folder) ? folder.relativize(picture) : picture).toString();
  }

  private static String csvCell(String text, Sample sample) {
    if (text.indexOf('\0') >= 0) {
      throw new RecipeException(
          "Line %d has a zero byte in a text, which no CSV file can hold. Export to .jsonl, or take such characters out with remove_specific_chars_mapper."
              .formatted(sample.line()));
    }
    return JuicerResult.csvCell(text);
  }

  private void writeStatistics(OutputStream out, StoredSamples kept, Columns statistics) {
    eachThousandLines(
        kept,
        0,
        kept.size(),
        new ResultJson(statistics, rowByRow),
        ResultWriter::statistics,
        ResultWriter::linesOf,
        text -> write(out, text));
  }

  private void writeRejections(Iterable<Spool> rejections, ResultFiles files) {
    Path file = beside("_rejected.jsonl");
    int count = 0;
    for (Spool spool : rejections) {
      count += spool.size();
    }
    if (count == 0) {
      files.remove(file);
      return;
    }
    files.write(
        file,
        out -> {
          for (Spool spool : rejections) {
            for (int i = 0; i < spool.size(); i++) {
              out.write(spool.get(i));
              out.write('\n');
            }
          }
        });
  }

  /** Files {@code result-00-of-03.jsonl}, …, none larger than asked for unless one line is. */
  private Set<Path> writeShards(StoredSamples kept, ResultFiles files) {
    List<Integer> starts = new ArrayList<>();
    long[] size = {Long.MAX_VALUE};
    int[] line = {0};
    eachThousandLines(
        kept,
        0,
        kept.size(),
        lines -> lines.stream().map(text -> bytes(text).length + 1).toList(),
        lengths -> {
          for (int length : lengths) {
            if (size[0] > recipe.export().shardSize() - length) {
              starts.add(line[0]);
              size[0] = 0;
            }
            size[0] += length;
            line[0]++;
          }
        });
    int digits = String.valueOf(starts.size()).length() + 1;
    String name = "-%0" + digits + "d-of-%0" + digits + "d%s";
    Set<Path> shards = new HashSet<>();
    for (int i = 0; i < starts.size(); i++) {
      int from = starts.get(i);
      int to = i + 1 < starts.size() ? starts.get(i + 1) : kept.size();
      Path shard = beside(String.format(Locale.ROOT, name, i, starts.size(), ending()));
      files.write(shard, out -> write(out, kept, from, to));
      shards.add(shard);
    }
    return shards;
  }

  /**
   * Several threads take up to a thousand samples each, fewer if they are large; what they make of
   * them comes in order.
   */
  private <T> void eachThousand(
      StoredSamples kept, int from, int to, Function<List<byte[]>, T> work, Consumer<T> sink) {
    OrderedTasks<T> tasks = new OrderedTasks<>(threads, 2 * recipe.threads(), sink);
    int start = from;
    while (start < to) {
      List<byte[]> samples = some(kept, start, Math.min(start + ResultJson.BATCH, to));
      tasks.submit(size(samples), () -> work.apply(samples));
      start += samples.size();
    }
    tasks.finish();
  }

  /** Same, of the lines of a result. */
  private <T> void eachThousandLines(
      StoredSamples kept, int from, int to, Function<List<String>, T> work, Consumer<T> sink) {
    ResultJson writer = new ResultJson(columns, rowByRow);
    eachThousandLines(kept, from, to, writer, s -> line(format.read(s)), work, sink);
  }

  /**
   * Same. How a line is written depends on the others of its thousand; if they are too large to be
   * in memory together, they are gone through twice, one by one.
   */
  private <T> void eachThousandLines(
      StoredSamples kept,
      int from,
      int to,
      ResultJson writer,
      Function<byte[], JsonObject> line,
      Function<List<String>, T> work,
      Consumer<T> sink) {
    OrderedTasks<T> tasks = new OrderedTasks<>(threads, 2 * recipe.threads(), sink);
    for (int start = from; start < to; start += ResultJson.BATCH) {
      int end = Math.min(start + ResultJson.BATCH, to);
      List<byte[]> samples = some(kept, start, end);
      if (samples.size() == end - start) {
        tasks.submit(
            size(samples), () -> work.apply(writer.write(samples.stream().map(line).toList())));
        continue;
      }
      tasks.finish();
      Set<Columns> incomplete = ResultJson.noColumns();
      for (int i = start; i < end; i++) {
        writer.lookForNulls(line.apply(kept.bytes(i)), incomplete);
      }
      for (int i = start; i < end; i++) {
        String text = writer.write(line.apply(kept.bytes(i)), incomplete);
        sink.accept(work.apply(List.of(text)));
      }
    }
    tasks.finish();
  }

  /** Samples from {@code start} on, at least one, until they are large. */
  private static List<byte[]> some(StoredSamples kept, int start, int end) {
    List<byte[]> samples = new ArrayList<>();
    long size = 0;
    for (int i = start; i < end && size < MOST_BYTES; i++) {
      samples.add(kept.bytes(i));
      size += samples.get(samples.size() - 1).length;
    }
    return samples;
  }

  private static long size(List<byte[]> samples) {
    return samples.stream().mapToLong(sample -> sample.length).sum();
  }

  private JsonObject line(Sample sample) {
    return recipe.line(
        sample, measured && recipe.export().keepStatistics(), recipe.export().keepHashes());
  }

  private static JsonObject statistics(byte[] sample) {
    JsonObject line = new JsonObject();
    line.add(Sample.STATISTICS, SampleBytes.statistics(sample));
    return line;
  }

  private Path beside(String ending) {
    return Path.of(withoutEnding(result.toString()) + ending);
  }

  private String ending() {
    return result.toString().substring(withoutEnding(result.toString()).length());
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] linesOf(List<String> lines) {
    return bytes(lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
