package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file with a list of objects, or objects one after the other. */
record JsonRows(Path file, Recipe recipe) implements RowSource {
  @Override
  public void read(Consumer<Row> sink) throws IOException {
    try (CountedText text = new CountedText(file);
        JsonReader in = new JsonReader(text.reader())) {
      in.setStrictness(Strictness.LENIENT);
      boolean list;
      try {
        list = in.peek() == JsonToken.BEGIN_ARRAY;
      } catch (EOFException e) {
        return; // An empty file: the caller says so.
      }
      if (list) {
        in.beginArray();
      }
      int number = 0;
      for (JsonObject row = next(in, list, 1); row != null; row = next(in, list, number + 1)) {
        JsonObject fields = row;
        sink.accept(new Row(++number, text.sinceLast(), text.share(), () -> fields));
      }
    }
  }

  /** The next object; null at the end. */
  private JsonObject next(JsonReader in, boolean list, int number) throws IOException {
    try {
      if (list ? !in.hasNext() : in.peek() == JsonToken.END_DOCUMENT) {
        return null;
      }
      JsonElement row = JsonParser.parseReader(in);
      if (row.isJsonObject()) {
        return row.getAsJsonObject();
      }
      throw RowSource.damaged(file, number, recipe, row.toString());
    } catch (JsonParseException | MalformedJsonException | EOFException e) {
      throw RowSource.damaged(file, number, recipe, String.valueOf(e.getMessage()));
    }
  }
}
