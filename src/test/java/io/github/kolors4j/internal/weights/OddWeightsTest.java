package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch and safetensors wrote (src/test/python/odd_weights.py), valid and unusual. */
class OddWeightsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/odd_weights");

  @TempDir Path temporary;
  private NDManager manager;
  private JsonObject expected;

  @BeforeEach
  void open() throws IOException {
    manager = NDManager.newBaseManager();
    expected =
        JsonParser.parseString(Files.readString(FOLDER.resolve("values.json"))).getAsJsonObject();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.pt", "types.safetensors"})
  void everyTypeOfNumberGivesTorchsValues(String name) {
    try (TensorFile file = WeightFolder.openFile(FOLDER.resolve(name))) {
      assertThat(file.names()).hasSizeGreaterThan(14);
      assertValues(file, expected.getAsJsonObject("types"));
      assertThat(file.info("uint16").type()).isEqualTo(DataType.INT32);
      assertThat(file.info("float8_e5m2").type()).isEqualTo(DataType.FLOAT16);
      assertThat(file.map("int16", manager)).isEqualTo(file.read("int16", manager));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shapes.pt", "shapes_protocol3.pt", "shapes_protocol4.pt", "shapes_protocol5.pt"})
  void scalarsViewsAndSharedStoragesGiveTorchsValues(String name) {
    try (TorchFile file = TorchFile.open(FOLDER.resolve(name))) {
      assertValues(file, expected.getAsJsonObject("shapes"));
      assertThat(file.read("scalar", manager).getShape()).isEqualTo(new Shape());
      assertThat(file.read("empty_inside", manager).getShape()).isEqualTo(new Shape(2, 0, 3));
      assertThat(file.read("strided", manager).getShape()).isEqualTo(new Shape(2, 2, 3));
      for (String tensor : file.names()) {
        assertThat(file.map(tensor, manager)).as(tensor).isEqualTo(file.read(tensor, manager));
      }
    }
  }

  @Test
  void aStateDictWithItsMetadataIsReadAsItsTensors() {
    try (TorchFile file = TorchFile.open(FOLDER.resolve("module.pt"))) {
      assertThat(file.names()).containsExactly("weight", "bias");
      assertValues(file, expected.getAsJsonObject("module"));
    }
  }

  @Test
  void aLightningCheckpointWithOptionsAndNumpyNumbersIsRead() {
    try (TorchFile file = TorchFile.open(FOLDER.resolve("lightning.ckpt"))) {
      assertThat(file.names()).containsExactly("model.weight", "model.half");
      assertThat(numbers(file.read("model.half", manager)))
          .containsExactlyElementsOf(numbers(expected.getAsJsonArray("base")));
      assertThat(file.metadata())
          .isEqualTo(
              Map.of(
                  "epoch", "3",
                  "global_step", "120",
                  "best", "0.25",
                  "pytorch-lightning_version", "2.5.0"));
    }
  }

  @Test
  void aFileWithoutChecksumsIsRead() {
    try (TorchFile file = TorchFile.open(FOLDER.resolve("no_checksums.pt"))) {
      assertThat(numbers(file.read("x", manager)))
          .containsExactlyElementsOf(numbers(expected.getAsJsonArray("base")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "complex.pt | stores numbers as torch.ComplexFloatStorage, which cannot be read",
        "quantised.pt | quantised tensor; save tensor.dequantize()",
        "sparse.pt | sparse tensor; save tensor.to_dense()",
        "negated.pt | resolve_neg()",
        "object.pt | asks to run `pathlib.PurePosixPath`",
        "script.pt | is a TorchScript program, not weights",
        "legacy.bin | torch's old format (before 1.6)",
      })
  void whatIsNotReadIsRefusedByName(String name, String message) {
    assertThatThrownBy(() -> TorchFile.open(FOLDER.resolve(name)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(name, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C64",
        "F4",
        "F6_E2M3",
        "F6_E3M2",
        "F8_E8M0",
        "U128",
        "i16",
        "",
        "INT16",
        "BFLOAT16"
      })
  void safetensorsTypesThatAreNotReadAreRefusedByName(String type) throws IOException {
    Path file = safetensors("{'x':{'dtype':'" + type + "','shape':[1],'data_offsets':[0,8]}}", 8);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("odd.safetensors", "'x' as " + type);
  }

  @Test
  void wholeNumbersThatNoTypeHoldsAreRefused() throws IOException {
    Path file = safetensors("{'x':{'dtype':'U64','shape':[1],'data_offsets':[0,8]}}", 8);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = (byte) 0x80;
    Files.write(file, bytes);
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThatThrownBy(() -> opened.read("x", manager))
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("'x'", "odd.safetensors", "9223372036854775808");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'__metadata__':null} | {}",
        "{'__metadata__':{'a':'b'}} | {a=b}",
        "{'__metadata__':{'a':1,'b':true}} | {a=1, b=true}",
        "{'__metadata__':{}}  | {}",
      })
  void metadataOfPlainValuesIsRead(String header, String metadata) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(safetensors(header, 0))) {
      assertThat(file.metadata()).hasToString(metadata);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'__metadata__':{'a':{'b':1}}}",
        "{'__metadata__':{'a':[1]}}",
        "{'__metadata__':{'a':null}}",
        "{'__metadata__':'text'}",
        "{'__metadata__':[1]}",
        " {'__metadata__':{}}",
        "{'x':{'dtype':'F32','dtype':'F16','shape':[0],'data_offsets':[0,0]}}",
        "{'x':{'dtype':'F32','shape':[0,9223372036854775807,9],'data_offsets':[0,0]}}",
      })
  void headersThatTheOriginalRefusesAreRefused(String header) throws IOException {
    Path file = safetensors(header, 0);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("odd.safetensors");
  }

  @Test
  void aNetworkOfIntegersIsRefusedByName() throws IOException {
    Path file = safetensors("{'x':{'dtype':'I16','shape':[2],'data_offsets':[0,4]}}", 4);
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      FileWeights weights = new FileWeights(opened, file.toString(), LoadOptions.FLOAT32);
      assertThatThrownBy(() -> weights.read("x", new Shape(2), manager))
          .isInstanceOf(WeightsException.class)
          .hasMessageContainingAll("odd.safetensors", "\"x\"", "integers (int32)");
    }
  }

  private void assertValues(TensorFile file, JsonObject values) {
    for (String name : file.names()) {
      assertThat(numbers(file.read(name, manager)))
          .as(name)
          .containsExactlyElementsOf(numbers(values.getAsJsonArray(name)));
    }
  }

  private static List<Double> numbers(JsonArray values) {
    return values.asList().stream()
        .map(JsonElement::getAsString)
        .map(text -> Double.valueOf(text.replace("inf", "Infinity").replace("nan", "NaN")))
        .toList();
  }

  private static List<Double> numbers(NDArray array) {
    if (array.getDataType() == DataType.BOOLEAN) {
      return numbers(array.toType(DataType.INT32, true));
    }
    if (array.getDataType() == DataType.INT64) {
      return java.util.Arrays.stream(array.toLongArray()).mapToObj(v -> (double) v).toList();
    }
    try (NDArray doubles = array.toType(DataType.FLOAT64, true)) {
      return java.util.Arrays.stream(doubles.toDoubleArray()).boxed().toList();
    }
  }

  private Path safetensors(String header, int dataBytes) throws IOException {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    return Files.write(
        temporary.resolve("odd.safetensors"), bytes.putLong(text.length).put(text).array());
  }
}
