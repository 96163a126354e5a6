package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.GradientScaler;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Five training steps against peft, torch and DiffSynth-Studio's noise. */
class LoraParityTest {
  private static final String DOWN = ".lora_A.default.weight";

  private final NDManager manager = NDManager.newBaseManager();
  private Golden golden;
  private UNet unet;
  private LoraWeights adapter;
  private Map<String, NDArray> parameters;
  private AdamW optimizer;

  @BeforeEach
  void begin() {
    golden = new Golden("lora", manager);
    unet = UNet.load(TINY.resolve("unet"), manager);
    adapter = initial();
    LoraAdapters.on(unet).attach("training", adapter.withAlpha(4), 1);
    parameters = LoraParameters.parameters(adapter);
    optimizer = new AdamW(parameters, AdamW.Settings.TORCH);
  }

  @AfterEach
  void free() {
    optimizer.close();
    golden.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsAreThoseOfTheOriginal(boolean checkpointing) {
    DenoisingLoss loss = loss(checkpointing);
    for (int step = 0; step < 2; step++) {
      loss.backward(batch(step), 1);
      double squares = 0;
      double differences = 0;
      for (Map.Entry<String, float[]> entry : gradients().entrySet()) {
        float[] expected = golden("grad" + step, entry.getKey()).toFloatArray();
        float[] actual = entry.getValue();
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
          double d = actual[i] - expected[i];
          largest = Math.max(largest, Math.abs(expected[i]));
          difference = Math.max(difference, Math.abs(d));
          squares += (double) expected[i] * expected[i];
          differences += d * d;
        }
        assertThat(difference).as(entry.getKey()).isLessThanOrEqualTo(0.01 * largest);
      }
      assertThat(Math.sqrt(differences / squares)).as("relative L2").isLessThan(1e-3);
      optimizer.step(1e-3, Double.POSITIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fiveStepsGiveTheLossesAndWeightsOfTheOriginal(boolean checkpointing) {
    DenoisingLoss loss = loss(checkpointing);
    float[] expectedLosses = golden.get("losses").toFloatArray();
    for (int step = 0; step < 5; step++) {
      float value = loss.backward(batch(step), 1);
      assertThat((double) value / expectedLosses[step])
          .as("loss of step " + step)
          .isCloseTo(1, within(1e-5));
      optimizer.step(1e-3, Double.POSITIVE_INFINITY);
    }
    long close = 0;
    long count = 0;
    for (Map.Entry<String, NDArray> entry : parameters.entrySet()) {
      float[] expected = golden("trained", entry.getKey()).toFloatArray();
      float[] actual = entry.getValue().toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        double difference = Math.abs((double) actual[i] - expected[i]);
        assertThat(difference).as(entry.getKey()).isLessThan(2e-4);
        close += difference < 1e-5 ? 1 : 0;
        count++;
      }
    }
    assertThat((double) close / count).isGreaterThan(0.99);
  }

  @Test
  void gradientCheckpointingGivesTheSameGradients() {
    loss(false).backward(batch(0), 1);
    optimizer.step(1e-3, Double.POSITIVE_INFINITY); // with B zero, A would have no gradients
    loss(false).backward(batch(1), 1);
    Map<String, float[]> kept = gradients();
    parameters.values().forEach(LoraParityTest::clear);
    loss(true).backward(batch(1), 1);
    gradients().forEach((name, again) -> assertThat(again).as(name).isEqualTo(kept.get(name)));
  }

  @Test
  void accumulatedBatchesGiveTheGradientsOfALargerOne() {
    loss(false).backward(batch(0), 1);
    optimizer.step(1e-3, Double.POSITIVE_INFINITY);
    DenoisingLoss loss = loss(false);
    double sum = loss.backward(batch(1), 0.5) + loss.backward(batch(2), 0.5);
    Map<String, float[]> accumulated = gradients();
    parameters.values().forEach(LoraParityTest::clear);
    float together = loss.backward(both(batch(1), batch(2)), 1);
    assertThat(sum).isCloseTo(together, within(1e-6));
    gradients().forEach((name, g) -> assertSame(name, accumulated.get(name), g, 1e-4));
  }

  private static void assertSame(String name, float[] actual, float[] expected, double share) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(difference).as(name).isLessThanOrEqualTo(share * largest);
  }

  private static void clear(NDArray parameter) {
    try (NDArray gradient = Gradients.of(parameter)) {
      TensorOperators.zero(List.of(gradient));
    }
  }

  /** diffusers and peft in bfloat16 are no closer: eight bits, rounded after every operation. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void inBfloat16LossesAndGradientsAgreeWithinItsResolution(boolean checkpointing) {
    loss(false).backward(batch(0), 1);
    optimizer.step(1e-3, Double.POSITIVE_INFINITY); // with B zero, A would have no gradients
    float exactLoss = loss(false).backward(batch(1), 1);
    Map<String, float[]> exact = gradients();
    parameters.values().forEach(LoraParityTest::clear);
    float loss =
        loss(LossWeighting.UNIFORM, Precision.BFLOAT16, checkpointing).backward(batch(1), 1);
    assertThat(loss / exactLoss).isCloseTo(1, within(0.01f)).isNotEqualTo(1);
    assertThat(relativeL2(gradients(), exact)).as("relative L2").isLessThan(0.05);
  }

  /** As on a GPU: gradients are scaled, found finite, and divided again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void inFloat16TheScaledGradientsAreThoseOfTheOriginal(boolean checkpointing) {
    loss(false).backward(batch(0), 1);
    optimizer.step(1e-3, Double.POSITIVE_INFINITY); // with B zero, A would have no gradients
    float exactLoss = loss(false).backward(batch(1), 1);
    Map<String, float[]> exact = gradients();
    parameters.values().forEach(LoraParityTest::clear);
    double scale = new GradientScaler().scale();
    float loss =
        loss(LossWeighting.UNIFORM, Precision.FLOAT16, checkpointing).backward(batch(1), 1, scale);
    assertThat(loss / exactLoss).isCloseTo(1, within(0.002f)).isNotEqualTo(1);
    List<NDArray> gradients =
        parameters.values().stream().map(Gradients::of).filter(Objects::nonNull).toList();
    assertThat(TensorOperators.unscale(gradients, 1 / scale)).isTrue();
    gradients.forEach(NDArray::close);
    assertThat(relativeL2(gradients(), exact)).as("relative L2").isLessThan(0.01);
  }

  /** The differences of all arrays together, relative to what is expected. */
  private static double relativeL2(Map<String, float[]> actual, Map<String, float[]> expected) {
    double squares = 0;
    double differences = 0;
    for (Map.Entry<String, float[]> entry : actual.entrySet()) {
      float[] wanted = expected.get(entry.getKey());
      for (int i = 0; i < wanted.length; i++) {
        double d = entry.getValue()[i] - wanted[i];
        squares += (double) wanted[i] * wanted[i];
        differences += d * d;
      }
    }
    return Math.sqrt(differences / squares);
  }

  @Test
  void weightingsScaleTheLossOfATimestep() {
    NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.kolors());
    for (int timestep : new int[] {0, 100, 500, 1000, 1099}) {
      double signal = schedule.alphaCumprod(timestep);
      double ratio = signal / (1 - signal);
      DenoisingLoss.Batch given = batch(0);
      DenoisingLoss.Batch batch =
          new DenoisingLoss.Batch(
              given.latents(), given.noise(), new int[] {timestep}, given.text());
      float plain = loss(false).backward(batch, 1);
      float minSnr = loss(LossWeighting.minSnr(5), Precision.FLOAT32, false).backward(batch, 1);
      float debiased = loss(LossWeighting.DEBIASED, Precision.FLOAT32, false).backward(batch, 1);
      assertThat(minSnr / plain).isCloseTo((float) Math.min(1, 5 / ratio), withinPercentage(0.01));
      assertThat(debiased / plain)
          .isCloseTo((float) Math.pow(Math.min(ratio, 1000), -0.5), withinPercentage(0.01));
    }
  }

