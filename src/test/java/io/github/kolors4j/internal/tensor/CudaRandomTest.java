package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CudaRandomTest {

  /** As AUTOMATIC1111's {@code modules/rng_philox.py} states, which computes in float64. */
  @Test
  void seedZeroGivesThePublishedNumbers() {
    double[] published = {
      -0.92466259,
      -0.42534415,
      -2.6438457,
      0.14518388,
      -0.12086647,
      -0.57972564,
      -0.62285122,
      -0.32838709,
      -1.07454231,
      -0.36314407,
      -1.67105067,
      2.26550497
    };
    float[] drawn = new CudaRandom(0, CudaGpu.A10).randn(3, 4);
    for (int i = 0; i < published.length; i++) {
      assertThat((double) drawn[i]).isCloseTo(published[i], within(1.5e-6));
    }
  }

  /** NVIDIA's own code on a CPU, of which only logarithm, sine and cosine are another's. */
  @Test
  void everyGpuDrawsWhatNvidiasCodeGivesIt() throws IOException {
    int halves = 0;
    int equalHalves = 0;
    for (JsonElement element :
        JsonParser.parseString(Files.readString(Golden.path("cuda_random.json")))
            .getAsJsonArray()) {
      JsonObject recorded = element.getAsJsonObject();
      CudaGpu gpu =
          new CudaGpu(
              recorded.get("multiprocessors").getAsInt(), recorded.get("threads").getAsInt());
      long seed = recorded.get("seed").getAsLong();
      int numbers = recorded.get("numbers").getAsInt();
      CudaRandom random = new CudaRandom(seed, gpu);
      CudaRandom halfRandom = new CudaRandom(seed, gpu);
      JsonArray places = recorded.getAsJsonArray("places");
      JsonArray calls = recorded.getAsJsonArray("calls");
      for (int call = 0; call < calls.size(); call++) {
        float[] drawn = random.randn(numbers);
        float[] half = halfRandom.randnHalf(numbers);
        for (int i = 0; i < places.size(); i++) {
          int place = places.get(i).getAsInt();
          float expected = calls.get(call).getAsJsonArray().get(i).getAsFloat();
          assertThat(drawn[place])
              .as("number %d of call %d, seed %d, %s", place, call, seed, gpu)
              .isCloseTo(expected, within(1e-6f));
          halves++;
          equalHalves +=
              half[place]
                      == recorded
                          .getAsJsonArray("half")
                          .get(call)
                          .getAsJsonArray()
                          .get(i)
                          .getAsFloat()
                  ? 1
                  : 0;
        }
      }
    }
    assertThat(halves).isGreaterThan(900);
    assertThat(equalHalves).isGreaterThanOrEqualTo(halves - 1);
  }

  @Test
  void aGpuWithAThreadForEachNumberDrawsAsAnyOther() {
    float[] latents = new CudaRandom(3, CudaGpu.A10).randn(1, 4, 128, 128);
    assertThat(new CudaRandom(3, CudaGpu.named("H100")).randn(65536)).isEqualTo(latents);
    float[] small = new CudaRandom(3, CudaGpu.T4).randn(65536);
    assertThat(Arrays.copyOf(small, 40960)).isEqualTo(Arrays.copyOf(latents, 40960));
    assertThat(small).isNotEqualTo(latents);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "1.0004, 1",
    "1.00049, 1.0009766",
    "-1.0004, -1",
    "0.1, 0.099975586",
    "3.1415927, 3.140625",
    "2.9802322E-8, 0",
    "2.99E-8, 5.9604645E-8",
    "6.1E-5, 6.097555E-5",
    "-6.66, -6.66015625",
    "1.00048828125, 1",
    "1.00146484375, 1.001953125"
  })
  void halvesAreTheNearest(float value, float half) {
    assertThat(CudaRandom.half(value)).isEqualTo(half);
  }

  @Test
  void theNumbersAreNormal() {
    float[] drawn = new CudaRandom(1, CudaGpu.T4).randn(500_000);
    double mean = 0;
    double squares = 0;
    for (float value : drawn) {
      mean += value / drawn.length;
      squares += (double) value * value / drawn.length;
    }
    assertThat(mean).isCloseTo(0, within(0.005));
    assertThat(squares).isCloseTo(1, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(strings = {"T4", "Tesla T4", "NVIDIA tesla-t4", "tesla_t4"})
  void aGpuIsFoundByItsName(String name) {
    assertThat(CudaGpu.named(name)).isEqualTo(CudaGpu.T4);
    assertThat(CudaGpu.named("NVIDIA GeForce RTX 3060").threads()).isEqualTo(43008);
  }

  @Test
  void anUnknownGpuIsRefusedWithTheWayToGiveIt() {
    assertThatThrownBy(() -> CudaGpu.named("GTX 970"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GTX 970")
        .hasMessageContaining("RTX 3060")
        .hasMessageContaining("new CudaGpu(");
    assertThatThrownBy(() -> new CudaGpu(0, 1024)).hasMessageContaining("multiprocessor");
  }
}
