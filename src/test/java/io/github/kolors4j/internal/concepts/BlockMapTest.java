package io.github.kolors4j.internal.concepts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockMapTest {
  private final BlockMap twoPlaces =
      new BlockMap(2, new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.4f, 0.3f, 0.2f, 0.1f});

  @Test
  void theShareOfThePaddingInFrontIsAddedUp() {
    assertThat(twoPlaces.withPaddingAsOne(3).values())
        .containsExactly(new float[] {0.3f, 0.3f, 0.4f, 0.7f, 0.2f, 0.1f}, within());
  }

  @Test
  void withoutPaddingItsShareIsNothing() {
    BlockMap full = twoPlaces.withPaddingAsOne(5);
    assertThat(full.values()).containsExactly(0, 0.1f, 0.2f, 0.3f, 0.4f, 0, 0.4f, 0.3f, 0.2f, 0.1f);
  }

  @Test
  void whatIsLeftOutGoesToTheOthersInProportion() {
    assertThat(twoPlaces.without(2).values())
        .containsExactly(new float[] {0, 0, 3 / 7f, 4 / 7f, 0, 0, 2 / 3f, 1 / 3f}, within());
  }

  @Test
  void aMeanIsOfEachNumber() {
    BlockMap other = new BlockMap(2, new float[] {0.3f, 0.2f, 0.3f, 0.2f, 0, 0.3f, 0.6f, 0.1f});
    assertThat(BlockMap.mean(List.of(twoPlaces, other)).values())
        .containsExactly(new float[] {0.2f, 0.2f, 0.3f, 0.3f, 0.2f, 0.3f, 0.4f, 0.1f}, within());
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }
}
