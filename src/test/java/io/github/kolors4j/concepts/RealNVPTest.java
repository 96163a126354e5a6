package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RealNVPTest {
  private static final Points MOONS = Points.moons(1000, 0);
  private static final RealNVP FLOW = new RealNVP(4, 12, 1);
  private static double[] losses;

  /** A little, so that the couplings do something. */
  @BeforeAll
  static void fit() {
    losses =
        Fitting.named("flow")
            .steps(150)
            .batch(128)
            .learningRate(1e-2)
            .minimise(step -> FLOW.toNoise(step.draw(MOONS)).logLikelihood().mean().neg(), FLOW)
            .run()
            .values();
  }

  @AfterAll
  static void free() {
    FLOW.close();
  }

  @Test
  void theInverseLeadsBackToEachPoint() {
    Points noise = Points.gaussian(200, 3);
    Points data = noise.through(FLOW::toData);
    Points back = data.through(x -> FLOW.toNoise(x).z());

    for (int i = 0; i < noise.size(); i++) {
      assertThat(back.x(i)).isCloseTo(noise.x(i), within(2e-4f));
      assertThat(back.y(i)).isCloseTo(noise.y(i), within(2e-4f));
    }
    assertThat(SlicedWasserstein.between(noise, data)).isGreaterThan(0.05); // it does something
  }

  @Test
  void theLogDeterminantIsThatOfNumericalDifferentiation() {
    Points x = Points.moons(20, 4);
    float[] logDeterminant;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      logDeterminant = FLOW.toNoise(x.toArray(manager)).logDeterminant().toFloatArray();
    }
    double h = 3e-4;
    for (int i = 0; i < x.size(); i++) {
      Points around =
          Points.of(
              (float) (x.x(i) + h),
              x.y(i),
              (float) (x.x(i) - h),
              x.y(i),
              x.x(i),
              (float) (x.y(i) + h),
              x.x(i),
              (float) (x.y(i) - h));
      Points z = around.through(p -> FLOW.toNoise(p).z());
      double dxx = (z.x(0) - z.x(1)) / (2 * h);
      double dyx = (z.y(0) - z.y(1)) / (2 * h);
      double dxy = (z.x(2) - z.x(3)) / (2 * h);
      double dyy = (z.y(2) - z.y(3)) / (2 * h);
      assertThat((double) logDeterminant[i])
          .isCloseTo(Math.log(Math.abs(dxx * dyy - dxy * dyx)), within(3e-2));
    }
  }

  @Test
  void aFlowThatLearnedNothingGivesTheNormalDistribution() {
    try (RealNVP fresh = new RealNVP(2, 4, 0);
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray likelihood = fresh.toNoise(Points.of(0, 0, 1, 1).toArray(manager)).logLikelihood();

      double atZero = -Math.log(2 * Math.PI);
      assertThat((double) likelihood.getFloat(0)).isCloseTo(atZero, within(1e-6));
      assertThat((double) likelihood.getFloat(1)).isCloseTo(atZero - 1, within(1e-6));
    }
  }

  @Test
  void trainingMakesTheDataLikelierThanTheNormalDistributionDoes() {
    assertThat(losses[0]).isCloseTo(Math.log(2 * Math.PI) + 1, within(0.2));
    assertThat(losses[losses.length - 1]).isLessThan(losses[0] - 0.4);
  }

  /** An integral over the plane: what a likelihood has to keep to. */
  @Test
  void theLikelihoodSumsUpToOne() {
    int side = 160;
    double range = 4;
    double cell = 2 * range / side;
    float[] grid = new float[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      grid[2 * i] = (float) (-range + (i % side + 0.5) * cell);
      grid[2 * i + 1] = (float) (-range + (i / side + 0.5) * cell);
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray x = Points.of(grid).toArray(manager);
      double sum = FLOW.toNoise(x).logLikelihood().exp().sum().getFloat() * cell * cell;
      assertThat(sum).isCloseTo(1, within(0.03));
    }
  }

  @Test
  void oneCouplingIsNoFlow() {
    assertThatThrownBy(() -> new RealNVP(1, 4, 0)).hasMessageContaining("at least 2");
  }
}