  private DenoisingLoss loss(boolean checkpointing) {
    return loss(LossWeighting.UNIFORM, Precision.FLOAT32, checkpointing);
  }

  private DenoisingLoss loss(LossWeighting weighting, Precision precision, boolean checkpointing) {
    NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.kolors());
    return new DenoisingLoss(unet, schedule, weighting, precision, checkpointing);
  }

  private DenoisingLoss.Batch batch(int step) {
    return new DenoisingLoss.Batch(
        golden.get("latents"),
        golden.get("step" + step + ".noise"),
        new int[] {(int) golden.get("step" + step + ".timestep").getLong()},
        conditioning());
  }

  private UNet.Conditioning conditioning() {
    return new UNet.Conditioning(
        golden.get("prompt_embeds"), golden.get("pooled_prompt_embeds"), golden.get("time_ids"));
  }

  private DenoisingLoss.Batch both(DenoisingLoss.Batch a, DenoisingLoss.Batch b) {
    UNet.Conditioning one = conditioning();
    return new DenoisingLoss.Batch(
        both(a.latents(), b.latents()),
        both(a.noise(), b.noise()),
        new int[] {a.timesteps()[0], b.timesteps()[0]},
        new UNet.Conditioning(
            both(one.text(), one.text()),
            both(one.pooledText(), one.pooledText()),
            both(one.sizes(), one.sizes())));
  }

  private static NDArray both(NDArray a, NDArray b) {
    return NDArrays.concat(new NDList(a, b), 0);
  }

  private Map<String, float[]> gradients() {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    parameters.forEach((name, p) -> gradients.put(name, Gradients.of(p).toFloatArray()));
    return gradients;
  }

  private NDArray golden(String prefix, String parameter) {
    return golden.get(prefix + "." + parameter + ".default.weight");
  }

  private LoraWeights initial() {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith("init.") && name.endsWith(DOWN)) {
        String layer = name.substring("init.".length(), name.length() - DOWN.length());
        layers.put(
            layer,
            new LoraLayer(golden.get(name), golden.get(name.replace(".lora_A.", ".lora_B."))));
      }
    }
    return new LoraWeights(layers);
  }
}
