package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.AdaptableLayer;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Files of every kind in every format: their weights after merging against what peft, diffusers,
 * sd-scripts and LyCORIS make of them, and what is written against files that these programs have
 * read ({@code src/test/python/lora_interchange.py}).
 */
class LoraInterchangeTest {
  private static final Path FILES = Golden.path("interchange");

  /** For that script, which reads what lies here. */
  private static final Path WRITTEN = Path.of("target/lora-interchange");

  private static final UNetNames NAMES =
      new UNetNames(UNetConfig.read(Golden.TINY.resolve("unet")));

  private final NDManager manager = NDManager.newBaseManager();
  private UNet unet;
  private ChatGlm textEncoder;
  private Golden expected;
  private final List<String> unread = new ArrayList<>();

  @BeforeEach
  void load() {
    unet = UNet.load(Golden.TINY.resolve("unet"), manager);
    textEncoder = ChatGlm.load(Golden.TINY.resolve("text_encoder"), manager);
    expected = new Golden("interchange/expected", manager);
  }

  @AfterEach
  void free() {
    expected.close();
    manager.close();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(FILES)) {
      return all.filter(
              path -> path.getFileName().toString().matches(".+\\..+\\.safetensors|.*-folder.*"))
          .sorted()
          .toList();
    }
  }

  private static String kind(Path file) {
    String[] parts = file.getFileName().toString().split("\\.");
    return parts[1].equals("diffusers-bare") ? parts[0] + ".bare" : parts[0];
  }

  /** The alpha that a user has to give, because these files do not say. */
  private static double alpha(Path file) {
    boolean silent = file.getFileName().toString().matches(".*\\.(peft|diffsynth)\\.safetensors");
    if (!silent) {
      return Double.NaN;
    }
    return switch (kind(file)) {
      case "uniform", "mixed-ranks" -> 4;
      case "alpha" -> 1;
      case "convolutions", "dora-convolutions" -> 2;
      default -> 8;
    };
  }

  private static ModelLora read(Path file, NDManager manager) {
    ModelLora lora = ModelLora.read(file, manager, NAMES);
    return Double.isNaN(alpha(file)) ? lora : lora.withAlpha(alpha(file));
  }

  @Test
  void everyFileGivesTheWeightsThatItsOwnProgramMakesOfIt() throws IOException {
    assertThat(files()).hasSizeGreaterThan(80);
    for (Path file : files()) {
      try (NDManager scope = manager.newSubManager()) {
        assertMerged(file.getFileName().toString(), kind(file), read(file, scope));
      }
    }
  }

  /** The largest difference in a layer, relative to the largest change that the adapter makes. */
  private void assertMerged(String what, String kind, ModelLora lora) {
    int layers = 0;
    if (lora.unet() != null) {
      layers += assertMerged(what, kind, LoraAdapters.on(unet), unet.weights(), lora.unet());
    }
    if (lora.textEncoder() != null) {
      layers +=
          assertMerged(
              what, kind, LoraAdapters.on(textEncoder), textEncoder.weights(), lora.textEncoder());
    }
    if (!what.equals("text-encoder.peft-folder")) { // which is the text encoder's alone
      assertThat(expected.names().stream().filter(name -> name.startsWith(kind + "/")))
          .as(what)
          .hasSize(layers);
    }
  }

  private int assertMerged(
      String what,
      String kind,
      LoraAdapters adapters,
      io.github.kolors4j.internal.weights.Weights weights,
      LoraWeights lora) {
    Map<String, float[]> before = new LinkedHashMap<>();
    Map<String, AdaptableLayer> layers = weights.layers(AdaptableLayer.class);
    lora.layers().keySet().forEach(n -> before.put(n, layers.get(n).weight().toFloatArray()));
    adapters.attach("test", lora, 1);
    adapters.merge();
    before.forEach(
        (name, old) -> {
          float[] merged = layers.get(name).weight().toFloatArray();
          float[] wanted = expected.get(kind + "/" + name).toFloatArray();
          double change = 0;
          double difference = 0;
          for (int i = 0; i < old.length; i++) {
            change = Math.max(change, Math.abs(wanted[i] - old[i]));
            difference = Math.max(difference, Math.abs(merged[i] - wanted[i]));
          }
          assertThat(difference / change).as(what + " " + name).isLessThan(2e-6);
        });
    adapters.unmerge();
    adapters.detach("test");
    before.forEach(
        (name, old) -> assertThat(layers.get(name).weight().toFloatArray()).isEqualTo(old));
    return before.size();
  }

  @Test
  void besideTheWeightsAdaptersGiveWhatTheyGiveMerged() throws IOException {
    Golden inputs = new Golden("unet", manager);
    for (String name :
        List.of(
            "convolutions.kohya",
            "dora-convolutions.diffusers",
            "dora-columns.kohya",
            "dora-rows-lycoris.comfyui",
            "tucker.kohya-sdxl",
            "rslora-ranks.diffusers")) {
      LoraAdapters adapters = LoraAdapters.on(unet);
      LoraWeights lora = LoraFile.read(FILES.resolve(name + ".safetensors"), manager, NAMES);
      adapters.attach("test", lora, 0.5);
      NDArray beside = forward(inputs);
      adapters.merge();
      Golden.assertClose(name, forward(inputs), beside, 1e-5);
      adapters.detach("test");
    }
    inputs.close();
  }

  private NDArray forward(Golden inputs) {
    return unet.forward(
        inputs.get("square.sample"),
        inputs.get("square.timestep"),
        new UNet.Conditioning(
            inputs.get("square.encoder_hidden_states"),
            inputs.get("square.text_embeds"),
            inputs.get("square.time_ids")));
  }

  /** Each kind from its first file into each format that can say it. */
  @Test
  void whatIsWrittenIsWhatTheirProgramsReadAndComesBack() throws IOException {
    JsonObject known = written();
    Map<String, Double> alphas = new TreeMap<>();
    Map<String, Path> sources = new TreeMap<>();
    for (Path file : files()) {
      if (!kind(file).endsWith(".bare")) {
        sources.merge(kind(file), file, (a, b) -> a.toString().contains(".diffusers.") ? a : b);
      }
    }
    for (Map.Entry<String, Path> source : sources.entrySet()) {
      for (LoraFormat format : LoraFormat.values()) {
        write(source.getKey(), source.getValue(), format, false, alphas, known);
      }
      write(source.getKey(), source.getValue(), LoraFormat.PEFT, true, alphas, known);
    }
    Files.writeString(WRITTEN.resolve("alphas.json"), new Gson().toJson(alphas));
    assertThat(unread).as("files that their programs have not read: run the script").isEmpty();
  }

  private void write(
      String kind,
      Path source,
      LoraFormat format,
      boolean folder,
      Map<String, Double> alphas,
      JsonObject known)
      throws IOException {
    String name =
        kind
            + "."
            + format.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
            + (folder ? "-folder" : ".safetensors");
    Path target = WRITTEN.resolve(name);
    try (NDManager scope = manager.newSubManager()) {
      ModelLora both = read(source, scope);
      ModelLora lora =
          folder && both.textEncoder() != null ? new ModelLora(null, both.textEncoder()) : both;
      if (!canBeSaid(kind, format, folder)) {
        assertThatThrownBy(() -> LoraFile.write(target, lora, format, NAMES))
            .as(name)
            .isInstanceOf(LoraException.class)
            .hasMessageContaining(target.toString());
        return;
      }
      LoraFile.write(target, lora, format, NAMES);
      OptionalDouble alpha =
          lora.unet() == null ? OptionalDouble.empty() : LoraFile.alphaToLoadWith(lora.unet());
      boolean silent = (format == LoraFormat.DIFFSYNTH || format == LoraFormat.PEFT) && !folder;
      ModelLora back = ModelLora.read(target, scope, NAMES);
      if (silent) {
        alphas.put(name, alpha.getAsDouble());
        back = back.withAlpha(alpha.getAsDouble());
      }
      assertMerged(name, kind, back);
    }
    if (!known.has(name)) {
      unread.add(name);
      return;
    }
    JsonObject sums = known.getAsJsonObject(name).getAsJsonObject("sha256");
    for (Map.Entry<String, JsonElement> sum : sums.entrySet()) {
      Path file = folder ? target.resolve(sum.getKey()) : target;
      if (!sha256(file).equals(sum.getValue().getAsString())) {
        unread.add(file.toString());
      }
    }
  }

  private static boolean canBeSaid(String kind, LoraFormat format, boolean folder) {
    return switch (kind) {
      case "text-encoder" -> format == LoraFormat.DIFFUSERS || folder;
      case "dora-columns" -> format.name().matches("KOHYA.*|COMFYUI");
      default -> true;
    };
  }

  private static JsonObject written() throws IOException {
    String json = Files.readString(FILES.resolve("written.json"));
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyFileThatWasWrittenIsReadRightByAProgramOfItsFormat() throws IOException {
    JsonObject known = written();
    List<String> wrong = new ArrayList<>();
    known
        .entrySet()
        .forEach(
            entry -> {
              JsonObject programs =
                  entry.getValue().getAsJsonObject().getAsJsonObject("difference");
              String own =
                  programs.has("sd-scripts")
                      ? "sd-scripts"
                      : programs.has("LyCORIS")
                          ? "LyCORIS"
                          : programs.has("diffusers") ? "diffusers" : "peft";
              if (!(programs.get(own).getAsDouble() < 2e-6)) {
                wrong.add(entry.getKey() + " " + programs);
              }
            });
    assertThat(known.size()).isGreaterThan(90);
    assertThat(wrong).isEmpty();
  }

  @Test
  void theHeaderOfAFileOfMixedRanksSaysWhatDiffusersNeeds() {
    Path file = WRITTEN.resolve("mixed.safetensors");
    try (ModelLora lora = read(FILES.resolve("mixed-ranks.kohya.safetensors"), manager)) {
      LoraFile.write(file, lora, LoraFormat.DIFFUSERS, NAMES);
    }
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      JsonObject config =
          JsonParser.parseString(written.metadata().get("lora_adapter_metadata")).getAsJsonObject();
      assertThat(config.get("unet.r").getAsInt()).isEqualTo(4);
      assertThat(config.getAsJsonObject("unet.rank_pattern").keySet())
          .isEqualTo(config.getAsJsonObject("unet.alpha_pattern").keySet())
          .hasSize(3)
          .allMatch(name -> name.startsWith("^"));
    }
  }
}
