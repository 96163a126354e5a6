package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
  private final Prompt prompt = Prompt.of("蓝色头发的男孩");

  @Test
  void theDefaultsAreThoseOfDiffusers() {
    assertThat(prompt.guidanceScale()).isEqualTo(5.0);
    assertThat(prompt.steps()).isEqualTo(50);
    assertThat(prompt.negative()).isNull();
    assertThat(prompt.seed()).isEmpty();
    assertThat(prompt.guided()).isTrue();
  }

  @Test
  void aSettingChangesACopy() {
    Prompt changed = prompt.negative("模糊").seed(0).cfgScale(4).steps(20).size(256, 128);
    assertThat(prompt).isEqualTo(Prompt.of("蓝色头发的男孩"));
    assertThat(changed.text()).isEqualTo("蓝色头发的男孩");
    assertThat(changed.negative()).isEqualTo("模糊");
    assertThat(changed.seed()).hasValue(0);
    assertThat(changed.guidanceScale()).isEqualTo(4);
    assertThat(changed.steps()).isEqualTo(20);
    assertThat(changed.width()).isEqualTo(256);
    assertThat(changed.height()).isEqualTo(128);
  }

  @Test
  void aSizeThatIsNoMultipleOfEightIsRefusedWithTheNearestThatIs() {
    assertThatThrownBy(() -> prompt.size(1024, 1020))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("height is 1020")
        .hasMessageContaining("take 1024");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -8, 4})
  void aSizeBelowEightIsRefused(int side) {
    assertThatThrownBy(() -> prompt.size(side, 64)).hasMessageContaining("take 8");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void lessThanOneStepIsRefused(int steps) {
    assertThatThrownBy(() -> prompt.steps(steps)).hasMessageContaining("at least one step");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1})
  void aGuidanceThatIsNoNumberFromZeroUpIsRefused(double cfgScale) {
    assertThatThrownBy(() -> prompt.cfgScale(cfgScale)).hasMessageContaining("cfgScale");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void aStrengthOutsideZeroToOneIsRefused(double strength) {
    BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> prompt.startFrom(picture, strength)).hasMessageContaining("strength");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aToldSizeBelowOneIsRefused(int side) {
    assertThatThrownBy(() -> prompt.toldSize(side, 1024)).hasMessageContaining("told");
    assertThatThrownBy(() -> prompt.toldSize(1024, side)).hasMessageContaining("told");
  }

  @Test
  void anUnknownSamplerIsRefusedWithTheNearestName() {
    assertThatThrownBy(() -> prompt.scheduler("EulerDiscretScheduler"))
        .hasMessageContaining("Did you mean 'EulerDiscreteScheduler'");
  }

  @Test
  void aMissingTextOrPictureIsRefused() {
    assertThatThrownBy(() -> Prompt.of(null)).hasMessageContaining("prompt is null");
    assertThatThrownBy(() -> prompt.startFrom(null, 0.5)).hasMessageContaining("no picture");
  }
}
