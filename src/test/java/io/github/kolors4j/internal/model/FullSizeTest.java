package io.github.kolors4j.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.tensor.Quantization;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The networks of the published model's size. */
class FullSizeTest {
  private static final Path DESCRIPTION = Path.of("src/bench/full-size");

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void theUNetTakesEveryPublishedWeight() throws IOException {
    build("unet", path -> UNetConfig.read(path), (config, weights) -> new UNet(config, weights));
  }

  @Test
  void theVaeTakesEveryPublishedWeight() throws IOException {
    build("vae", path -> AutoencoderConfig.read(path), Autoencoder::new);
  }

  @Test
  void theTextEncoderTakesEveryPublishedWeight() throws IOException {
    build("text_encoder", path -> ChatGlmConfig.read(path), ChatGlm::new);
  }

  private interface ConfigReader<C> {
    C read(Path folder);
  }

  private <C> void build(String part, ConfigReader<C> reader, BiFunction<C, Weights, ?> network)
      throws IOException {
    Path config = folder.resolve("config.json");
    Files.copy(DESCRIPTION.resolve(part + "_config.json"), config);
    Map<String, long[]> shapes = manifest().get(part);
    Weights weights = new Weights(new Described(shapes), manager);
    network.apply(reader.read(folder), weights);
    assertThat(weights.tensors().keySet()).isEqualTo(shapes.keySet());
  }

  private static Map<String, Map<String, long[]>> manifest() throws IOException {
    String manifest = Golden.unpacked(DESCRIPTION.resolve("manifest.json.gz"));
    return new Gson().fromJson(manifest, new TypeToken<>() {});
  }

  /** Weights of given names and shapes that take no memory: one zero, repeated. */
  private record Described(Map<String, long[]> shapes) implements WeightSource {
    @Override
    public Set<String> names() {
      return shapes.keySet();
    }

    @Override
    public NDArray read(String name, Shape shape, NDManager manager) {
      assertThat(shapes).containsKey(name);
      assertThat(shape).as(name).isEqualTo(new Shape(shapes.get(name)));
      long[] ones = new long[shape.dimension()];
      Arrays.fill(ones, 1);
      return manager.zeros(new Shape(ones)).broadcast(shape);
    }
  }

  /**
   * One layer of the published text encoder's width with random weights: what quantizing its
   * weights changes, against what ChatGLM's own {@code quantize} (one scale a row, symmetric)
   * would.
   */
  @Test
  @Tag("slow")
  void aQuantizedLayerOfFullWidthIsCloserThanChatGlmsOwn() {
    ChatGlmConfig config = new ChatGlmConfig(64, 4096, 1, 32, 2, 128, 13696, 1e-5, true);
    float[] whole = stateAfterTheLayer(config, null);
    double int8 =
        relativeError(stateAfterTheLayer(config, w -> quantized(w, Quantization.INT8)), whole);
    double int4 =
        relativeError(stateAfterTheLayer(config, w -> quantized(w, Quantization.INT4)), whole);
    double row8 = relativeError(stateAfterTheLayer(config, w -> symmetric(w, 8)), whole);
    double row4 = relativeError(stateAfterTheLayer(config, w -> symmetric(w, 4)), whole);
    System.out.printf(
        "a layer 4096 wide, relative error: int8 %.5f, int4 %.4f; one scale a row: int8 %.5f, int4 %.4f%n",
        int8, int4, row8, row4);
    assertThat(int8).isLessThan(0.02).isLessThan(row8);
    assertThat(int4).isLessThan(0.3).isLessThan(row4);
  }

  private interface Quantizer {
    QuantizedMatrix of(NDArray weight);
  }

  private float[] stateAfterTheLayer(ChatGlmConfig config, Quantizer quantizer) {
    WeightSource normal =
        new WeightSource() {
          @Override
          public Set<String> names() {
            return Set.of();
          }

          @Override
          public NDArray read(String name, Shape shape, NDManager owner) {
            if (shape.dimension() == 1) {
              return name.endsWith("bias") ? owner.zeros(shape) : owner.ones(shape);
            }
            // A pool of normal numbers, since billions of draws would take minutes.
            NDArray pool = new TorchRandom(name.hashCode()).randn(owner, new Shape(1_000_003));
            long repeats = shape.size() / 1_000_003 + 1;
            NDArray values = pool.tile(repeats).get(":" + shape.size()).reshape(shape);
            return values.div((float) Math.sqrt(shape.get(1)));
          }

          @Override
          public Optional<QuantizedMatrix> quantized(String name, Shape shape, NDManager owner) {
            return quantizer == null || name.startsWith("output_layer")
                ? Optional.empty()
                : Optional.of(quantizer.of(read(name, shape, owner)));
          }
        };
    try (NDManager scope = manager.newSubManager();
        ChatGlm encoder = new ChatGlm(config, new Weights(normal, scope.newSubManager()))) {
      int length = 32;
      long[] ids = new TorchRandom(1).randint(0, 64, length);
      long[] positions = new long[length];
      long[] ones = new long[length];
      for (int i = 0; i < length; i++) {
        positions[i] = i;
        ones[i] = 1;
      }
      Shape row = new Shape(1, length);
      List<NDArray> states =
          encoder.hiddenStates(
              scope.create(ids, row), scope.create(ones, row), scope.create(positions, row));
      return states.get(1).toFloatArray();
    }
  }

  private static QuantizedMatrix quantized(NDArray weight, Quantization quantization) {
    return QuantizedMatrix.of(weight, quantization);
  }

  /** As ChatGLM's quantization.py: the largest absolute weight of a row is the highest level. */
  private static QuantizedMatrix symmetric(NDArray weight, int bits) {
    int highest = (1 << bits - 1) - 1;
    NDArray scale = weight.abs().max(new int[] {1}, true).div(highest);
    NDArray levels = weight.div(scale).round().add(highest).toType(DataType.UINT8, false);
    return new QuantizedMatrix(levels, scale.mul(-highest), scale, 8);
  }

  /** Root of the mean squared difference over that of the mean square. */
  private static double relativeError(float[] actual, float[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }
}
