package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuidedNoiseTest {

  @ParameterizedTest
  @ValueSource(doubles = {4, 1})
  void aLoopOfOnesOwnDrawsThePipelinesPicture(double guidanceScale) {
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Prompt prompt =
          pipeline.settle(
              Prompt.of("蓝色头发的男孩")
                  .negative("模糊")
                  .seed(1)
                  .steps(3)
                  .cfgScale(guidanceScale)
                  .size(32, 16));
      NDArray x = manager.create(pipeline.noise(prompt), pipeline.latentShape(prompt));
      try (GuidedNoise predictor = GuidedNoise.of(pipeline, prompt);
          Sampling sampling = Scheduler.of("Euler", pipeline.schedulerConfig()).begin(3)) {
        x = x.mul(sampling.initNoiseSigma());
        for (int i = 0; i < 3; i++) {
          NDArray input = sampling.scaleModelInput(x, i);
          NDArray epsilon = predictor.predict(input, sampling.timesteps()[i]);
          x = sampling.step(epsilon, i, x);
        }
      }
      assertThat(x.toFloatArray()).isEqualTo(pipeline.generate(prompt).latents());
    }
  }
}
