package io.github.kolors4j.internal.training;

/**
 * Keeps small gradients from vanishing in float16: the loss is multiplied by a large scale before
 * the backward pass, and the gradients are divided by it afterwards (Micikevicius et al. 2017;
 * {@code torch.amp.GradScaler}).
 *
 * <p>A step whose gradients are not all finite is skipped and halves the scale; 2,000 good steps in
 * a row double it. So the first steps of a training may be skipped until the scale fits.
 *
 * <p>bfloat16 has float32's range and needs none of this.
 */
public final class GradientScaler {
  private static final double FIRST_SCALE = 65536;
  private static final double GROWTH = 2;
  private static final double BACKOFF = 0.5;
  static final int GROWTH_INTERVAL = 2000;

  private final int growthInterval;
  private double scale = FIRST_SCALE;
  private int goodSteps;

  public GradientScaler() {
    this(GROWTH_INTERVAL);
  }

  GradientScaler(int growthInterval) {
    this.growthInterval = growthInterval;
  }

  /** What the loss is to be multiplied with. */
  public double scale() {
    return scale;
  }

  /** Steps since the scale has changed. */
  public int goodSteps() {
    return goodSteps;
  }

  /** Goes on where another run stopped. */
  public void restore(double savedScale, int savedGoodSteps) {
    scale = savedScale;
    goodSteps = savedGoodSteps;
  }

  /**
   * Makes an optimizer's step with the true gradients, or skips it if one of them is infinite or
   * not a number. The gradients are zero afterwards either way.
   *
   * @return the norm of the gradients, as {@link Optimizer#step} gives it; infinite if the step was
   *     skipped
   */
  public double step(Optimizer optimizer, double learningRate, double maxNorm) {
    boolean finite;
    try (CollectedGradients gradients = optimizer.gradients()) {
      finite = gradients.unscale((float) (1 / scale)); // torch rounds it as well
      if (!finite) {
        gradients.zero();
      }
    }
    double norm = finite ? optimizer.step(learningRate, maxNorm) : Double.POSITIVE_INFINITY;
    update(finite);
    return norm;
  }

  private void update(boolean finite) {
    if (!finite) {
      scale *= BACKOFF;
      goodSteps = 0;
    } else if (++goodSteps == growthInterval) {
      // torch stops growing where float32 ends
      scale = scale * GROWTH <= Float.MAX_VALUE ? scale * GROWTH : scale;
      goodSteps = 0;
    }
  }
}
