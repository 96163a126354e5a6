package io.github.kolors4j.pipeline;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PngText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a picture was drawn from, as its PNG file says.
 *
 * <p>A file has it twice: under the keyword {@value #WEB_UI_KEY} as the line of text that the
 * Stable Diffusion web UI introduced and other programs read, and under {@value #KEY} as JSON, from
 * which every value is read back exactly. (The keywords {@code prompt} and {@code workflow} are
 * ComfyUI's, which expects a program of nodes there.)
 *
 * @param prompt texts, seed, size, sampler; without the picture that image-to-image started from
 * @param adapters the LoRAs that were at work, each with its settings
 * @param startedFromPicture whether it was image-to-image, so that the prompt alone does not give
 *     the picture again
 */
public record PictureParameters(Prompt prompt, List<String> adapters, boolean startedFromPicture) {
  static final String KEY = "kolors4j";
  static final String WEB_UI_KEY = "parameters";

  /** A longer line is a prompt's; the pattern's time grows with the square of the length. */
  private static final int LONGEST_SETTINGS = 20_000;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  /** The web UI's own pattern of {@code Name: value, …} ({@code infotext_utils.py}). */
  private static final Pattern SETTING =
      Pattern.compile("\\s*(\\w[\\w \\-/]+):\\s*(\"(?:\\\\.|[^\\\\\"])*+\"|[^,]*+)(?:,|$)");

  /** Copies the list. */
  public PictureParameters {
    adapters = List.copyOf(adapters);
  }

  /**
   * Reads what a PNG file says, one of this library or of another program that writes {@value
   * #WEB_UI_KEY}.
   *
   * @throws PictureException if the file is no PNG, or says nothing about how it was drawn
   */
  public static PictureParameters read(Path file) {
    Map<String, String> texts = PngText.read(file);
    try {
      if (texts.containsKey(KEY)) {
        return ofJson(JsonParser.parseString(texts.get(KEY)).getAsJsonObject());
      }
      if (texts.containsKey(WEB_UI_KEY)) {
        return ofWebUiText(texts.get(WEB_UI_KEY));
      }
    } catch (JsonParseException
        | IllegalArgumentException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException e) {
      throw new PictureException(
          file, "says how it was drawn in a way that is not understood: " + e.getMessage(), e);
    }
    throw new PictureException(
        file,
        "does not say how it was drawn: it was not saved by GeneratedPicture.save, or another"
            + " program saved it again without its texts");
  }

  /** The texts for a PNG file, by keyword. */
  Map<String, String> toTexts(long seed) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(WEB_UI_KEY, toWebUiText(seed));
    texts.put(KEY, toJson(seed));
    return texts;
  }

  String toWebUiText(long seed) {
    StringBuilder text = new StringBuilder(prompt.text());
    if (prompt.negative() != null) {
      text.append("\nNegative prompt: ").append(prompt.negative());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "\nSteps: %d, Sampler: %s, CFG scale: %s, Seed: %d, Size: %dx%d",
            prompt.steps(),
            prompt.scheduler(),
            prompt.cfgScale(),
            seed,
            prompt.width(),
            prompt.height()));
    if (startedFromPicture) {
      text.append(", Denoising strength: ").append(prompt.strength());
    }
    if (!adapters.isEmpty()) {
      text.append(", Lora: ").append(JSON.toJson(String.join("; ", adapters)));
    }
    return text.append(", Version: kolors4j").toString();
  }

  private String toJson(long seed) {
    JsonObject json = new JsonObject();
    json.addProperty("prompt", prompt.text());
    if (prompt.negative() != null) {
      json.addProperty("negative_prompt", prompt.negative());
    }
    json.addProperty("seed", seed);
    json.addProperty("scheduler", prompt.scheduler());
    json.addProperty("num_inference_steps", prompt.steps());
    json.addProperty("guidance_scale", prompt.cfgScale());
    json.addProperty("width", prompt.width());
    json.addProperty("height", prompt.height());
    if (startedFromPicture) {
      json.addProperty("strength", prompt.strength());
    }
    JsonArray loras = new JsonArray();
    adapters.forEach(loras::add);
    json.add("loras", loras);
    return JSON.toJson(json);
  }

  private static PictureParameters ofJson(JsonObject json) {
    JsonElement negative = json.get("negative_prompt");
    Prompt prompt =
        Prompt.of(json.get("prompt").getAsString())
            .negative(negative == null ? null : negative.getAsString())
            .seed(json.get("seed").getAsLong())
            .scheduler(json.get("scheduler").getAsString())
            .steps(json.get("num_inference_steps").getAsInt())
            .cfgScale(json.get("guidance_scale").getAsDouble())
            .size(json.get("width").getAsInt(), json.get("height").getAsInt());
    List<String> adapters = new ArrayList<>();
    json.getAsJsonArray("loras").forEach(lora -> adapters.add(lora.getAsString()));
    JsonElement strength = json.get("strength");
    return new PictureParameters(
        strength == null ? prompt : withStrength(prompt, strength.getAsDouble()),
        adapters,
        strength != null);
  }

  private static PictureParameters ofWebUiText(String text) {
    String[] lines = text.strip().split("\n");
    Map<String, String> settings = settings(lines[lines.length - 1]);
    int end = settings.size() < 3 ? lines.length : lines.length - 1;
    StringBuilder positive = new StringBuilder();
    StringBuilder negative = null;
    for (int i = 0; i < end; i++) {
      String line = lines[i].strip();
      if (negative == null && line.startsWith("Negative prompt:")) {
        negative = new StringBuilder(line.substring("Negative prompt:".length()).strip());
      } else {
        StringBuilder part = negative == null ? positive : negative;
        part.append(part.isEmpty() ? "" : "\n").append(line);
      }
    }
    Prompt prompt =
        Prompt.of(positive.toString()).negative(negative == null ? null : negative.toString());
    return end == lines.length
        ? new PictureParameters(prompt, List.of(), false)
        : withSettings(prompt, settings);
  }

  /** Other programs know other samplers and sizes; what is unknown here is left open. */
  private static PictureParameters withSettings(Prompt plain, Map<String, String> settings) {
    Prompt prompt = plain;
    if (settings.containsKey("Steps")) {
      prompt = prompt.steps(Integer.parseInt(settings.get("Steps")));
    }
    if (settings.containsKey("CFG scale")) {
      prompt = prompt.cfgScale(Double.parseDouble(settings.get("CFG scale")));
    }
    if (settings.containsKey("Seed")) {
      prompt = prompt.seed(Long.parseLong(settings.get("Seed")));
    }
    try {
      prompt = prompt.scheduler(settings.get("Sampler"));
    } catch (IllegalArgumentException e) {
      prompt = prompt.scheduler(null);
    }
    Matcher size =
        Pattern.compile("(\\d{1,5})x(\\d{1,5})").matcher(settings.getOrDefault("Size", ""));
    if (size.matches()) {
      int width = Integer.parseInt(size.group(1));
      int height = Integer.parseInt(size.group(2));
      if (width >= 8 && width % 8 == 0 && height >= 8 && height % 8 == 0) {
        prompt = prompt.size(width, height);
      }
    }
    String loras = settings.getOrDefault("Lora", settings.get("Lora hashes"));
    String strength = settings.get("Denoising strength");
    return new PictureParameters(
        strength == null ? prompt : withStrength(prompt, Double.parseDouble(strength)),
        loras == null ? List.of() : List.of(loras.split("; ")),
        strength != null);
  }

  private static Map<String, String> settings(String line) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (line.length() > LONGEST_SETTINGS) {
      return settings;
    }
    Matcher matcher = SETTING.matcher(line);
    while (matcher.find()) {
      String value = matcher.group(2).strip();
      boolean quoted = value.startsWith("\"");
      settings.put(
          matcher.group(1).strip(), quoted ? JsonParser.parseString(value).getAsString() : value);
    }
    return settings;
  }

  private static Prompt withStrength(Prompt prompt, double strength) {
    return new Prompt(
        prompt.text(),
        prompt.negative(),
        prompt.seed(),
        prompt.cfgScale(),
        prompt.steps(),
        prompt.width(),
        prompt.height(),
        prompt.scheduler(),
        null,
        strength);
  }
}
