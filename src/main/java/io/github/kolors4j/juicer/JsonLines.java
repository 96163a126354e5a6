package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file with one object a line. */
record JsonLines(Path file, Recipe recipe) implements RowSource {
  @Override
  public void read(Consumer<Row> sink) throws IOException {
    try (CountedText text = new CountedText(file)) {
      int number = 0;
      for (String line = text.reader().readLine(); line != null; line = text.reader().readLine()) {
        int row = ++number;
        String json = line;
        if (!json.isBlank()) {
          sink.accept(new Row(row, json.length(), text.share(), () -> object(row, json)));
        }
      }
    }
  }

  private JsonObject object(int number, String json) {
    try {
      return JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw RowSource.damaged(file, number, recipe, json);
    }
  }
}
