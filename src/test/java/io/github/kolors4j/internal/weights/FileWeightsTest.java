package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How weights are held in memory, and weights that stay in their file. */
class FileWeightsTest {
  private static final Shape SHAPE = new Shape(3, 128);

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet", "text_encoder", "vae"})
  void mappedTensorsOfEitherKindOfFileHaveTheValuesOfReadOnes(String network) {
    try (TensorFile file = WeightFolder.open(Golden.TINY.resolve(network))) {
      for (String name : file.names()) {
        try (NDArray mapped = file.map(name, manager);
            NDArray read = file.read(name, manager)) {
          assertThat(mapped).as(name).isEqualTo(read);
        }
      }
    }
  }

  @Test
  void aSingleFileVaeIsMappedUnderDiffusersNames() {
    try (TensorFile file =
        LdmVaeNames.toDiffusers(SafetensorsFile.open(Golden.path("vae_ldm.safetensors")))) {
      for (String name : file.names()) {
        assertThat(file.map(name, manager)).as(name).isEqualTo(file.read(name, manager));
      }
    }
  }

  @Test
  void aMappedTensorOutlivesItsFile() {
    NDArray mapped;
    NDArray read;
    try (TensorFile file = WeightFolder.open(Golden.TINY.resolve("unet"))) {
      mapped = file.map("conv_in.weight", manager);
      read = file.read("conv_in.weight", manager);
    }
    System.gc();
    assertThat(mapped).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "fp32, fp32, FLOAT32",
    "fp32, bf16, BFLOAT16",
    "fp32, fp16, FLOAT16",
    "fp16, fp32, FLOAT32",
    "fp16, int8, FLOAT16",
    "fp16, disk, FLOAT16",
    "fp32, disk, FLOAT32",
    "bf16, disk, BFLOAT16",
    "bf16, bf16, BFLOAT16",
  })
  void tensorsAreHeldAsAskedFor(String stored, String storageType, Precision expected)
      throws Exception {
    NDArray values = new TorchRandom(1).randn(manager, SHAPE);
    try (TensorFile file = SafetensorsFile.open(store(values, stored))) {
      LoadOptions loading = new LoadOptions(Precision.FLOAT32, StorageType.named(storageType));
      NDArray held = new FileWeights(file, "test", loading).read("x", SHAPE, manager);
      assertThat(Precision.of(held)).isEqualTo(expected);
      // A bfloat16 is cut off here, not rounded: one unit of its eighth bit at most.
      assertThat(TensorOperators.float32(held).sub(values).abs().max().getFloat())
          .isLessThan(values.abs().max().getFloat() / 128);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4"})
  void matricesAreQuantizedOnTheirWayFromTheFile(String storageType) throws Exception {
    NDArray values = new TorchRandom(1).randn(manager, SHAPE);
    try (TensorFile file = SafetensorsFile.open(store(values, "fp16"))) {
      LoadOptions loading = new LoadOptions(Precision.FLOAT32, StorageType.named(storageType));
      Weights weights = new Weights(new FileWeights(file, "test", loading), manager);
      assertThatThrownBy(() -> weights.requireAllUsed("test")).hasMessageContaining("x");
      QuantizedMatrix matrix = weights.quantized("x", 3, 128).orElseThrow();
      weights.requireAllUsed("test");
      assertThat(matrix.bits()).isEqualTo(storageType.equals("int8") ? 8 : 4);
      assertThatThrownBy(() -> weights.quantized("x", 128, 3))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("(3, 128)");
    }
  }

  @Test
  void whatIsLeftInTheFileIsCheckedAndCounted() throws Exception {
    try (TensorFile file = SafetensorsFile.open(store(manager.ones(SHAPE), "fp32"))) {
      Weights weights = new Weights(new FileWeights(file, "test", LoadOptions.FLOAT32), manager);
      assertThatThrownBy(() -> weights.leave("x", 3, 127)).hasMessageContaining("(3, 128)");
      assertThatThrownBy(() -> weights.leave("y", 3, 128)).hasMessageContaining("nearest name");
      weights.leave("x", 3, 128);
      weights.requireAllUsed("test");
      assertThat(weights.tensors()).isEmpty();
    }
  }

  @Test
  void anUnknownHoldingIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> StorageType.named("int3")).hasMessageContaining("int8, int4, disk");
    assertThatThrownBy(() -> Precision.named("fp8")).hasMessageContaining("fp32, bf16, fp16");
  }

  @Test
  void convertedWeightsTakePartInATraining() {
    Path path = folder.resolve("half.safetensors");
    NDArray half = manager.create(new float[] {1, 2}, new Shape(1, 2));
    SafetensorsWriter.write(path, Map.of("weight", half), Map.of(), DataType.FLOAT16);
    NDArray weight;
    try (TensorFile file = SafetensorsFile.open(path)) {
      weight =
          new FileWeights(file, "half", LoadOptions.FLOAT32)
              .read("weight", new Shape(1, 2), manager);
    }
    NDArray input = manager.create(new float[] {3, 4}, new Shape(1, 2));
    input.setRequiresGradient(true);

    try (Gradients recording = Gradients.enable()) {
      Gradients.backward(TensorOperators.linear(input, weight, null).sum());
    }

    assertThat(Gradients.of(input).toFloatArray()).containsExactly(1, 2);
  }

  private Path store(NDArray values, String type) throws Exception {
    Path path = folder.resolve(type + ".safetensors");
    if (!type.equals("bf16")) {
      SafetensorsWriter.write(
          path,
          Map.of("x", values),
          Map.of(),
          type.equals("fp16") ? DataType.FLOAT16 : DataType.FLOAT32);
      return path;
    }
    byte[] header =
        "{\"x\":{\"dtype\":\"BF16\",\"shape\":[3,128],\"data_offsets\":[0,768]}}"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 768).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    for (float value : values.toFloatArray()) {
      bytes.putShort((short) (Float.floatToRawIntBits(value) >> 16));
    }
    Files.write(path, bytes.array());
    return path;
  }
}
