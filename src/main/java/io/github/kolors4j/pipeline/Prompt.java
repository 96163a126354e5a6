package io.github.kolors4j.pipeline;

import io.github.kolors4j.scheduler.SchedulerType;
import java.awt.image.BufferedImage;
import java.util.OptionalLong;

/**
 * What to draw, and how. Immutable: each setting returns a changed copy.
 *
 * <pre>{@code
 * Prompt.of("二次元，一个蓝色中分小男孩").negative("丑陋、变形").seed(0).cfgScale(4).steps(50).size(1024, 1024)
 * }</pre>
 *
 * <p>What is not set is as in diffusers' {@code KolorsPipeline}.
 *
 * @param text what to draw, in Chinese or English; up to 256 tokens count
 * @param negative what to avoid, or null, which is the same as an empty text
 * @param seed of all random numbers, as for {@code torch.manual_seed} on the CPU; each picture gets
 *     a seed of its own where none is set
 * @param cfgScale how strictly the text is followed (classifier-free guidance, Ho and Salimans
 *     2022); up to 1 there is no guidance, each step is twice as fast, and the negative text has no
 *     effect
 * @param steps denoising steps
 * @param width of the picture in pixels, or 0 for the size that the model was trained for
 * @param height of the picture in pixels, or 0
 * @param scheduler name of a sampler, see {@link SchedulerType#named}, or null for the model's own
 * @param picture what image-to-image starts from, or null to start from noise
 * @param strength how much of the picture is redrawn, in (0, 1]; 1 forgets it
 */
public record Prompt(
    String text,
    String negative,
    OptionalLong seed,
    double cfgScale,
    int steps,
    int width,
    int height,
    String scheduler,
    BufferedImage picture,
    double strength) {

  /** Checks each value. */
  public Prompt {
    if (text == null) {
      throw new IllegalArgumentException("The prompt is null: say what to draw, or give \"\".");
    }
    if (!(cfgScale >= 0 && cfgScale <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "cfgScale is a number from 0 up, usually 4 to 8; got " + cfgScale + ".");
    }
    if (steps < 1) {
      throw new IllegalArgumentException(
          "A picture takes at least one step, usually 20 to 50; got " + steps + ".");
    }
    if (width != 0 || height != 0) {
      requireSide("width", width);
      requireSide("height", height);
    }
    if (scheduler != null) {
      SchedulerType.named(scheduler); // an unknown name shows here, with the nearest known one
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "The strength is how much of the picture is redrawn, above 0 and at most 1; got "
              + strength
              + ".");
    }
  }

  private static void requireSide(String side, int pixels) {
    if (pixels < 8 || pixels % 8 != 0) {
      int nearest = Math.max(8, (int) Math.round(pixels / 8.0) * 8);
      throw new IllegalArgumentException(
          "The %s is %d pixels, but the model draws multiples of 8: take %d."
              .formatted(side, pixels, nearest));
    }
  }

  /** A prompt with default settings. */
  public static Prompt of(String text) {
    return new Prompt(text, null, OptionalLong.empty(), 5.0, 50, 0, 0, null, null, 1.0);
  }

  /** The same settings with another text. */
  public Prompt text(String text) {
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** What to avoid in the picture. */
  public Prompt negative(String negative) {
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** The same seed and settings give the same picture. */
  public Prompt seed(long seed) {
    return new Prompt(
        text,
        negative,
        OptionalLong.of(seed),
        cfgScale,
        steps,
        width,
        height,
        scheduler,
        picture,
        strength);
  }

  /** How strictly the text is followed; 5 if not set. */
  public Prompt cfgScale(double cfgScale) {
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** Number of denoising steps; 50 if not set. */
  public Prompt steps(int steps) {
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** Size of the picture in pixels, multiples of 8. */
  public Prompt size(int width, int height) {
    requireSide("width", width);
    requireSide("height", height);
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** The sampler, for example {@code "EulerDiscreteScheduler"} or {@code "DPM++ 2M"}. */
  public Prompt scheduler(String scheduler) {
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /**
   * Starts from a picture rather than from noise (image-to-image).
   *
   * @param picture resized if {@link #size} is set and differs
   * @param strength how much of it is redrawn, in (0, 1]; this share of the steps is made
   */
  public Prompt startFrom(BufferedImage picture, double strength) {
    if (picture == null) {
      throw new IllegalArgumentException("There is no picture to start from: it is null.");
    }
    return new Prompt(
        text, negative, seed, cfgScale, steps, width, height, scheduler, picture, strength);
  }

  /** Whether the noise is predicted with and without the text, see {@link #cfgScale}. */
  public boolean guided() {
    return cfgScale > 1;
  }
}
