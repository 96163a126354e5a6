package io.github.kolors4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.scheduler.Sampling.NoiseSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sampler against what diffusers and DiffSynth-Studio compute. */
class SchedulerGoldenTest {

  /** Of each recorded step's largest value. */
  private static final double TOLERANCE = 1e-5;

  private static final GoldenArrays GOLDEN = GoldenArrays.read("schedulers.safetensors");
  private static final GoldenArrays VARIANTS = GoldenArrays.read("scheduler_variants.safetensors");

  private static final Map<String, String> NAMES =
      Map.of(
          "euler", "EulerDiscreteScheduler",
          "euler_ancestral", "EulerAncestralDiscreteScheduler",
          "dpmpp_2m", "DPMSolverMultistepScheduler",
          "dpmpp_2m_sde_karras", "DPMSolverMultistepScheduler_SDE_karras",
          "unipc", "UniPCMultistepScheduler",
          "deis", "DEISMultistepScheduler",
          "ddim_leading", "DDIMScheduler",
          "ddpm", "DDPMScheduler",
          "enhanced_ddim", "EnhancedDDIMScheduler");

  static Stream<Arguments> samplersAndSteps() {
    return NAMES.keySet().stream()
        .sorted()
        .flatMap(name -> Stream.of(1, 5, 25, 50).map(steps -> Arguments.of(name, steps)));
  }

  @Test
  void alphasCumprodIsBitEqual() {
    NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.kolors());
    float[] expected = GOLDEN.floats("alphas_cumprod");
    float[] actual = new float[schedule.numTrainTimesteps()];
    for (int t = 0; t < actual.length; t++) {
      actual[t] = schedule.alphaCumprod(t);
    }
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, {1} steps")
  @MethodSource("samplersAndSteps")
  void everySamplerTakesTheRecordedSteps(String name, int steps) {
    String key = name + "." + steps + ".";
    Scheduler scheduler = Scheduler.of(NAMES.get(name), SchedulerConfig.kolors());
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = scheduler.begin(steps)) {
      assertThat(sampling.timesteps()).isEqualTo(GOLDEN.doubles(key + "timesteps"));
      if (GOLDEN.has(key + "sigmas")) {
        assertClose("sigmas", sampling.sigmas(), GOLDEN.doubles(key + "sigmas"));
      }
      if (GOLDEN.has(key + "init_noise_sigma")) {
        assertThat(sampling.initNoiseSigma())
            .isCloseTo(GOLDEN.doubles(key + "init_noise_sigma")[0], Offset.offset(TOLERANCE));
      }
      List<NDArray> samples = new ArrayList<>();
      // Where the draws are not recorded, the engine's own generator gives torch's.
      Engine.getInstance().setRandomSeed(7);
      NoiseSource noise =
          GOLDEN.has(key + "noises")
              ? recorded(GOLDEN.array(manager, key + "noises"))
              : (shape, scope) -> scope.randomNormal(shape, DataType.FLOAT32);
      NDArray sample = GOLDEN.array(manager, "x0").mul(sampling.initNoiseSigma());
      for (int i = 0; i < steps; i++) {
        sample = sampling.step(model(sampling, sample, i), i, sample, noise);
        samples.add(sample);
      }
      List<NDArray> recorded =
          steps <= 5
              ? samples
              : List.of(samples.get(0), samples.get(steps / 2), samples.get(steps - 1));
      NDArray expected = GOLDEN.array(manager, key + "prev_samples");
      assertThat(expected.getShape().get(0)).isEqualTo(recorded.size());
      for (int i = 0; i < recorded.size(); i++) {
        assertClose("recorded step " + i, recorded.get(i), expected.get(i));
      }
    }
  }

  static Stream<Arguments> variants() {
    return VARIANTS.metadata("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            variant ->
                Arguments.of(
                    variant.get("name").getAsString(),
                    variant.get("sampler").getAsString(),
                    variant.getAsJsonObject("overrides"),
                    variant.get("steps").getAsInt(),
                    variant.get("strength").getAsDouble(),
                    variant.get("start").getAsInt()));
  }

  @ParameterizedTest(name = "{0} {1} {2}, {3} steps, strength {4}")
  @MethodSource("variants")
  void optionsAndImageToImageGiveWhatDiffusersGives(
      String name, String sampler, JsonObject overrides, int steps, double strength, int start) {
    JsonObject json = SchedulerConfig.kolors().toJson();
    overrides.asMap().forEach((key, value) -> json.add(key, value));
    JsonElement eta = json.remove("eta");
    SchedulerConfig config = SchedulerConfig.parse(json.toString());
    Scheduler scheduler =
        eta == null ? Scheduler.of(sampler, config) : new DDIMScheduler(config, eta.getAsDouble());
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = scheduler.begin(steps, strength)) {
      assertThat(sampling.startIndex()).isEqualTo(start);
      // numpy.arange in "trailing" may run over the end by one.
      double[] timesteps = Arrays.copyOf(VARIANTS.doubles(name + ".timesteps"), steps);
      boolean whole = Arrays.stream(timesteps).allMatch(t -> t == Math.rint(t));
      if (whole) {
        assertThat(sampling.timesteps()).isEqualTo(timesteps);
      } else {
        // numpy's float32 logarithm is not rounded correctly everywhere; Java's is.
        assertClose("timesteps", sampling.timesteps(), timesteps);
      }
      if (VARIANTS.has(name + ".sigmas")) {
        assertClose("sigmas", sampling.sigmas(), VARIANTS.doubles(name + ".sigmas"));
      }
      NoiseSource noise = recorded(VARIANTS.array(manager, "draws"));
      NDArray sample =
          sampling.addNoise(
              VARIANTS.array(manager, "original"), VARIANTS.array(manager, "noise"), start);
      assertClose("noisy", sample, VARIANTS.array(manager, name + ".noisy"));
      NDArray expected = VARIANTS.array(manager, name + ".samples");
      assertThat(expected.getShape().get(0)).isEqualTo(steps - start);
      for (int i = start; i < steps; i++) {
        sample = sampling.step(model(sampling, sample, i), i, sample, noise);
        assertClose("step " + i, sample, expected.get(i - start));
      }
    }
  }

  private static NDArray model(Sampling sampling, NDArray sample, int i) {
    return sampling
        .scaleModelInput(sample, i)
        .mul(0.3f)
        .add((float) (0.1 * Math.sin(sampling.timesteps()[i])));
  }

  private static NoiseSource recorded(NDArray draws) {
    int[] next = {0};
    return (shape, manager) -> draws.get(next[0]++);
  }

  private static void assertClose(String what, NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).as(what).isEqualTo(expected.getShape());
    assertClose(what, doubles(actual), doubles(expected));
  }

  private static void assertClose(String what, double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(what).containsExactly(expected, Offset.offset(TOLERANCE * largest));
  }

  private static double[] doubles(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }
}
