package io.github.kolors4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScheduleTest {
  /**
   * {@code DDPMScheduler(beta_schedule="squaredcos_cap_v2").alphas_cumprod} of diffusers 0.35.2.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0.9999586939811707",
    "1, 0.9999125599861145",
    "10, 0.9992788434028625",
    "250, 0.8458880186080933",
    "500, 0.4922850430011749",
    "900, 0.023616107180714607",
    "998, 2.428766265438753e-06",
    "999, 2.4287349909002387e-09",
  })
  void theCosineScheduleIsDiffusers(int timestep, double alphaCumprod) {
    SchedulerConfig config = SchedulerConfig.parse("{\"beta_schedule\": \"squaredcos_cap_v2\"}");
    assertThat(SchedulerConfig.parse(config.toJson().toString())).isEqualTo(config);
    assertThat((double) new NoiseSchedule(config).alphaCumprod(timestep))
        .isCloseTo(alphaCumprod, within(1e-6 * alphaCumprod));
  }
}
