package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaneTest {
  @Test
  void aFieldsArrowsStandInTheMiddleOfItsCells() {
    VectorField field = VectorField.of(2, 4, NDArray::duplicate);
    assertThat(field.at().size()).isEqualTo(16);
    assertThat(field.spacing()).isEqualTo(1);
    assertThat(field.at().x(0)).isEqualTo(-1.5f);
    assertThat(field.at().y(15)).isEqualTo(1.5f);
    assertThat(field.arrows().x(15)).isEqualTo(1.5f);
  }

  @Test
  void aDensityOfPointsKeepsTheirNumberAndPlace() {
    Density density = Density.of(2, Points.of(1f, 1f, 1f, 1f, 9f, 9f)); // the last is out of sight
    assertThat(Arrays.stream(density.values()).sum()).isCloseTo(2, within(1e-9));
    assertThat(density.at(48, 48)).isEqualTo(0.5);
    assertThat(density.at(16, 48)).isZero();
  }

  @Test
  void theUpperRightOfThePlaneIsTheUpperRightOfThePicture() {
    BufferedImage picture =
        Plane.upTo(1).with(Density.of(1, (x, y) -> x > 0 && y > 0 ? 1 : 0)).size(100).render();
    assertThat(picture.getWidth()).isEqualTo(100);
    assertThat(new Color(picture.getRGB(75, 25)).getRed()).isLessThan(80);
    for (int[] other : new int[][] {{25, 25}, {25, 75}, {75, 75}}) {
      assertThat(picture.getRGB(other[0], other[1])).isEqualTo(Color.WHITE.getRGB());
    }
  }

  @Test
  void anArrowToTheRightIsDrawnToTheRightOfItsPoint() {
    VectorField field = new VectorField(Points.of(0f, 0.5f), Points.of(3f, 0f), 1);
    BufferedImage picture = Plane.upTo(1).with(field, Color.RED).size(200).render();
    assertThat(reddish(picture, 100, 190, 50)).isTrue();
    assertThat(reddish(picture, 10, 98, 50)).isFalse();
  }

  @Test
  void aWayIsDrawnThroughItsCloudsToADotAtItsEnd() {
    List<Points> clouds = List.of(Points.of(-0.8f, 0f), Points.of(0f, 0f), Points.of(0f, 0.8f));
    BufferedImage picture = Plane.upTo(1).withPaths(clouds, 5, Color.RED).size(200).render();
    assertThat(reddish(picture, 40, 80, 100)).isTrue();
    assertThat(picture.getRGB(100, 20)).isEqualTo(Color.RED.getRGB());
    assertThat(reddish(picture, 120, 180, 100)).isFalse();
  }

  private static boolean reddish(BufferedImage picture, int from, int to, int row) {
    for (int y = row - 1; y <= row + 1; y++) {
      for (int x = from; x < to; x++) {
        Color color = new Color(picture.getRGB(x, y));
        if (color.getRed() - color.getBlue() > 40) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aTitleStandsAboveTheSquare() {
    BufferedImage picture = Plane.upTo(1).title("密度 (density)").size(180).render();
    assertThat(picture.getHeight()).isGreaterThan(180);
  }

  @Test
  void asManyArrowsAsPointsAreNeeded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VectorField(Points.of(0f, 0f), Points.of(), 1))
        .withMessageContaining("1 points and 0 arrows");
  }
}
