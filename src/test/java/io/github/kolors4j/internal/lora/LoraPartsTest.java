package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.UNetConfig;
import org.junit.jupiter.api.Test;

class LoraPartsTest {
  private static final UNetConfig TINY = UNetConfig.read(Golden.TINY.resolve("unet"));

  @Test
  void aFileThatStatesNoAlphaGivesItsRank() {
    LoraParts parts = LoraParts.of(Golden.path("lora_files/diffsynth.ckpt"), TINY);
    assertThat(parts.unet()).isTrue();
    assertThat(parts.textEncoder()).isFalse();
    assertThat(parts.missingAlpha().getAsDouble()).isPositive();
  }

  @Test
  void aFileForBothNetworksSaysSoAndKeepsItsAlpha() {
    LoraParts parts =
        LoraParts.of(Golden.path("interchange/text-encoder.diffusers.safetensors"), TINY);
    assertThat(parts.unet()).isTrue();
    assertThat(parts.textEncoder()).isTrue();
    assertThat(parts.missingAlpha()).isEmpty();
  }
}
