package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path SHARD =
      GOLDEN.resolve("kolors-tiny/text_encoder/pytorch_model-00002-of-00002.bin");

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
  void aShardThatTorchSavedIsReadWithTypesAndShapes() {
    try (TorchFile file = TorchFile.open(SHARD)) {
      assertThat(file.names()).hasSize(13).contains("encoder.final_layernorm.weight");
      assertThat(file.info("encoder.layers.2.mlp.dense_h_to_4h.weight").shape())
          .isEqualTo(new Shape(176, 32));
      NDArray norm = file.read("encoder.final_layernorm.weight", manager);
      assertThat(norm.getDataType()).isEqualTo(DataType.FLOAT16);
      assertThat(norm.getShape()).isEqualTo(new Shape(32));
    }
  }

  @Test
  void anExpandedTensorTakesTheMemoryOfItsOneValue() {
    try (TorchFile file = TorchFile.open(SHARD)) {
      NDArray output = file.read("output_layer.weight", manager);
      assertThat(output.getShape()).isEqualTo(new Shape(65024, 32));
      assertThat(output.get("65000:, 3").toType(DataType.FLOAT32, false).toFloatArray())
          .containsOnly(0.5f)
          .hasSize(24);
    }
  }

  @Test
  void aCheckpointHoldsTheValuesOfTheSameAdapterInSafetensors() {
    try (TorchFile checkpoint = TorchFile.open(GOLDEN.resolve("lora_files/peft_names.ckpt"));
        SafetensorsFile same =
            SafetensorsFile.open(GOLDEN.resolve("lora_files/diffusers.safetensors"))) {
      assertThat(checkpoint.names()).hasSize(272);
      for (String name : checkpoint.names()) {
        String other = "unet." + name.replace(".default.", ".");
        assertThat(checkpoint.read(name, manager)).isEqualTo(same.read(other, manager));
      }
    }
  }

  @Test
  void whatIsWrittenComesBackInOrderAndType() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("z", manager.arange(6f).reshape(2, 3));
    tensors.put("transposed", manager.arange(6f).reshape(2, 3).transpose());
    tensors.put("half", manager.create(new float[] {1, 2}).toType(DataType.FLOAT16, false));
    tensors.put("long", manager.create(new long[] {1L << 40, -1}));
    tensors.put("bool", manager.create(new boolean[] {true, false}));
    tensors.put("scalar", manager.create(7.5f));
    tensors.put("empty", manager.create(new Shape(0, 3)));
    tensors.put("蓝", manager.create(new int[] {1}));
    Path path = folder.resolve("new/epoch=0-step=5.ckpt");
    TorchWriter.write(path, tensors);
    try (TorchFile file = TorchFile.open(path)) {
      assertThat(file.names()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach((name, array) -> assertThat(file.read(name, manager)).isEqualTo(array));
    }
    assertThat(path.getParent()).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void everyEntryBeginsWhereTorchCanMapItAndEqualWeightsGiveEqualFiles() throws IOException {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (int i = 1; i < 40; i++) {
      tensors.put("x" + i, manager.arange((float) i));
    }
    Path path = folder.resolve("weights.ckpt");
    TorchWriter.write(path, tensors);
    byte[] file = Files.readAllBytes(path);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int entries = 0;
    // A local header is 30 bytes long, name and extra field follow (zip specification, 4.3.7).
    for (int start = 0; bytes.getInt(start) == 0x04034b50; entries++) {
      int content = start + 30 + bytes.getShort(start + 26) + bytes.getShort(start + 28);
      assertThat(content % 64).isZero();
      start = content + bytes.getInt(start + 18);
    }
    assertThat(entries).isEqualTo(39 + 3);
    TorchWriter.write(path, tensors);
    assertThat(path).hasBinaryContent(file);
  }

  @Test
  void viewsOfOneSharedStorageAreReadByTheirStridesAndOffsets() throws IOException {
    byte[] storage = floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    Path path =
        checkpoint(
            "little",
            storage,
            dict(
                tensor("whole", "FloatStorage", 12, 0, "3,4", "4,1"),
                tensor("transposed", "FloatStorage", 12, 0, "4,3", "1,4"),
                tensor("column", "FloatStorage", 12, 2, "3", "4"),
                tensor("corner", "FloatStorage", 12, 5, "2,2", "4,1"),
                tensor("repeated", "FloatStorage", 12, 1, "2,3", "0,4"),
                tensor("row", "FloatStorage", 12, 8, "1,4", "99,1")));
    try (TorchFile file = TorchFile.open(path)) {
      NDArray whole = manager.arange(12f).reshape(3, 4);
      assertThat(file.read("whole", manager)).isEqualTo(whole);
      assertThat(file.read("transposed", manager)).isEqualTo(whole.transpose());
      assertThat(file.read("column", manager).toFloatArray()).containsExactly(2, 6, 10);
      assertThat(file.read("corner", manager).toFloatArray()).containsExactly(5, 6, 9, 10);
      assertThat(file.read("repeated", manager).toFloatArray()).containsExactly(1, 5, 9, 1, 5, 9);
      assertThat(file.read("row", manager).toFloatArray()).containsExactly(8, 9, 10, 11);
    }
  }

  @Test
  void aBigEndianCheckpointGivesTheSameNumbers() throws IOException {
    byte[] storage = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).array();
    Path path = checkpoint("big", storage, dict(tensor("x", "FloatStorage", 2, 0, "2", "1")));
    try (TorchFile file = TorchFile.open(path)) {
      assertThat(file.read("x", manager).toFloatArray()).containsExactly(1.5f, -2);
    }
  }

  @Test
  void bfloat16IsWidenedToFloat32() throws IOException {
    byte[] storage = {(byte) 0x80, 0x3f, 0x20, (byte) 0xc0};
    Path path = checkpoint("little", storage, dict(tensor("x", "BFloat16Storage", 2, 0, "2", "1")));
    try (TorchFile file = TorchFile.open(path)) {
      assertThat(file.info("x").type()).isEqualTo(DataType.BFLOAT16);
      assertThat(file.read("x", manager).toFloatArray()).containsExactly(1f, -2.5f);
    }
  }

  @Test
  void aLightningCheckpointIsReadByTheNamesInItsStateDict() throws IOException {
    String state = dict(tensor("unet.a", "FloatStorage", 2, 0, "2", "1"));
    String pickle =
        "}(X" + raw(text("epoch")) + "K" + "\u0003" + "X" + raw(text("state_dict")) + state + "u";
    Path path = checkpoint("little", floats(1, 2), pickle);
    try (TorchFile file = TorchFile.open(path)) {
      assertThat(file.names()).containsExactly("unet.a");
      assertThat(file.metadata()).containsExactly(Map.entry("epoch", "3"));
    }
  }

  @Test
  void aPickleThatWantsToRunSomethingIsRefusedByName() throws IOException {
    // What pickle.dumps makes of a class whose __reduce__ returns (os.system, ("echo",)).
    Path path =
        checkpoint("little", new byte[0], "cposix\nsystem\nX" + raw(text("echo")) + "\u0085R");
    assertThatThrownBy(() -> TorchFile.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("test.pt", "asks to run `posix.system`", "not a weights file");
    Path newer =
        checkpoint(
            "little", new byte[0], "X" + raw(text("os")) + "X" + raw(text("popen")) + "\u0093");
    assertThatThrownBy(() -> TorchFile.open(newer)).hasMessageContaining("`os.popen`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FloatStorage | 3 | 0 | 3 | 1 | should have 3 values of 4 bytes, where the file holds 8",
        "FloatStorage | -1 | 0 | 1 | 1 | should have -1 values",
        "FloatStorage | 2 | 1 | 2 | 1 | reaches beyond its storage of 2 values",
        "FloatStorage | 2 | 0 | 2 | 2 | reaches beyond its storage of 2 values",
        "FloatStorage | 2 | -1 | 2 | 1 | reaches beyond its storage",
        "FloatStorage | 2 | 0 | -2 | 1 | negative size or stride",
        "FloatStorage | 2 | 0 | 2 | -1 | negative size or stride",
        "FloatStorage | 2 | 0 | 2,1 | 1 | 2 dimensions but 1 strides",
        "FloatStorage | 2 | 0 | 1,2147483647 | 1,2147483647 | reaches beyond its storage",
        "FloatStorage | 2 | 0 | 2147483647,2147483647,2147483647 | 0,0,0 | no memory holds",
        "HalfStorage | 4 | 0 | 2,2,2 | 1,1,1 | several times over",
        "ComplexFloatStorage | 1 | 0 | 1 | 1 | stores numbers as torch.ComplexFloatStorage",
      })
  void aTensorThatDoesNotFitItsStorageIsRefused(
      String type, int elements, int offset, String shape, String strides, String message)
      throws IOException {
    Path path =
        checkpoint(
            "little", new byte[8], dict(tensor("x", type, elements, offset, shape, strides)));
    assertThatThrownBy(() -> TorchFile.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("test.pt", message);
  }

  @Test
  void aDamagedPickleIsRefused() throws IOException {
    for (String pickle :
        new String[] {
          "", "R", "u", "(((", "X\u00ff\u00ff\u00ff\u007f", "h\u0001", "K\u0001Q", "Nb"
        }) {
      Path path = checkpoint("little", new byte[8], pickle);
      assertThatThrownBy(() -> TorchFile.open(path))
          .as(pickle)
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("test.pt", "makes no sense");
    }
  }

  @Test
  void aPickleThatContainsItselfIsRefused() throws IOException {
    Path path = checkpoint("little", new byte[8], "}q\u0000X" + raw(text("x")) + "h\u0000s");
    assertThatThrownBy(() -> TorchFile.open(path)).hasMessageContaining("without end");
  }

  @Test
  void aMissingStorageIsNamed() throws IOException {
    Path path = checkpoint("little", null, dict(tensor("x", "FloatStorage", 2, 0, "2", "1")));
    assertThatThrownBy(() -> TorchFile.open(path))
        .hasMessageContainingAll("'x'", "storage 0, which the file lacks");
  }

  @Test
  void aTruncatedCheckpointIsRefusedWithItsName() throws IOException {
    byte[] whole = Files.readAllBytes(SHARD);
    Path path = folder.resolve("cut.bin");
    for (int length : new int[] {whole.length / 2, whole.length - 1, 100}) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TorchFile.open(path))
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("cut.bin", "damaged or was cut off");
    }
  }

  @Test
  void whatIsNoCheckpointIsExplained() throws IOException {
    Path path = folder.resolve("model.bin");
    Files.write(path, HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e"));
    assertThatThrownBy(() -> TorchFile.open(path))
        .hasMessageContainingAll("model.bin", "old format", "torch.save");
    Files.writeString(path, "version https://git-lfs.github.com/spec/v1\n");
    assertThatThrownBy(() -> TorchFile.open(path)).hasMessageContaining("git lfs pull");
    Files.writeString(path, "<!DOCTYPE html>");
    assertThatThrownBy(() -> TorchFile.open(path)).hasMessageContaining("web page");
    Files.writeString(path, "");
    assertThatThrownBy(() -> TorchFile.open(path)).hasMessageContaining("no torch checkpoint");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
    }
    assertThatThrownBy(() -> TorchFile.open(path)).hasMessageContaining("no data.pkl");
    assertThatThrownBy(() -> TorchFile.open(folder.resolve("none.pt")))
        .hasMessageContaining("does not exist");
  }

  @Test
  void aRepackedCheckpointIsRefusedWithTheRemedy() throws IOException {
    Path path = folder.resolve("test.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write(latin1("\u0080\u0002" + dict(tensor("x", "FloatStorage", 2, 0, "2", "1")) + "."));
      zip.putNextEntry(new ZipEntry("a/data/0"));
      zip.write(new byte[8]);
    }
    assertThatThrownBy(() -> TorchFile.open(path))
        .hasMessageContainingAll("compressed", "save it again with torch.save");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hashes",
        "steps",
        "nested",
        "pairs",
        "long keys",
        "long names",
        "dimensions",
        "sharing"
      })
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSmallPickleThatWouldTakeAllTimeOrMemoryIsRefused(String kind) throws IOException {
    String text = "X" + raw(text("a"));
    String pickle =
        switch (kind) {
          // a list of two of a list of two of …, forty deep, as a key
          case "hashes" -> "}]" + "q\u0000]h\u0000ah\u0000a".repeat(40) + "Ns";
          case "steps" -> "]".repeat(2_000_001);
          case "nested" -> "]".repeat(100_000) + "a".repeat(99_999);
          case "pairs" ->
              "]q\u0000("
                  + (text + "N\u0086").repeat(10_000)
                  + "e0" // a list, then many copies
                  + "]"
                  + "ccollections\nOrderedDict\nh\u0000\u0085Ra".repeat(1_000);
          case "long keys" -> "}X" + raw(text("k".repeat(2_000))) + "Ns";
          case "long names" -> {
            String key = "X" + raw(text("k".repeat(900))) + "q\u0001";
            yield "}" + key + "]q\u0000(" + "K\u0001".repeat(30_000) + "es";
          }
          case "dimensions" -> dict(tensor("x", "FloatStorage", 2, 0, "1,".repeat(65) + "1", "1"));
          default ->
              "}("
                  + IntStream.range(0, 400)
                      .mapToObj(i -> tensor("x" + i, "FloatStorage", 10_000, 0, "10000", "1"))
                      .collect(Collectors.joining())
                  + "u";
        };
    Path path = checkpoint("little", new byte[40_000], pickle);
    assertThatThrownBy(() -> TorchFile.open(path))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("test.pt");
  }

  @Test
  void anArchiveThatSaysTwoThingsAboutAnEntryIsRefused() throws IOException {
    Path path =
        checkpoint("little", floats(1, 2), dict(tensor("x", "FloatStorage", 2, 0, "2", "1")));
    byte[] whole = Files.readAllBytes(path);
    int header = indexOf(whole, latin1("archive/data/0")) - 30;
    for (int field : new int[] {0, 6, 8, 14, 18, 22, 26, 28, 30}) {
      byte[] lying = whole.clone();
      lying[header + field] += (byte) (field == 6 ? 8 : 4);
      Files.write(path, lying);
      assertThatThrownBy(() -> TorchFile.open(path))
          .as("byte %d of the local header", field)
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("test.pt");
    }
  }

  @Test
  void valuesThatDoNotHaveTheirChecksumAreRefused() throws IOException {
    Path path =
        checkpoint("little", floats(1, 2), dict(tensor("x", "FloatStorage", 2, 0, "2", "1")));
    byte[] damaged = Files.readAllBytes(path);
    damaged[indexOf(damaged, floats(1, 2))] ^= 1;
    Files.write(path, damaged);
    try (TorchFile file = TorchFile.open(path)) {
      assertThatThrownBy(() -> file.read("x", manager))
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("'x'", "test.pt", "checksum");
    }
  }

  @Test
  void anInterruptWhileReadingIsNotTakenForDamage() {
    try (TorchFile torch = TorchFile.open(SHARD);
        SafetensorsFile safetensors =
            SafetensorsFile.open(GOLDEN.resolve("lora_files/diffusers.safetensors"))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> torch.read("encoder.final_layernorm.weight", manager))
          .isInstanceOf(LoadingInterruptedException.class)
          .hasMessageContainingAll("pytorch_model-00002", "was interrupted", "run it again");
      assertThatThrownBy(() -> safetensors.read(safetensors.names().iterator().next(), manager))
          .isInstanceOf(LoadingInterruptedException.class);
      assertThatThrownBy(() -> WeightFolder.open(SHARD.getParent()))
          .isInstanceOf(LoadingInterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  /** A pickled dictionary of tensors that share storage 0. */
  private static String dict(String... tensors) {
    return "}(" + String.join("", tensors) + "u";
  }

  private static String tensor(
      String name, String type, int elements, int offset, String shape, String strides) {
    return "X"
        + raw(text(name))
        + "ctorch._utils\n_rebuild_tensor_v2\n((X"
        + raw(text("storage"))
        + "ctorch\n"
        + type
        + "\nX"
        + raw(text("0"))
        + "X"
        + raw(text("cpu"))
        + number(elements)
        + "tQ"
        + number(offset)
        + numbers(shape)
        + numbers(strides)
        + "\u0089ccollections\nOrderedDict\n)RtR";
  }

  private static String numbers(String values) {
    StringBuilder tuple = new StringBuilder("(");
    for (String value : values.split(",")) {
      tuple.append(number(Integer.parseInt(value)));
    }
    return tuple.append('t').toString();
  }

  private static String number(int value) {
    return "J" + raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  /** Bytes as a text of the same characters, so that a pickle can be written down as one. */
  private static String raw(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private Path checkpoint(String byteOrder, byte[] storage, String pickle) throws IOException {
    Path path = folder.resolve("test.pt");
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "archive/data.pkl", latin1("\u0080\u0002" + pickle + "."));
      store(zip, "archive/byteorder", latin1(byteOrder));
      if (storage != null) {
        store(zip, "archive/data/0", storage);
      }
    }
    return path;
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }
}
