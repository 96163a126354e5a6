package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedMatrixTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  /** More rows than are quantized at a time. */
  private NDArray weights() {
    return new TorchRandom(3).randn(manager, new Shape(2100, 128));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 4})
  void everyWeightIsOffByHalfAStepAtMost(int bits) {
    NDArray weight = weights();
    QuantizedMatrix matrix = QuantizedMatrix.of(weight, new Quantization(bits, 64));
    assertThat(matrix.shape()).isEqualTo(weight.getShape());
    assertThat(matrix.levels().getDataType()).isEqualTo(DataType.UINT8);
    assertThat(matrix.levels().getShape()).isEqualTo(new Shape(2100, 128 * bits / 8));
    assertThat(matrix.scale().getShape()).isEqualTo(new Shape(2100, 2));
    float[] differences = matrix.dequantize().sub(weight).abs().toFloatArray();
    float[] steps = matrix.scale().toFloatArray();
    for (int i = 0; i < differences.length; i++) {
      assertThat(differences[i]).isLessThanOrEqualTo(steps[i / 64] * 0.5001f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 4})
  void theExtremesOfAGroupAreKept(int bits) {
    NDArray weight = manager.create(new float[] {-3, 0.1f, 0.2f, 5, 7, 7, 7, 7}, new Shape(1, 8));
    float[] restored =
        QuantizedMatrix.of(weight, new Quantization(bits, 4)).dequantize().toFloatArray();
    assertThat(restored[0]).isEqualTo(-3);
    assertThat(restored[3]).isCloseTo(5, offset(1e-5f));
    assertThat(restored).endsWith(7, 7, 7, 7);
  }

  @Test
  void aProductIsThatOfTheRestoredWeightsInTheTypeOfItsInput() {
    QuantizedMatrix matrix = QuantizedMatrix.of(weights(), Quantization.INT4);
    NDArray x = new TorchRandom(4).randn(manager, new Shape(2, 3, 128));
    NDArray bias = new TorchRandom(5).randn(manager, new Shape(2100));
    assertThat(matrix.linear(x, bias))
        .isEqualTo(TensorOperators.linear(x, matrix.dequantize(), bias));
    assertThat(Precision.of(matrix.linear(Precision.BFLOAT16.convert(x), null)))
        .isEqualTo(Precision.BFLOAT16);
  }

  @Test
  void halfPrecisionWeightsAreQuantizedToo() {
    NDArray weight = weights().toType(DataType.FLOAT16, false);
    NDArray restored = QuantizedMatrix.of(weight, Quantization.INT8).dequantize();
    assertThat(restored.sub(TensorOperators.float32(weight)).abs().max().getFloat())
        .isLessThan(0.02f);
  }

  @Test
  void rowsThatAreNoWholeNumberOfGroupsAreOneGroup() {
    NDArray weight = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
    QuantizedMatrix matrix = QuantizedMatrix.of(weight, new Quantization(8, 2));
    assertThat(matrix.scale().getShape()).isEqualTo(new Shape(2, 1));
    assertThat(Quantization.INT4.fits(3)).isFalse();
  }

  @Test
  void bytesAreCountedAsTheyAreTaken() {
    for (Quantization quantization : new Quantization[] {Quantization.INT8, Quantization.INT4}) {
      QuantizedMatrix matrix = QuantizedMatrix.of(weights(), quantization);
      assertThat(quantization.bytes(2100, 128))
          .isEqualTo(
              matrix.levels().size() + 4 * matrix.scale().size() + 4 * matrix.minimum().size());
    }
    assertThatThrownBy(() -> new Quantization(3, 64)).hasMessageContaining("not 3");
  }
}
