package io.github.kolors4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.scheduler.Sampling.NoiseSource;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every sampler, whatever its formulas: bounds, memory, and honest failures. */
class SamplingTest {

  private static final Shape SHAPE = new Shape(2, 4, 3, 5);
  private static final NoiseSource GAUSSIAN =
      (shape, manager) -> manager.randomNormal(shape, DataType.FLOAT32);

  private static Scheduler kolors(SchedulerType type) {
    return type.create(SchedulerConfig.kolors());
  }

  @ParameterizedTest
  @EnumSource
  void oneStepIsEnough(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(1)) {
      NDArray sample = GAUSSIAN.draw(SHAPE, manager).mul(sampling.initNoiseSigma());
      NDArray result = sampling.step(manager.zeros(SHAPE), 0, sample, GAUSSIAN);
      assertThat(Float.isFinite(result.sum().getFloat())).isTrue();
      assertThat(sampling.sigmas()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandStepsStayFinite(SchedulerType type) {
    SchedulerConfig config = SchedulerConfig.kolors();
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = type.create(config).begin(1000)) {
      assertThat(sampling.steps()).isEqualTo(1000);
      NDArray sample = GAUSSIAN.draw(SHAPE, manager).mul(sampling.initNoiseSigma());
      for (int i = 0; i < 1000; i++) {
        try (NDManager step = manager.newSubManager()) {
          sample.attach(step);
          NDArray output = sampling.scaleModelInput(sample, i).mul(0.1f);
          sample = sampling.step(output, i, sample, GAUSSIAN);
          sample.attach(manager);
        }
      }
      assertThat(Float.isFinite(sample.sum().getFloat())).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void asManyStepsAsTrainingTimestepsEitherWorkOrAreRefused(SchedulerType type) {
    Scheduler scheduler = kolors(type);
    switch (type) {
      case EULER,
          EULER_ANCESTRAL,
          EULER_KARRAS,
          ENHANCED_DDIM,
          DPMPP_2M_KARRAS,
          DPMPP_2M_SDE_KARRAS,
          UNIPC_KARRAS,
          EDM_DPMPP_2M ->
          assertThat(scheduler.begin(1100).steps()).isEqualTo(1100);
      case DDIM, DDPM ->
          assertThatIllegalArgumentException()
              .isThrownBy(() -> scheduler.begin(1100))
              .withMessageContaining("timestep 1100, beyond the model's last, 1099");
      default ->
          assertThatIllegalArgumentException()
              .isThrownBy(() -> scheduler.begin(1100))
              .withMessageContaining("fall on the same of the 1100 training timesteps");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.begin(1101))
        .withMessageContaining("from 1 to 1100");
  }

  @ParameterizedTest
  @EnumSource
  void noStepsOrFewerAreRefused(SchedulerType type) {
    for (int steps : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kolors(type).begin(steps))
          .withMessageContaining("got " + steps);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStrengthOutsideZeroToOneIsRefused(SchedulerType type) {
    for (double strength : new double[] {0, -0.5, 1.01, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kolors(type).begin(10, strength))
          .withMessageContaining("The strength must be above 0 and at most 1");
    }
  }

  @Test
  void aStrengthThatLeavesNoStepIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kolors(SchedulerType.EULER).begin(10, 0.05))
        .withMessageContaining("leaves no step to make");
  }

  @Test
  void diffSynthsImageToImageMakesAllStepsFromALowerTimestep() {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(SchedulerType.ENHANCED_DDIM).begin(5, 0.5)) {
      assertThat(sampling.startIndex()).isZero();
      // round(1100 * 0.5) - 1 = 549, then 549 - i * 137.25, rounded half to even
      assertThat(sampling.timesteps()).containsExactly(549, 412, 274, 137, 0);
      NDArray original = manager.full(SHAPE, 2f);
      NDArray noise = manager.full(SHAPE, -1f);
      double alphaCumprod = new NoiseSchedule(SchedulerConfig.kolors()).alphaCumprod(549);
      assertThat((double) sampling.addNoise(original, noise, 0).toFloatArray()[0])
          .isCloseTo(
              2 * Math.sqrt(alphaCumprod) - Math.sqrt(1 - alphaCumprod), Offset.offset(1e-6));
    }
    assertThat(kolors(SchedulerType.ENHANCED_DDIM).begin(50, 0.01).timesteps()).hasSize(11);
  }

  @Test
  void enhancedDdimTakesTheSameStepFromVelocityAsFromEpsilon() {
    SchedulerConfig velocity = SchedulerConfig.kolors().with("prediction_type", "v_prediction");
    try (NDManager manager = NDManager.newBaseManager();
        Sampling byEpsilon = kolors(SchedulerType.ENHANCED_DDIM).begin(5);
        Sampling byVelocity = new EnhancedDDIMScheduler(velocity).begin(5)) {
      NDArray original = GAUSSIAN.draw(SHAPE, manager);
      NDArray epsilon = GAUSSIAN.draw(SHAPE, manager);
      NDArray sample = byEpsilon.addNoise(original, epsilon, 2);
      int timestep = (int) byEpsilon.timesteps()[2];
      float alphaCumprod = new NoiseSchedule(velocity).alphaCumprod(timestep);
      NDArray v =
          epsilon.mul(Math.sqrt(alphaCumprod)).sub(original.mul(Math.sqrt(1 - alphaCumprod)));
      assertThat(byVelocity.step(v, 2, sample).toFloatArray())
          .containsExactly(byEpsilon.step(epsilon, 2, sample).toFloatArray(), Offset.offset(1e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModelOutputThatIsNotFiniteIsAnErrorNamingTheStep(SchedulerType type) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      // Clipping would otherwise turn an infinity into a harmless number.
      SchedulerConfig config = SchedulerConfig.kolors().with("clip_sample", true);
      try (NDManager manager = NDManager.newBaseManager();
          Sampling sampling = type.create(config).begin(4)) {
        NDArray output = manager.zeros(SHAPE);
        output.set(new NDIndex("1,2,0,3"), bad);
        NDArray sample = manager.ones(SHAPE);
        int arrays = manager.getManagedArrays().size();
        assertThatIllegalArgumentException()
            .isThrownBy(() -> sampling.step(output, 0, sample, GAUSSIAN))
            .withMessageContaining("At step index 0")
            .withMessageContaining("1 of the model output's 120 numbers are not finite");
        assertThat(manager.getManagedArrays()).hasSize(arrays);
      }
    }
  }

  @Test
  void aSampleThatIsNotFiniteStaysVisible() {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(SchedulerType.UNIPC).begin(4)) {
      NDArray result =
          sampling.step(manager.zeros(SHAPE), 0, manager.full(SHAPE, Float.NaN), GAUSSIAN);
      assertThat(result.isNaN().all().getBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSteadyLoopDoesNotGrow(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(30)) {
      NDArray sample = GAUSSIAN.draw(SHAPE, manager).mul(sampling.initNoiseSigma());
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 30; i++) {
        NDArray input = sampling.scaleModelInput(sample, i);
        NDArray output = input.mul(0.1f);
        assertThat(manager.getManagedArrays()).hasSize(before + 2);
        NDArray next = sampling.step(output, i, sample, GAUSSIAN);
        assertThat(next.getManager()).isSameAs(manager);
        assertThat(manager.getManagedArrays()).hasSize(before + 3);
        input.close();
        output.close();
        sample.close();
        sample = next;
        assertThat(manager.getManagedArrays()).hasSize(before);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noiseThatBelongsElsewhereIsLeftAlone(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager elsewhere = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(3)) {
      NDArray drawn = GAUSSIAN.draw(SHAPE, elsewhere);
      NDArray sample = GAUSSIAN.draw(SHAPE, manager);
      sampling.step(sample, 0, sample, (shape, scope) -> drawn);
      assertThat(elsewhere.getManagedArrays()).containsExactly(drawn);
      assertThat(manager.getManagedArrays()).hasSize(2);
      assertThat(drawn.toFloatArray()).hasSize(120);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCallersArraysStayAsTheyAre(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(3)) {
      NDArray sample = GAUSSIAN.draw(SHAPE, manager);
      NDArray output = GAUSSIAN.draw(SHAPE, manager);
      float[] sampleBefore = sample.toFloatArray();
      float[] outputBefore = output.toFloatArray();
      sampling.scaleModelInput(sample, 0).close();
      sampling.step(output, 0, sample, GAUSSIAN);
      sampling.step(output, 1, sample, GAUSSIAN);
      assertThat(sample.toFloatArray()).isEqualTo(sampleBefore);
      assertThat(output.toFloatArray()).isEqualTo(outputBefore);
    }
  }

  @Test
  void historyFreesTheOldestAndOutlivesTheCallersManager() {
    try (History history = new History(2);
        NDManager root = NDManager.newBaseManager()) {
      for (int i = 0; i < 10; i++) {
        try (NDManager step = root.newSubManager()) {
          history.add(step.full(SHAPE, (float) i));
        }
        assertThat(history.managedArrays()).isEqualTo(Math.min(i + 1, 2));
      }
      assertThat(history.get(1).toFloatArray()[0]).isEqualTo(9f);
      assertThat(history.get(2).toFloatArray()[0]).isEqualTo(8f);
      NDArray newest = history.get(1);
      history.close();
      assertThat(history.managedArrays()).isZero();
      assertThat(newest.isReleased()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DPMPP_2M", "DPMPP_2M_SDE_KARRAS", "UNIPC", "DEIS"})
  void multistepSamplersWantTheirStepsInOrder(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Sampling sampling = kolors(type).begin(5);
      NDArray sample = GAUSSIAN.draw(SHAPE, manager);
      sampling.step(sample, 2, sample, GAUSSIAN);
      assertThatIllegalStateException()
          .isThrownBy(() -> sampling.step(sample, 2, sample, GAUSSIAN))
          .withMessageContaining("step index 3 must come next, not 2");
      sampling.close();
      sampling.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> sampling.step(sample, 3, sample, GAUSSIAN))
          .withMessageContaining("closed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 5})
  void aStepIndexOutsideTheRunIsRefused(int index) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray sample = manager.ones(SHAPE);
      for (SchedulerType type : SchedulerType.values()) {
        Sampling sampling = kolors(type).begin(5);
        String message = "Step index " + index + " is outside this run's 0 to 4";
        assertThatIllegalArgumentException()
            .isThrownBy(() -> sampling.step(sample, index, sample, GAUSSIAN))
            .withMessageContaining(message);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> sampling.scaleModelInput(sample, index))
            .withMessageContaining(message);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> sampling.addNoise(sample, sample, index))
            .withMessageContaining(message);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shapesThatDifferAreRefused(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(5)) {
      NDArray sample = manager.ones(SHAPE);
      NDArray other = manager.ones(new Shape(1, 4, 3, 5));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampling.step(other, 0, sample, GAUSSIAN))
          .withMessageContaining("model output has shape (1, 4, 3, 5), the sample (2, 4, 3, 5)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampling.addNoise(sample, other, 0))
          .withMessageContaining("noise has shape");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE_KARRAS", "DDPM"})
  void aStochasticSamplerWithoutNoiseSaysWhatToPass(SchedulerType type) {
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = kolors(type).begin(5)) {
      NDArray sample = manager.ones(SHAPE);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampling.step(sample, 0, sample))
          .withMessageContaining("no noise source");
    }
  }

  @Test
  void trainingNoisesEachPictureAtItsOwnTimestep() {
    NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.kolors());
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray original = manager.full(SHAPE, 3f);
      NDArray noise = manager.full(SHAPE, 5f);
      int before = manager.getManagedArrays().size();
      NDArray noisy = schedule.addNoise(original, noise, 10, 1099);
      assertThat(manager.getManagedArrays()).hasSize(before + 1);
      for (int picture = 0; picture < 2; picture++) {
        double alphaCumprod = schedule.alphaCumprod(picture == 0 ? 10 : 1099);
        float expected = (float) (3 * Math.sqrt(alphaCumprod) + 5 * Math.sqrt(1 - alphaCumprod));
        assertThat(noisy.get(picture).toFloatArray())
            .containsOnly(new float[] {expected}, Offset.offset(1e-6f));
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> schedule.addNoise(original, noise, 1, 2, 3))
          .withMessageContaining("3 timesteps were given for a batch of 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> schedule.addNoise(original, noise, 1100))
          .withMessageContaining("Timestep 1100 is outside the model's 0 to 1099");
    }
  }
}
