package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.dataset.StrictJson;
import io.github.kolors4j.internal.dataset.TextLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file with one object a line; or with one list, as data-juicer reads it, too. */
record JsonLines(Path file, Recipe recipe) implements RowSource {
  @Override
  public void read(Consumer<Row> sink) throws IOException {
    boolean list = false;
    try (CountedText text = new CountedText(file, recipe.encoding())) {
      TextLines lines = new TextLines(text.reader(), file);
      boolean first = true;
      for (String line = lines.next(); line != null && !list; line = lines.next()) {
        String json = line.strip();
        if (!json.isEmpty()) {
          int number = lines.number();
          list = first && json.startsWith("[");
          first = false;
          if (!list) {
            sink.accept(new Row(number, json.length(), text.share(), () -> object(number, json)));
          }
        }
      }
    }
    if (list) {
      new JsonRows(file, recipe).read(sink);
    }
  }

  private JsonObject object(int number, String json) {
    try {
      JsonElement element = StrictJson.parse(json);
      if (element instanceof JsonObject object) {
        return object;
      }
      throw RowSource.damaged(file, number, recipe, json);
    } catch (StrictJson.Malformed e) {
      throw RowSource.damaged(
          file,
          number,
          recipe,
          json + ": " + e.getMessage() + ". A file of objects over several lines ends in .json.");
    }
  }
}
