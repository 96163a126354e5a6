package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.dataset.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A file with a list of objects, or objects one after the other. A list of texts is one of objects
 * with these as their {@code text}, as in data-juicer.
 */
record JsonRows(Path file, Recipe recipe) implements RowSource {
  @Override
  public void read(Consumer<Row> sink) throws IOException {
    try (CountedText text = new CountedText(file, recipe.encoding());
        StrictJson json = new StrictJson(text.reader())) {
      boolean more = json.advance();
      boolean list = more && json.atList();
      if (list) {
        more = json.advance();
      }
      while (more && !(list && json.atEndOfList())) {
        int line = json.line();
        JsonObject row = row(json.value(), line);
        sink.accept(new Row(line, text.sinceLast(), text.share(), () -> row));
        more = json.advance();
      }
      if (list && !more) {
        throw RowSource.damaged(file, json.line(), recipe, "the list has no end");
      }
      if (list && json.advance()) {
        throw RowSource.damaged(file, json.line(), recipe, "something behind the end of the list");
      }
    } catch (StrictJson.Malformed e) {
      throw RowSource.damaged(
          file, e.line(), recipe, Objects.requireNonNull(e.getMessage(), "what is malformed"));
    }
  }

  private JsonObject row(JsonElement element, int line) {
    if (element instanceof JsonObject object) {
      return object;
    }
    if (element instanceof JsonPrimitive primitive && primitive.isString()) {
      JsonObject row = new JsonObject();
      row.add("text", primitive);
      return row;
    }
    throw RowSource.damaged(file, line, recipe, element.toString());
  }
}
