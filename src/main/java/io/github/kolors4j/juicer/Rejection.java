package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;

/**
 * A sample that was thrown out.
 *
 * @param sample the sample, with the statistics computed up to then
 * @param operator the operator's name
 * @param reason the value, the bound it broke, and the reason in words
 */
public record Rejection(Sample sample, String operator, Reason reason) {
  private static final String SAMPLE = "sample";

  /** Whether the operator could not read the picture, so that no bound was broken. */
  public boolean isUnreadable() {
    return Reason.READABLE.equals(reason.bound());
  }

  /** As a line of the file of rejections. */
  JsonObject toJson() {
    JsonObject line = new JsonObject();
    line.addProperty("line", sample.line());
    line.addProperty("operator", operator);
    line.addProperty("value", reason.value());
    line.addProperty("bound", reason.bound());
    line.addProperty("reason", reason.chinese());
    line.addProperty("reason_en", reason.english());
    line.add(SAMPLE, finite(sample.fields()));
    if (!sample.statistics().isEmpty()) {
      line.add(Sample.STATISTICS, SampleBytes.object(sample.statistics()));
    }
    return line;
  }

  /** JSON of other programs has no NaN and no infinity: they are null, as in a result. */
  private static JsonElement finite(JsonElement value) {
    if (value instanceof JsonObject object) {
      JsonObject made = new JsonObject();
      object.entrySet().forEach(entry -> made.add(entry.getKey(), finite(entry.getValue())));
      return made;
    }
    if (value instanceof JsonArray list) {
      JsonArray made = new JsonArray();
      list.forEach(item -> made.add(finite(item)));
      return made;
    }
    boolean infinite =
        value instanceof JsonPrimitive number
            && number.isNumber()
            && !Double.isFinite(number.getAsDouble())
            && number.getAsNumber() instanceof Double;
    return infinite ? JsonNull.INSTANCE : value;
  }

  /** The rejection that a line of the file stands for. */
  static Rejection fromJson(JsonObject line, String textKey, String imageKey) {
    Sample sample =
        new Sample(
            -1, line.get("line").getAsInt(), line.getAsJsonObject(SAMPLE), textKey, imageKey);
    if (line.get(Sample.STATISTICS) instanceof JsonObject statistics) {
      statistics.entrySet().forEach(e -> sample.statistics().put(e.getKey(), e.getValue()));
    }
    Reason reason =
        new Reason(
            text(line, "value"),
            text(line, "bound"),
            text(line, "reason"),
            text(line, "reason_en"));
    return new Rejection(sample, text(line, "operator"), reason);
  }

  private static String text(JsonObject line, String field) {
    return line.get(field).getAsString();
  }

  @Override
  public String toString() {
    return "第 "
        + sample.line()
        + " 行 (line "
        + sample.line()
        + "): "
        + operator
        + ": "
        + reason.chinese()
        + " ("
        + reason.english()
        + ")";
  }
}
