package io.github.kolors4j.internal.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.weights.ReadFailure;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As much of peft's {@code LoraConfig} as decides what an adapter's matrices do. Peft keeps it in
 * {@code adapter_config.json} beside them, diffusers in the header of a safetensors file.
 *
 * @param alpha of the layers that no pattern names
 * @param alphaPattern alphas by regular expressions for the ends of layer names; the first that
 *     matches counts
 * @param rank of the layers that no pattern names, 0 if it is not stated
 * @param rankPattern ranks, as {@code alphaPattern}
 * @param rankStabilised whether the scale is alpha / √rank
 * @param dora whether each layer has DoRA's lengths; empty if that is not stated
 */
record AdapterConfig(
    double alpha,
    Map<LayerPattern, Double> alphaPattern,
    int rank,
    Map<LayerPattern, Double> rankPattern,
    boolean rankStabilised,
    Optional<Boolean> dora) {

  /** Where diffusers keeps the configuration in a safetensors file. */
  static final String METADATA = "lora_adapter_metadata";

  /** What peft takes for an alpha that is not stated. */
  private static final double PEFTS_ALPHA = 8;

  private static final int MOST_BYTES = 10_000_000;
  private static final int MOST_PATTERNS = 10_000;

  /** Starts of training that take something out of the model's own weights. */
  private static final Pattern CHANGES_THE_MODEL =
      Pattern.compile("(pissa|olora|corda|loftq|lora_ga).*");

  /** Settings under which the matrices do something else than is done here. */
  private static final Set<String> OTHER_METHODS =
      Set.of("use_qalora", "lora_bias", "alora_invocation_tokens", "trainable_token_indices");

  /**
   * The configuration in diffusers' metadata, a JSON object such as {@code {"unet.lora_alpha": 4}}.
   *
   * @param prefix in front of the names, for example {@code unet.}
   * @return nothing if there is none for this prefix
   * @throws LoraException if it is no such object, or says what cannot be done
   */
  static Optional<AdapterConfig> inMetadata(
      Path path, Map<String, String> metadata, String prefix) {
    String json = metadata.get(METADATA);
    if (json == null) {
      return Optional.empty();
    }
    String where = path + " (" + METADATA + ")";
    return read(
        where,
        () ->
            ForeignJson.parse(
                json, root -> parse(where, withPrefix(prefix, root.getAsJsonObject()))));
  }

  private static JsonObject withPrefix(String prefix, JsonObject json) {
    JsonObject own = new JsonObject();
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        own.add(entry.getKey().substring(prefix.length()), entry.getValue());
      }
    }
    return own;
  }

  /** The configuration in peft's {@code adapter_config.json}. */
  static Optional<AdapterConfig> inFile(Path file) {
    String where = file.toString();
    return read(
        where,
        () -> ForeignJson.read(file, MOST_BYTES, json -> parse(where, json.getAsJsonObject())));
  }

  /** What reads a configuration. */
  private interface Source {
    Optional<AdapterConfig> read() throws IOException;
  }

  private static Optional<AdapterConfig> read(String where, Source source) {
    try {
      return source.read();
    } catch (ForeignJson.Malformed e) {
      throw new LoraException(
          "%s is not the JSON object with peft's settings that it should be (%s): save it again."
              .formatted(where, e.getMessage()),
          e);
    } catch (ClosedByInterruptException e) {
      throw ReadFailure.of(where, e);
    } catch (IOException e) {
      throw new LoraException(where + " could not be read: " + e.getMessage(), e);
    }
  }

  private static Optional<AdapterConfig> parse(String where, JsonObject json) {
    if (json.isEmpty()) {
      return Optional.empty();
    }
    requireLora(where, json);
    JsonElement alpha = stated(json, "lora_alpha");
    if (alpha == null && json.has("lora_alpha")) {
      throw new LoraException(
          where + " has null for lora_alpha, at which peft fails, too: write the number there.");
    }
    JsonElement rank = stated(json, "r");
    JsonElement dora = stated(json, "use_dora");
    return Optional.of(
        new AdapterConfig(
            alpha == null ? PEFTS_ALPHA : number(where, "lora_alpha", alpha),
            patterns(where, json, "alpha_pattern"),
            rank == null ? 0 : rank.getAsInt(),
            patterns(where, json, "rank_pattern"),
            isTrue(json, "use_rslora"),
            dora == null ? Optional.empty() : Optional.of(dora.getAsBoolean())));
  }

  private static void requireLora(String where, JsonObject json) {
    JsonElement type = stated(json, "peft_type");
    if (type != null && !type.getAsString().equalsIgnoreCase("LORA")) {
      throw new LoraException(
          "%s says that this is %s of peft. LoRA and DoRA are read."
              .formatted(where, type.getAsString()));
    }
    JsonElement start = stated(json, "init_lora_weights");
    if (start != null && CHANGES_THE_MODEL.matcher(start.getAsString()).matches()) {
      throw new LoraException(
          "%s says that the training began with init_lora_weights=\"%s\", which takes something out of the model's own weights: save it as a plain LoRA, in peft with save_pretrained(…, path_initial_model_for_weight_conversion=…)."
              .formatted(where, start.getAsString()));
    }
    for (String method : OTHER_METHODS) {
      JsonElement value = stated(json, method);
      boolean off =
          value == null
              || value.isJsonPrimitive()
                  && !value.getAsJsonPrimitive().isString()
                  && !value.getAsBoolean();
      if (!off) {
        throw new LoraException(
            "%s has %s, which changes what the matrices do and is not done here: train without it."
                .formatted(where, method));
      }
    }
  }

  private static @Nullable JsonElement stated(JsonObject json, String name) {
    JsonElement value = json.get(name);
    return value == null || value.isJsonNull() ? null : value;
  }

  private static boolean isTrue(JsonObject json, String name) {
    JsonElement value = stated(json, name);
    return value != null && value.getAsBoolean();
  }

  private static double number(String where, String name, JsonElement value) {
    double number = value.getAsDouble();
    if (!Double.isFinite(number)) {
      throw new LoraException(
          "%s states %s for %s, which is no number to multiply with: save it again."
              .formatted(where, value, name));
    }
    return number;
  }

  private static Map<LayerPattern, Double> patterns(String where, JsonObject json, String name) {
    JsonElement stated = stated(json, name);
    if (stated == null) {
      return Map.of();
    }
    if (stated.getAsJsonObject().size() > MOST_PATTERNS) {
      throw new LoraException(
          "%s has more than %,d entries in %s.".formatted(where, MOST_PATTERNS, name));
    }
    AtomicLong readsLeft = new AtomicLong(LayerPattern.MOST_READS);
    Map<LayerPattern, Double> patterns = new LinkedHashMap<>();
    stated
        .getAsJsonObject()
        .entrySet()
        .forEach(
            entry ->
                patterns.put(
                    new LayerPattern(where + " (" + name + ")", entry.getKey(), readsLeft),
                    number(where, name, entry.getValue())));
    return Collections.unmodifiableMap(patterns);
  }

  /**
   * Gives a layer the scale that this configuration states.
   *
   * @param where the file, for messages
   * @throws LoraException if the layer is not what the configuration says
   */
  LoraLayer applyTo(String where, String name, LoraLayer layer) {
    int expected = (int) matching(rankPattern, name, rank);
    if (expected != 0 && expected != layer.rank()) {
      throw new LoraException(
          "%s: the configuration says rank %d for layer '%s', but its matrices have %d. The two do not belong together: save or download both again."
              .formatted(where, expected, name, layer.rank()));
    }
    if (dora.isPresent() && dora.get() != (layer.magnitude() != null)) {
      throw new LoraException(
          dora.get()
              ? "%s lacks the magnitude of layer '%s', though its configuration says use_dora: the file is incomplete, save or download it again."
                  .formatted(where, name)
              : "%s has a magnitude for layer '%s', though its configuration says that it is no DoRA: set use_dora to true there if it is one."
                  .formatted(where, name));
    }
    return layer.withAlpha(matching(alphaPattern, name, alpha)).withRankStabilised(rankStabilised);
  }

  private static double matching(
      Map<LayerPattern, Double> patterns, String name, double otherwise) {
    for (Map.Entry<LayerPattern, Double> entry : patterns.entrySet()) {
      if (entry.getKey().matches(name)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }

  /** The expressions for alphas that name none of the layers, as peft warns of them. */
  List<LayerPattern> unused(Set<String> layers) {
    return alphaPattern.keySet().stream()
        .filter(pattern -> layers.stream().noneMatch(pattern::matches))
        .toList();
  }

  /**
   * The configuration by which peft applies layers as they are applied here.
   *
   * @param alpha what is stated as a layer's alpha
   * @param rankStabilised whether that is an alpha of rsLoRA
   */
  static JsonObject describe(
      Map<String, LoraLayer> layers, Function<LoraLayer, Double> alpha, boolean rankStabilised) {
    int rank = mostCommon(layers.values().stream().map(LoraLayer::rank).toList());
    double common = mostCommon(layers.values().stream().map(alpha).toList());
    JsonObject ranks = new JsonObject();
    JsonObject alphas = new JsonObject();
    JsonArray targets = new JsonArray();
    boolean dora = false;
    for (Map.Entry<String, LoraLayer> entry : layers.entrySet()) {
      LoraLayer layer = entry.getValue();
      targets.add(entry.getKey());
      dora |= layer.magnitude() != null;
      if (layer.rank() != rank) {
        ranks.addProperty("^" + entry.getKey(), layer.rank());
      }
      if (alpha.apply(layer) != common) {
        alphas.add("^" + entry.getKey(), JsonParser.parseString(text(alpha.apply(layer))));
      }
    }
    JsonObject config = new JsonObject();
    config.addProperty("peft_type", "LORA");
    config.addProperty("r", rank);
    config.add("lora_alpha", JsonParser.parseString(text(common)));
    config.add("rank_pattern", ranks);
    config.add("alpha_pattern", alphas);
    config.add("target_modules", targets);
    config.addProperty("use_rslora", rankStabilised);
    config.addProperty("use_dora", dora);
    config.addProperty("lora_bias", false);
    config.addProperty("lora_dropout", 0.0);
    config.addProperty("bias", "none");
    return config;
  }

  /** 4, not 4.0, where a number is whole: peft asks for whole alphas, and takes others. */
  static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** The most common value, the first of those that are equally common. */
  static <T> T mostCommon(Collection<T> values) {
    Map<T, Long> counts =
        values.stream()
            .collect(
                Collectors.groupingBy(
                    Function.identity(), LinkedHashMap::new, Collectors.counting()));
    long most = Collections.max(counts.values());
    return counts.keySet().stream()
        .filter(value -> Objects.equals(counts.get(value), most))
        .findFirst()
        .orElseThrow();
  }
}
