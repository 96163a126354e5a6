package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class TorchRandomTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void aSeedGivesThePublishedNumbersInThisOrder() throws IOException {
    for (int seed : new int[] {0, 1, 7, 12345}) {
      TorchRandom random = new TorchRandom(seed);
      assertBits(random.randn(1, 4, 16, 16), floats("randn." + seed));
      assertBits(random.randn(5), floats("randn_small." + seed));
      assertThat(random.randint(0, 1100, 8)).isEqualTo(longs("randint." + seed));
      assertBits(random.rand(7), floats("rand." + seed));
    }
  }

  @Test
  void mixedCallsOfEverySizeFollowTorch() throws IOException {
    for (JsonElement element : more().getAsJsonArray("sequences")) {
      JsonObject golden = element.getAsJsonObject();
      TorchRandom random = new TorchRandom(golden.get("seed").getAsLong());
      assertBits(random.randn(3), floats(golden, "randn_3"));
      assertBits(random.randn(16), floats(golden, "randn_16"));
      assertBits(random.randn(2), floats(golden, "randn_2"));
      assertBits(random.randn(5, 5), floats(golden, "randn_5x5"));
      assertBits(random.randn(33), floats(golden, "randn_33"));
      assertBits(random.rand(3), floats(golden, "rand_3"));
      assertThat(random.randint(-5, 5, 9)).isEqualTo(longs(golden, "randint_small"));
      assertThat(random.randint(-(1L << 40), 1L << 40, 9))
          .isEqualTo(longs(golden, "randint_large"));
      assertThat(random.randint(Long.MIN_VALUE, Long.MAX_VALUE, 9))
          .isEqualTo(longs(golden, "randint_huge"));
      assertThat(random.randperm(1)).isEqualTo(longs(golden, "randperm_1"));
      assertThat(random.randperm(100)).isEqualTo(longs(golden, "randperm_100"));
      assertThat(random.randperm(0)).isEmpty();
      assertBits(random.rand(2), floats(golden, "rand_after"));
      assertBits(random.randn(1), floats(golden, "randn_1"));
    }
  }

  @Test
  void aLatentOfNoiseIsBitEqual() throws IOException {
    assertBits(new TorchRandom(3).randn(1, 4, 32, 32), floats(more(), "long"));
  }

  @Test
  void aMillionNormalNumbersAreBitEqual() throws IOException {
    float[] values = new TorchRandom(2024).randn(1_000_003);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    assertThat(crc.getValue()).isEqualTo(more().get("crc32_of_1000003").getAsLong());
  }

  @Test
  void itAgreesWithTheTorchUnderneath() {
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(11);
      NDArray expected = manager.randomNormal(new Shape(2, 3, 50));
      NDArray actual = new TorchRandom(11).randn(manager, new Shape(2, 3, 50));
      assertThat(actual.getShape()).isEqualTo(expected.getShape());
      assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(2e-6f);
    }
  }

  @Test
  void arraysHoldTheSameNumbersAsTheirPlainForms() {
    try (NDManager manager = NDManager.newBaseManager()) {
      TorchRandom random = new TorchRandom(5);
      TorchRandom same = new TorchRandom(5);
      assertThat(random.rand(manager, new Shape(2, 4)).toFloatArray()).isEqualTo(same.rand(2, 4));
      NDArray integers = random.randint(manager, 3, 9, new Shape(4, 1));
      assertThat(integers.getShape()).isEqualTo(new Shape(4, 1));
      assertThat(integers.toLongArray()).isEqualTo(same.randint(3, 9, 4, 1));
      assertThat(random.randperm(manager, 6).toLongArray()).isEqualTo(same.randperm(6));
    }
  }

  @Test
  void aRestoredGeneratorGoesOnWhereItWasSaved() {
    TorchRandom random = new TorchRandom(99);
    random.randn(700);
    random.randn(3); // a cached normal number waits now
    byte[] state = random.state();
    TorchRandom.State snapshot = random.snapshot();
    float[] small = random.randn(3);
    float[] large = random.randn(1000);
    for (TorchRandom again :
        new TorchRandom[] {TorchRandom.restore(state), new TorchRandom(snapshot)}) {
      assertThat(again.seed()).isEqualTo(99);
      assertThat(again.randn(3)).isEqualTo(small);
      assertThat(again.randn(1000)).isEqualTo(large);
      assertThat(again.state()).isEqualTo(random.state());
    }
  }

  @Test
  void aSnapshotIsNotMovedByLaterDraws() {
    TorchRandom random = new TorchRandom(1);
    TorchRandom.State before = random.snapshot();
    int[] words = before.words().clone();
    random.rand(5000);
    assertThat(before.words()).isEqualTo(words);
  }

  @Test
  void bytesThatAreNoStateAreRefused() {
    byte[] state = new TorchRandom(1).state();
    assertThatThrownBy(() -> TorchRandom.restore(Arrays.copyOf(state, 100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 bytes");
    byte[] position = state.clone();
    position[4 + 8 + 4 * 624] = 0x7F;
    assertThatThrownBy(() -> TorchRandom.restore(position))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("position");
  }

  @Test
  void anEmptyRangeIsRefused() {
    assertThatThrownBy(() -> new TorchRandom(0).randint(5, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("low is 5");
  }

  /** All within 2e-6, and every one equal in its bits. */
  private static void assertBits(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-6f));
    assertThat(bits(actual)).isEqualTo(bits(expected));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static JsonObject more() throws IOException {
    String text = Files.readString(GOLDEN.resolve("random_more.json"));
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static float[] floats(JsonObject golden, String name) {
    JsonArray bits = golden.getAsJsonArray(name);
    float[] values = new float[bits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bits.get(i).getAsInt());
    }
    return values;
  }

  private static long[] longs(JsonObject golden, String name) {
    return golden.getAsJsonArray(name).asList().stream()
        .mapToLong(JsonElement::getAsLong)
        .toArray();
  }

  private static float[] floats(String name) throws IOException {
    ByteBuffer data = tensor(name);
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }

  private static long[] longs(String name) throws IOException {
    ByteBuffer data = tensor(name);
    long[] values = new long[data.remaining() / Long.BYTES];
    data.asLongBuffer().get(values);
    return values;
  }

  /** One tensor's bytes from random.safetensors. */
  private static ByteBuffer tensor(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(GOLDEN.resolve("random.safetensors"));
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) file.getLong(0);
    String json = new String(bytes, 8, header, StandardCharsets.UTF_8);
    JsonArray offsets =
        JsonParser.parseString(json)
            .getAsJsonObject()
            .getAsJsonObject(name)
            .getAsJsonArray("data_offsets");
    int start = offsets.get(0).getAsInt();
    int length = offsets.get(1).getAsInt() - start;
    return file.slice(8 + header + start, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
