package io.github.kolors4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerConfigTest {

  @Test
  void theFileThatDiffusersWritesReadsAsThePublishedConfiguration() {
    SchedulerConfig config =
        SchedulerConfig.parse(
            """
            {"_class_name": "EulerDiscreteScheduler", "_diffusers_version": "0.35.2",
             "beta_end": 0.014, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
             "final_sigmas_type": "zero", "interpolation_type": "linear",
             "num_train_timesteps": 1100, "prediction_type": "epsilon",
             "rescale_betas_zero_snr": false, "sigma_max": null, "sigma_min": null,
             "steps_offset": 1, "timestep_spacing": "leading", "timestep_type": "discrete",
             "trained_betas": null, "use_beta_sigmas": false, "use_exponential_sigmas": false,
             "use_karras_sigmas": false}
            """);
    assertThat(config).isEqualTo(SchedulerConfig.kolors());
    assertThat(config.numTrainTimesteps()).isEqualTo(1100);
    assertThat(config.betaSchedule()).isEqualTo(SchedulerConfig.BetaSchedule.SCALED_LINEAR);
  }

  @Test
  void missingKeysTakeTheDefaultsOfTheNamedSampler() {
    assertThat(SchedulerConfig.parse("{}").timestepSpacing())
        .isEqualTo(SchedulerConfig.TimestepSpacing.LINSPACE);
    assertThat(SchedulerConfig.parse("{\"_class_name\": \"DDIMScheduler\"}").timestepSpacing())
        .isEqualTo(SchedulerConfig.TimestepSpacing.LEADING);
    assertThat(SchedulerConfig.parse("{}").numTrainTimesteps()).isEqualTo(1000);
  }

  @Test
  void whatIsWrittenReadsBack() {
    SchedulerConfig config =
        SchedulerConfig.kolors()
            .with("algorithm_type", "sde-dpmsolver++")
            .with("use_karras_sigmas", true)
            .with("steps_offset", 0)
            .with("variance_type", "fixed_large");
    assertThat(SchedulerConfig.parse(config.toJson().toString())).isEqualTo(config);
    assertThat(config.useKarrasSigmas()).isTrue();
    assertThat(config.stepsOffset()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "beta_schedule | \"sigmoid\" | supported: linear, scaled_linear, squaredcos_cap_v2",
        "prediction_type | \"flow_prediction\" | supported: epsilon, v_prediction, sample",
        "timestep_spacing | \"trailling\" | supported: leading, linspace, trailing",
        "final_sigmas_type | \"one\" | supported: zero, sigma_min",
        "algorithm_type | \"dpmsolver\" | supported: dpmsolver++, sde-dpmsolver++",
        "variance_type | \"learned\" | supported: fixed_small, fixed_large",
        "solver_type | \"heun\" | supported: midpoint, bh2, logrho",
        "interpolation_type | \"log_linear\" | supported: linear",
        "timestep_type | \"continuous\" | supported: discrete",
        "solver_order | 3 | whole numbers from 1 to 2",
        "num_train_timesteps | 0 | whole numbers from 1 to 1000000",
        "num_train_timesteps | 1e99 | whole numbers",
        "num_train_timesteps | 10.5 | whole numbers",
        "steps_offset | -1 | whole numbers from 0",
        "beta_start | \"tiny\" | numbers from 0 to 1",
        "beta_start | {} | a single value",
        "use_karras_sigmas | \"yes\" | supported: true, false",
        "predict_x0 | false | supported: true",
        "rescale_betas_zero_snr | true | this option is not supported",
        "trained_betas | [0.1] | this option is not supported",
        "thresholding | true | this option is not supported",
        "use_flow_sigmas | true | this option is not supported",
        "sigma_min | 0.1 | this option is not supported",
        "made_up | 7 | this option is not supported",
      })
  void aValueThatIsNotSupportedIsRefusedWithItsKey(String key, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerConfig.parse("{\"" + key + "\": " + value + "}"))
        .withMessageContaining("'" + key + "' is ")
        .withMessageContaining(message);
  }

  @Test
  void edmsNoiseLevelsAreOptionsOfItsFileAlone() {
    String named = "{\"_class_name\": \"EDMDPMSolverMultistepScheduler\"";
    SchedulerConfig config = SchedulerConfig.parse(named + ", \"sigma_max\": 20}");
    assertThat(config.sigmaMax()).isEqualTo(20);
    assertThat(config.sigmaMin()).isEqualTo(0.002);
    assertThat(SchedulerConfig.parse(config.toJson().toString())).isEqualTo(config);
    assertThat(config.with("sigma_schedule", "exponential").sigmaSchedule())
        .isEqualTo(SchedulerConfig.SigmaSchedule.EXPONENTIAL);
    // Python's Euler would space its own levels by them.
    assertThat(SchedulerConfig.kolors().toJson().keySet()).doesNotContain("sigma_min", "rho");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerConfig.parse(named + ", \"sigma_max\": 0.001}"))
        .withMessageContaining("'sigma_min' and 'sigma_max'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerConfig.parse(named + ", \"rho\": 0}"))
        .withMessageContaining("'rho'");
  }

  @Test
  void betasThatDoNotGrowAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerConfig.parse("{\"beta_start\": 0.5, \"beta_end\": 0.1}"))
        .withMessageContaining("must grow within (0, 1)");
  }

  @Test
  void anUnknownKeyToChangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SchedulerConfig.kolors().with("karras", true))
        .withMessageContaining("no 'karras'")
        .withMessageContaining("use_karras_sigmas");
  }

  @Test
  void aBrokenFileIsRefusedWithItsName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    for (String text : new String[] {"", "{\"beta_start\":", "[1, 2]", "\"text\""}) {
      Files.writeString(file, text);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SchedulerConfig.read(file))
          .withMessageContaining("scheduler_config.json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EulerDiscreteScheduler, EULER",
    "EulerAncestralDiscreteScheduler, EULER_ANCESTRAL",
    "DPMSolverMultistepScheduler, DPMPP_2M",
    "DPMSolverMultistepScheduler_SDE_karras, DPMPP_2M_SDE_KARRAS",
    "UniPCMultistepScheduler, UNIPC",
    "UniPC Karras, UNIPC_KARRAS",
    "DEISMultistepScheduler, DEIS",
    "DDIMScheduler, DDIM",
    "DDPMScheduler, DDPM",
    "EnhancedDDIMScheduler, ENHANCED_DDIM",
    "EDMDPMSolverMultistepScheduler, EDM_DPMPP_2M",
    "dpmpp_2m, DPMPP_2M",
    "DPM++ 2M Karras, DPMPP_2M_KARRAS",
    "DPM++ 2M SDE, DPMPP_2M_SDE",
    "Euler Karras, EULER_KARRAS",
    "DPM++ 2M SDE Karras, DPMPP_2M_SDE_KARRAS",
    "euler ancestral, EULER_ANCESTRAL",
    "unipc, UNIPC",
  })
  void samplersGoByManyNames(String name, SchedulerType type) {
    assertThat(SchedulerType.named(name)).isEqualTo(type);
    assertThat(Scheduler.of(name, SchedulerConfig.kolors()).noiseSchedule().numTrainTimesteps())
        .isEqualTo(1100);
  }

  @ParameterizedTest
  @CsvSource({
    "EulerDiscretScheduler, EulerDiscreteScheduler",
    "DPMSolverMultistepScheduler_SDE_karas, DPMSolverMultistepScheduler_SDE_karras",
    "unipcc, UniPC",
  })
  void aTypingErrorGetsTheNearestName(String name, String nearest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scheduler.of(name, SchedulerConfig.kolors()))
        .withMessageContaining("There is no sampler '" + name + "'")
        .withMessageContaining("Did you mean '" + nearest + "'?");
  }

  @ParameterizedTest
  @EnumSource(names = {"EULER_ANCESTRAL", "ENHANCED_DDIM", "EDM_DPMPP_2M"})
  void aPredictionTypeThatTheOriginalLacksIsRefused(SchedulerType type) {
    SchedulerConfig config = SchedulerConfig.kolors().with("prediction_type", "sample");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> type.create(config))
        .withMessageContaining("'prediction_type' is sample");
  }

  @Test
  void uniPcRefusesASecondOrderStepToNoNoise() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new UniPCMultistepScheduler(
                    SchedulerConfig.kolors().with("lower_order_final", false)))
        .withMessageContaining("'lower_order_final'");
  }
}
