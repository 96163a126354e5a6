package io.github.kolors4j.pipeline;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.files.ForeignJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text by which the Stable Diffusion web UI and programs after it say how a picture was drawn:
 * a prompt, {@code Negative prompt: …}, and a line {@code Steps: 20, Sampler: Euler a, …}.
 *
 * @param prompt what to draw
 * @param negative what to avoid, or null
 * @param settings by their names, as they are written
 */
record WebUiText(String prompt, @Nullable String negative, Map<String, String> settings) {
  private static final String NEGATIVE = "Negative prompt:";

  /** Fewer settings are words of a prompt, in the web UI as well. */
  private static final int LEAST_SETTINGS = 3;

  /** A longer line is a prompt's; looking for settings in it would take long. */
  private static final int LONGEST_SETTINGS = 20_000;

  private static final Pattern NAME = Pattern.compile("\\s*(\\w[\\w \\-/]{0,60}+):\\s*");

  static WebUiText parse(String text) {
    String[] lines = text.strip().split("\n");
    Map<String, String> settings = new LinkedHashMap<>();
    int end = lines.length;
    // Extensions write lines of their own behind the settings.
    for (int i = lines.length - 1; i >= 0 && settings.isEmpty(); i--) {
      boolean last = i == lines.length - 1;
      Map<String, String> found = settings(lines[i].replaceFirst("[,\\s]+$", ""));
      if (found.size() >= LEAST_SETTINGS && (last || found.containsKey("Steps"))) {
        settings.putAll(found);
        end = i;
      }
    }
    for (int i = end + 1; i < lines.length; i++) {
      Matcher name = NAME.matcher(lines[i]);
      if (name.lookingAt()) {
        settings.putIfAbsent(name.group(1).strip(), lines[i].substring(name.end()).strip());
      } else {
        settings.merge("", lines[i].strip(), (before, more) -> before + "\n" + more);
      }
    }
    StringBuilder positive = new StringBuilder();
    StringBuilder negative = null;
    for (int i = 0; i < end; i++) {
      String line = lines[i].strip();
      if (negative == null && line.startsWith(NEGATIVE)) {
        negative = new StringBuilder(line.substring(NEGATIVE.length()).strip());
      } else {
        StringBuilder part = negative == null ? positive : negative;
        part.append(part.isEmpty() ? "" : "\n").append(line);
      }
    }
    return new WebUiText(
        positive.toString(), negative == null ? null : negative.toString(), settings);
  }

  /** {@code Name: value, Name: value}; a comma that no name follows belongs to the value. */
  private static Map<String, String> settings(String line) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (line.length() > LONGEST_SETTINGS) {
      return settings;
    }
    Matcher name = NAME.matcher(line);
    int at = 0;
    while (at < line.length() && name.region(at, line.length()).lookingAt()) {
      int end = end(line, name.end());
      while (end < line.length() && !name.region(end + 1, line.length()).lookingAt()) {
        end = end(line, end + 1);
      }
      name.region(at, line.length()).lookingAt();
      settings.put(name.group(1).strip(), unquoted(line.substring(name.end(), end).strip()));
      at = end + 1;
    }
    return settings;
  }

  /** The next comma that is neither within quotes nor within brackets, or the line's end. */
  private static int end(String line, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == ',' && depth == 0) {
        return i;
      } else {
        quoted = c == '"' && (depth > 0 || line.substring(from, i).isBlank());
        depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        depth = Math.max(0, depth);
      }
    }
    // A bracket or quote that is never closed is a letter like others.
    int comma = line.indexOf(',', from);
    return depth == 0 && !quoted || comma < 0 ? line.length() : comma;
  }

  private static String unquoted(String value) {
    if (!value.startsWith("\"")) {
      return value;
    }
    try {
      return ForeignJson.parse(value, JsonElement::getAsString);
    } catch (ForeignJson.Malformed e) {
      return value; // as it is
    }
  }
}
