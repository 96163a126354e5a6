package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The files of a result. They are written aside, and put into place when all of them are complete,
 * so that a full disk or a killed run leaves an older result as it was, and never half a new one.
 */
final class ResultFiles implements AutoCloseable {
  private static final String MOVES = "moves";
  private static final String REMOVALS = "removals";
  private static final int BUFFER = 1 << 16;

  /** How a file is opened for writing. */
  @FunctionalInterface
  interface Opening {
    OutputStream open(Path file) throws IOException;
  }

  private final Opening opening;
  private final Map<Path, Path> aside = new LinkedHashMap<>();
  private final Set<Path> outdated = new LinkedHashSet<>();

  /** No files yet. */
  ResultFiles(Opening opening) {
    this.opening = opening;
  }

  /**
   * Writes a file aside.
   *
   * @throws RecipeException if the disk refuses
   */
  void write(Path target, AtomicFile.Content content) {
    try {
      Files.createDirectories(target.getParent());
      Path part = AsideName.newFile(target);
      aside.put(target, part);
      try (OutputStream out = new BufferedOutputStream(opening.open(part), BUFFER)) {
        content.writeTo(out);
      }
    } catch (UncheckedIOException e) {
      throw refused(target, Objects.requireNonNull(e.getCause(), "always there"));
    } catch (IOException e) {
      throw refused(target, e);
    }
  }

  /** Deletes a file of an earlier result, when the others are put into place. */
  void remove(Path target) {
    outdated.add(target);
  }

  /**
   * Puts all files into place. The steps are written down before the first is made, so that {@link
   * #finish} can make those that a killed run has left. Older files of the result go first: there
   * is never one beside a newer one that it does not belong to.
   *
   * @param result the file that the others belong to
   */
  void putIntoPlace(Path result) {
    Path folder = folder(result);
    Path steps = steps(result);
    try {
      JsonObject written = new JsonObject();
      JsonObject moves = new JsonObject();
      aside.forEach(
          (target, part) ->
              moves.addProperty(
                  folder.relativize(part).toString(), folder.relativize(target).toString()));
      JsonArray removals = new JsonArray();
      outdated.forEach(file -> removals.add(folder.relativize(file).toString()));
      written.add(MOVES, moves);
      written.add(REMOVALS, removals);
      AtomicFile.writeText(steps, written.toString());
    } catch (IOException e) {
      throw refused(result, e);
    }
    aside.clear();
    finish(result);
  }

  /** Where a result lies, whose path is absolute. */
  static Path folder(Path result) {
    return Objects.requireNonNull(result.getParent(), "a result is a file in a folder");
  }

  private static Path steps(Path result) {
    return AsideName.withEnding(result, ".steps");
  }

  /**
   * Makes the steps that are left of a run that was killed while it put its files into place, so
   * that its result is there as a whole; otherwise nothing.
   */
  static void finish(Path result) {
    Path folder = folder(result);
    Path steps = steps(result);
    Path at = result;
    try {
      if (!Files.isRegularFile(steps)) {
        return;
      }
      JsonObject written = SampleBytes.parse(Files.readString(steps));
      Map<Path, Path> moves = new LinkedHashMap<>();
      for (Map.Entry<String, JsonElement> move : written.getAsJsonObject(MOVES).entrySet()) {
        Path part = inside(folder, move.getKey());
        if (Files.exists(part)) {
          moves.put(part, inside(folder, move.getValue().getAsString()));
        }
      }
      for (JsonElement removal : written.getAsJsonArray(REMOVALS)) {
        at = inside(folder, removal.getAsString());
        Files.deleteIfExists(at);
      }
      for (Path target : moves.values()) {
        at = target;
        if (!target.equals(result)) {
          Files.deleteIfExists(target);
        }
      }
      for (Map.Entry<Path, Path> move : moves.entrySet()) {
        at = move.getValue();
        AtomicFile.putIntoPlace(move.getKey(), at);
      }
      at = steps;
      Files.delete(steps);
    } catch (IOException e) {
      throw refused(at, e);
    }
  }

  /** The steps are a file that anyone could have put there. */
  private static Path inside(Path folder, String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException(name + " leads out of its folder");
    }
    return file;
  }

  private static RecipeException refused(Path target, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new RecipeException(
        "The result %s cannot be written: %s. The data set is as it was, and so is an earlier result, if there is one."
            .formatted(target, reason),
        e);
  }

  /** Deletes what was written aside and not put into place. */
  @Override
  public void close() {
    for (Path part : aside.values()) {
      delete(part);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // The next run tries again.
    }
  }
}
