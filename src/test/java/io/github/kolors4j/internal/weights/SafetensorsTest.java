package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path folder;
  private NDManager manager;

  @BeforeEach
  void openManager() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void aFileThatPythonWroteIsReadWithNamesTypesShapesAndValues() {
    try (SafetensorsFile file = SafetensorsFile.open(GOLDEN.resolve("text_encoder.safetensors"))) {
      assertThat(file.names()).hasSize(8).contains("input_ids", "prompt_embeds");
      assertThat(file.info("input_ids"))
          .isEqualTo(new TensorInfo("input_ids", DataType.INT64, new Shape(3, 256)));
      assertThat(file.metadata().get("prompts")).contains("二次元");
      long[] ids = file.read("input_ids", manager).toLongArray();
      assertThat(ids).hasSize(768).endsWith(260, 4577).contains(64790, 64792);
      NDArray last = file.read("hidden_states.3", manager).get(":, -1");
      assertThat(file.read("pooled_prompt_embeds", manager)).isEqualTo(last);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_files/diffusers", "lora_files/kohya_sdxl", "vae_ldm", "unet"})
  void aFileThatIsReadAndWrittenAgainIsTheSameByteForByte(String name) throws IOException {
    Path original = GOLDEN.resolve(name + ".safetensors");
    Path copy = folder.resolve("copy.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(original)) {
      SafetensorsWriter.write(copy, readAll(file), file.metadata());
    }
    assertThat(copy).hasSameBinaryContentAs(original);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void everyTypeComesBackAsItWasStored() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("bool", manager.create(new boolean[] {true, false}));
    tensors.put("byte", manager.create(new byte[] {1, -2}));
    tensors.put("int", manager.create(new int[] {1, -2}));
    tensors.put("long", manager.create(new long[] {1, Long.MIN_VALUE}));
    tensors.put("half", manager.create(new float[] {0.5f, -2}).toType(DataType.FLOAT16, false));
    tensors.put("float", manager.create(new float[] {0.1f, Float.NEGATIVE_INFINITY}));
    tensors.put("double", manager.create(new double[] {0.1, -2}));
    tensors.put("scalar", manager.create(3f));
    tensors.put("empty", manager.create(new Shape(0, 4)));
    Path path = folder.resolve("types.safetensors");
    SafetensorsWriter.write(path, tensors);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
      tensors.forEach((name, array) -> assertThat(file.read(name, manager)).isEqualTo(array));
    }
  }

  @Test
  void floatsCanBeStoredInHalfTheSpaceAndOtherTypesStay() {
    Path path = folder.resolve("half.safetensors");
    NDArray floats = manager.create(new float[] {1, 0.1f, 65504});
    NDArray longs = manager.create(new long[] {1, 2});
    SafetensorsWriter.write(
        path, Map.of("floats", floats, "longs", longs), Map.of(), DataType.FLOAT16);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.info("floats").type()).isEqualTo(DataType.FLOAT16);
      assertThat(file.read("floats", manager)).isEqualTo(floats.toType(DataType.FLOAT16, true));
      assertThat(file.read("longs", manager)).isEqualTo(longs);
    }
  }

  @Test
  void aTransposedArrayIsWrittenInItsOwnOrder() {
    NDArray transposed = manager.arange(6f).reshape(2, 3).transpose();
    Path path = folder.resolve("transposed.safetensors");
    SafetensorsWriter.write(path, Map.of("x", transposed));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.read("x", manager).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
    }
  }

  @Test
  void bfloat16IsWidenedToFloat32() throws IOException {
    // 1, -2.5 and a NaN, whose upper halves as float32 are 3f80, c020 and 7fc1.
    byte[] data = {(byte) 0x80, 0x3f, 0x20, (byte) 0xc0, (byte) 0xc1, 0x7f};
    Path path = file("{\"x\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}", data);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.info("x").type()).isEqualTo(DataType.BFLOAT16);
      NDArray x = file.read("x", manager);
      assertThat(x.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(x.toFloatArray()).containsExactly(1f, -2.5f, Float.NaN);
    }
  }

  @Test
  void aTensorIsMovedInPiecesWithNothingLost() throws IOException {
    NDArray array = manager.arange(100f).reshape(10, 10);
    ByteBuffer bytes = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    TensorBytes.write(array.transpose(), bytes::put, 28);
    NDArray read =
        TensorBytes.create(
            manager,
            new Shape(10, 10),
            ElementType.F32,
            (target, position) -> target.put(bytes.slice((int) position, target.remaining())),
            36);
    assertThat(read).isEqualTo(array.transpose());
  }

  @Test
  void aTensorBeyondFourGibibytesIsReadFromASparseFile() throws IOException {
    long far = 5L << 30;
    String header =
        "{\"big\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
            + "\"end\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}";
    Path path = file(header.formatted(far, far, far, far + 8), new byte[0]);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(values.putFloat(3).putFloat(4).flip(), channel.size() + far);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.info("big").bytes()).isEqualTo(far);
      assertThat(file.read("end", manager).toFloatArray()).containsExactly(3, 4);
    }
  }

  @Test
  void aTruncatedFileIsRefusedWithItsNameAndTheTensorThatLacks() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("lora_files/diffusers.safetensors"));
    Path path = folder.resolve("cut.safetensors");
    for (int length : new int[] {0, 7, 8, 100, whole.length - 1}) {
      Files.write(path, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("cut.safetensors", "download or save it again");
    }
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .hasMessageContainingAll("ends 1 bytes before tensor 'unet.", "cut off");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'x':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | tensor 'x' of shape [3]",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | bytes 8 to 0",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | bytes -8 to 0",
        "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | negative size -2",
        "{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | no memory",
        "{'x':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}} | no whole one",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 4 bytes unused before",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4 bytes after its last",
        "{'x':{'dtype':'F32','shape':[9],'data_offsets':[0,36]}} | 28 bytes before tensor 'x'",
        "{'x':{'dtype':'Q4','shape':[2],'data_offsets':[0,8]}} | stores tensor 'x' as Q4",
        "{'x':{'dtype':'F32','shape':[2]}} | lacks dtype, shape",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 'x' twice",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'y':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 'y' over the one before",
        "{'x':7} | not the JSON",
        "[] | not the JSON",
        "{'x' | not the JSON",
        "{}{} | not the JSON",
      })
  void aLyingHeaderIsRefused(String header, String message) throws IOException {
    Path path = file(header.replace('\'', '"'), new byte[8]);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("test.safetensors", message);
  }

  @Test
  void aHeaderLongerThanItMayBeIsRefusedBeforeMemoryIsTaken() throws IOException {
    Path path = folder.resolve("long.safetensors");
    for (long length : new long[] {-1, Long.MAX_VALUE, 100_000_001}) {
      ByteBuffer first = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(path, first.putLong(length).array());
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .hasMessageContainingAll("long.safetensors", "is no safetensors file");
    }
  }

  @Test
  void aTensorThatIsNotThereIsNamedWithTheNearest() {
    try (SafetensorsFile file = SafetensorsFile.open(GOLDEN.resolve("text_encoder.safetensors"))) {
      assertThatThrownBy(() -> file.read("hidden_state.3", manager))
          .hasMessageContainingAll("'hidden_state.3'", "'hidden_states.3'");
    }
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
        .hasMessageContainingAll("none.safetensors", "does not exist");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldFileAsItWas() throws IOException {
    Path path = folder.resolve("kept.safetensors");
    SafetensorsWriter.write(path, Map.of("x", manager.create(1f)));
    byte[] before = Files.readAllBytes(path);
    NDArray closed = manager.create(2f);
    closed.close();
    assertThatThrownBy(() -> SafetensorsWriter.write(path, Map.of("x", closed)))
        .isInstanceOf(RuntimeException.class);
    assertThat(path).hasBinaryContent(before);
  }

  private Map<String, NDArray> readAll(TensorFile file) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    file.names().forEach(name -> tensors.put(name, file.read(name, manager)));
    return tensors;
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(data);
    return Files.write(folder.resolve("test.safetensors"), bytes.array());
  }

  @Test
  void float32IsStoredAsTheNearestBfloat16() {
    float[] values = {1.00390625f, 1.01171875f, -3.14159265f, Float.MAX_VALUE, 1e-40f, Float.NaN};
    // The bits of torch.tensor(values).bfloat16(): ties go to even, the largest value overflows.
    int[] nearest = {0x3f80, 0x3f82, 0xc049, 0x7f80, 0x0001, 0x7fc0};
    Path path = folder.resolve("half.safetensors");
    TensorInfo info = new TensorInfo("x", DataType.BFLOAT16, new Shape(values.length));
    SafetensorsWriter.write(path, List.of(info), name -> manager.create(values), Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.info("x").type()).isEqualTo(DataType.BFLOAT16);
      float[] read = file.read("x", manager).toFloatArray();
      for (int i = 0; i < values.length; i++) {
        assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(nearest[i] << 16);
      }
    }
  }
}
