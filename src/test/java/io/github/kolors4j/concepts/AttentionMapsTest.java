package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.kolors4j.Golden;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.concepts.AttentionRecorder;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** What is recorded while a picture is drawn; AttentionRecorderTest holds the numbers. */
class AttentionMapsTest {
  private static final Prompt SMALL =
      Prompt.of("蓝色头发的男孩，蓝色背景").negative("模糊").seed(1).steps(3).size(64, 48);

  private static KolorsPipeline pipeline;
  private static BufferedImage before;
  private static AttentionMaps maps;

  @BeforeAll
  static void draw() {
    pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
    before = pipeline.generate(SMALL).image();
    maps = AttentionMaps.record(pipeline, SMALL);
  }

  @AfterAll
  static void free() {
    pipeline.close();
  }

  @Test
  void atEachPlaceTheTokensShareAnAttentionOfOne() {
    assertThat(maps.blocks())
        .containsExactly(
            "down_blocks.1", "down_blocks.2", "mid_block", "up_blocks.0", "up_blocks.1");
    for (int step = 1; step <= 3; step++) {
      for (String block : maps.blocks()) {
        assertSumsToOne(maps.steps(step, step).blocks(block));
      }
    }
    assertSumsToOne(maps);
    assertSumsToOne(maps.ofTextAlone());
  }

  private static void assertSumsToOne(AttentionMaps some) {
    Table table = some.table();
    double percent = table.doubleColumn(1).sum();
    assertThat(percent).isCloseTo(100, within(1e-3));
    float[] sum = null;
    List<String> distinct = some.tokens().stream().distinct().toList();
    for (String token : distinct) {
      float[] values = some.of(token).values();
      sum = sum == null ? new float[values.length] : sum;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    for (float value : sum) {
      assertThat(value).isCloseTo(1, within(1e-5f));
    }
  }

  @Test
  void listeningChangesNoPixel() {
    assertThat(pixels(maps.picture())).isEqualTo(pixels(before));
    assertThat(pixels(pipeline.generate(SMALL).image())).as("afterwards").isEqualTo(pixels(before));
  }

  @Test
  void nobodyListensWhenThePictureIsDrawnOrWasStopped() {
    assertThatThrownBy(() -> AttentionMaps.record(pipeline, SMALL, step -> false))
        .isInstanceOf(StoppedException.class);
    try (AttentionRecorder recorder = AttentionRecorder.on(pipeline.unet())) {
      recorder.close();
      pipeline.generate(SMALL.steps(1));
      assertThat(recorder.take(10)).isEmpty();
    }
  }

  @Test
  void whereTheNetworksTakeTurnsTheUNetThatDrawsIsListenedTo() {
    ModelFolder tiny = ModelFolder.of(Golden.TINY);
    double together = (KolorsPipeline.options().plan(tiny).peak() - 1) / (double) (1L << 30);
    try (KolorsPipeline turns = KolorsPipeline.options().memory(together).load(tiny)) {
      assertThat(turns.plan().inTurn()).isTrue();
      AttentionMaps heard = AttentionMaps.record(turns, SMALL);
      assertThat(heard.blocks()).isEqualTo(maps.blocks());
      assertThat(pixels(heard.picture())).isEqualTo(pixels(before));
    }
  }

  @Test
  void aMapHasTheSizeOfTheFinestBlockThatIsLeft() {
    // 64 × 48 pixels are 6 × 8 latents; the first level of this UNet does not attend.
    HeatMap fine = maps.of("男孩");
    assertThat(List.of(fine.height(), fine.width())).isEqualTo(List.of(3, 4));
    HeatMap coarse = maps.blocks("mid").of("男孩");
    assertThat(List.of(coarse.height(), coarse.width())).isEqualTo(List.of(2, 2));
    assertThat(fine.over(maps.picture()).getWidth()).isEqualTo(64);
    assertThat(fine.render().getWidth()).isEqualTo(192);
    assertThat(fine.render().getHeight()).isEqualTo(144);
  }

  @Test
  void aWordThatStandsTwiceIsTheSumOfBoth() {
    double both = maps.of("蓝色").mean();
    double first = maps.of("蓝色头发").mean() - maps.of("头发").mean();
    double second = maps.of("蓝色背景").mean() - maps.of("背景").mean();
    assertThat(both).isCloseTo(first + second, within(1e-6));
    assertThat(first).isPositive();
  }

  @Test
  void theMeanOfTheStepsIsTheMeanOfTheirMaps() {
    double mean = 0;
    for (int step = 1; step <= maps.stepCount(); step++) {
      mean += maps.steps(step, step).of("头发").mean() / maps.stepCount();
    }
    assertThat(maps.of("头发").mean()).isCloseTo(mean, within(1e-6));
  }

  @Test
  void withoutGuidanceThereIsOneRowToListenTo() {
    AttentionMaps unguided = AttentionMaps.record(pipeline, SMALL.cfgScale(1).steps(1));
    assertSumsToOne(unguided);
  }

  @Test
  void whatIsNotThereIsAskedForInVainAndTheMessageSaysWhatThereIs() {
    assertThatThrownBy(() -> maps.of("女孩"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("女孩")
        .hasMessageContaining("男孩");
    assertThatThrownBy(() -> maps.blocks("middle")).hasMessageContaining("mid_block");
    assertThatThrownBy(() -> maps.steps(2, 4)).hasMessageContaining("1 to 3");
    AttentionMaps empty = AttentionMaps.record(pipeline, Prompt.of("").steps(1).size(16, 16));
    assertThat(empty.of("[padding]").mean()).isPositive();
    assertThatThrownBy(empty::ofTextAlone).hasMessageContaining("empty");
  }

  private static int[] pixels(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }
}
