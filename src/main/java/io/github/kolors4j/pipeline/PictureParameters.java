package io.github.kolors4j.pipeline;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.internal.tensor.CudaGpu;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a picture was drawn from, as its PNG file says.
 *
 * <p>A file has it twice: under the keyword {@value #WEB_UI_KEY} as the line of text that the
 * Stable Diffusion web UI introduced and other programs read, and under {@value #KEY} as JSON, from
 * which every value is read back exactly. (Under {@code prompt} and {@code workflow} it has the
 * picture's graph for ComfyUI, see {@link GeneratedPicture#save}.)
 *
 * @param prompt texts, seed, size, sampler; without the picture that image-to-image started from
 * @param adapters the LoRAs that were at work, each with its settings
 * @param startedFromPicture whether it was image-to-image, so that the prompt alone does not give
 *     the picture again
 * @param others settings that the prompt does not have, by their names and as they are written:
 *     another program's model, or a sampler, seed or size that is not understood
 */
public record PictureParameters(
    Prompt prompt, List<String> adapters, boolean startedFromPicture, Map<String, String> others) {
  static final String KEY = "kolors4j";
  static final String WEB_UI_KEY = "parameters";

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})\\s*[xX×]\\s*(\\d{1,5})");

  /** Copies the lists. */
  public PictureParameters {
    adapters = List.copyOf(adapters);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Reads what a PNG file says, one of this library or of another program that writes {@value
   * #WEB_UI_KEY}. What is not understood of it is kept among the {@link #others}.
   *
   * @throws PictureException if the file is no PNG, or says nothing about how it was drawn
   */
  public static PictureParameters read(Path file) {
    Map<String, String> texts = PngText.read(file);
    String own = texts.get(KEY);
    String webUi = texts.get(WEB_UI_KEY);
    if (own != null) {
      try {
        return ForeignJson.parse(own, json -> ofJson(json.getAsJsonObject()));
      } catch (ForeignJson.Malformed e) {
        if (webUi == null) {
          throw new PictureException(
              file, "says how it was drawn in a way that is not understood: " + own, e);
        }
      }
    }
    if (webUi != null) {
      return ofWebUiText(WebUiText.parse(webUi));
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
            prompt.guidanceScale(),
            seed,
            prompt.width(),
            prompt.height()));
    if (startedFromPicture) {
      text.append(", Denoising strength: ").append(prompt.strength());
    }
    if (prompt.inTheCoursesWay()) {
      text.append(", RNG: NV"); // the web UI's name for an NVIDIA GPU's noise
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
    json.addProperty("guidance_scale", prompt.guidanceScale());
    json.addProperty("width", prompt.width());
    json.addProperty("height", prompt.height());
    if (startedFromPicture) {
      json.addProperty("strength", prompt.strength());
    }
    if (prompt.toldWidth() > 0) {
      json.addProperty("told_size", prompt.toldWidth() + "x" + prompt.toldHeight());
    }
    if (prompt.inTheCoursesWay()) {
      json.add("course_gpu", JSON.toJsonTree(prompt.courseGpu()));
    }
    JsonArray loras = new JsonArray();
    adapters.forEach(loras::add);
    json.add("loras", loras);
    return JSON.toJson(json);
  }

  /**
   * @throws IllegalStateException if it has no prompt
   */
  private static PictureParameters ofJson(JsonObject json) {
    if (!json.has("prompt")) {
      throw new IllegalStateException("there is no prompt");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      boolean plain = entry.getValue().isJsonPrimitive();
      settings.put(
          entry.getKey(), plain ? entry.getValue().getAsString() : entry.getValue().toString());
    }
    Taking taking = new Taking(settings, settings.remove("prompt"));
    taking.take("negative_prompt", (prompt, text) -> prompt.negative(text));
    taking.take("seed", (prompt, text) -> prompt.seed(whole(text)));
    taking.take("course_gpu", PictureParameters::asInTheCourse);
    taking.take("scheduler", Prompt::scheduler);
    taking.take("told_size", PictureParameters::withToldSize);
    taking.take(
        "num_inference_steps", (prompt, text) -> prompt.steps(Math.toIntExact(whole(text))));
    taking.take("guidance_scale", (prompt, text) -> prompt.cfgScale(Double.parseDouble(text)));
    taking.takeSize("width", "height");
    boolean started =
        taking.take("strength", (prompt, text) -> prompt.withStrength(Double.parseDouble(text)));
    List<String> adapters = new ArrayList<>();
    if (json.get("loras") instanceof JsonArray loras) {
      loras.forEach(
          lora -> adapters.add(lora.isJsonPrimitive() ? lora.getAsString() : lora.toString()));
      settings.remove("loras");
    }
    return new PictureParameters(taking.prompt, adapters, started, settings);
  }

  private static PictureParameters ofWebUiText(WebUiText text) {
    Map<String, String> settings = text.settings();
    Taking taking = new Taking(settings, text.prompt());
    taking.prompt = taking.prompt.negative(text.negative());
    taking.take("Steps", (prompt, value) -> prompt.steps(Math.toIntExact(whole(value))));
    taking.take("CFG scale", (prompt, value) -> prompt.cfgScale(number(value)));
    taking.take("Seed", (prompt, value) -> prompt.seed(whole(value)));
    takeSampler(taking, settings);
    taking.take("Size", PictureParameters::withSize);
    // The web UI writes it for pictures that it drew small and then again larger, too.
    boolean drawnTwice =
        settings.keySet().stream().anyMatch(name -> name.matches("(Hires|First pass).*"));
    boolean started =
        !drawnTwice
            && taking.take(
                "Denoising strength", (prompt, value) -> prompt.withStrength(number(value)));
    List<String> adapters = List.of();
    String ours = settings.remove("Lora");
    String hashes = settings.remove("Lora hashes");
    if (ours != null) {
      adapters = List.of(ours.split("; "));
    } else if (hashes != null) {
      adapters = List.of(hashes.split(", "));
    }
    settings.remove("Version", "kolors4j");
    return new PictureParameters(taking.prompt, adapters, started, settings);
  }

  /** Its newer versions write "DPM++ 2M" and "Karras" apart. */
  private static void takeSampler(Taking taking, Map<String, String> settings) {
    String sampler = settings.get("Sampler");
    String schedule = settings.get("Schedule type");
    if (sampler != null && schedule != null) {
      try {
        taking.prompt = taking.prompt.scheduler(sampler + " " + schedule);
        settings.remove("Sampler");
        settings.remove("Schedule type");
        return;
      } catch (IllegalArgumentException e) {
        // The sampler alone may be known; its schedule is then kept.
      }
    }
    taking.take("Sampler", Prompt::scheduler);
  }

  private static Prompt withSize(Prompt prompt, String text) {
    Matcher size = size(text);
    return prompt.size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  private static Prompt withToldSize(Prompt prompt, String text) {
    Matcher size = size(text);
    return prompt.toldSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  private static Matcher size(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException(text);
    }
    return size;
  }

  private static Prompt asInTheCourse(Prompt prompt, String gpu) {
    try {
      return prompt.asInTheCourse(JSON.fromJson(gpu, CudaGpu.class));
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(gpu, e);
    }
  }

  /** Some programs write 7,5 for 7.5. */
  private static double number(String text) {
    return Double.parseDouble(text.matches("\\d+,\\d+") ? text.replace(',', '.') : text);
  }

  /** Some write seeds and steps as fractions; some have seeds of 64 bits without a sign. */
  private static long whole(String text) {
    String whole = text.replaceFirst("\\.0+$", "");
    return whole.startsWith("-") ? Long.parseLong(whole) : Long.parseUnsignedLong(whole);
  }

  /** Takes settings into a prompt, one by one; what is not understood stays where it was. */
  private static final class Taking {
    private final Map<String, String> settings;
    private Prompt prompt;

    Taking(Map<String, String> settings, String text) {
      this.settings = settings;
      this.prompt = Prompt.of(text);
    }

    /** Whether it is there and understood. */
    boolean take(String name, BiFunction<Prompt, String, Prompt> with) {
      String value = settings.get(name);
      if (value == null) {
        return false;
      }
      try {
        prompt = with.apply(prompt, value);
      } catch (IllegalArgumentException | ArithmeticException e) {
        // A number that is none, or one that a prompt does not take: it is kept as it is.
        return false;
      }
      settings.remove(name);
      return true;
    }

    void takeSize(String width, String height) {
      String high = settings.getOrDefault(height, "");
      take(width, (prompt, wide) -> withSize(prompt, wide + "x" + high));
      if (!settings.containsKey(width)) {
        settings.remove(height);
      }
    }
  }
}
