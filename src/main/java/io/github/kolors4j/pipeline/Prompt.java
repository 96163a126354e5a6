package io.github.kolors4j.pipeline;

import io.github.kolors4j.internal.tensor.CudaGpu;
import io.github.kolors4j.scheduler.SchedulerType;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to draw, and how. Immutable: each setting returns a changed copy.
 *
 * <pre>{@code
 * Prompt.of("二次元，一个蓝色中分小男孩").negative("丑陋、变形").seed(0).cfgScale(4).steps(50).size(1024, 1024)
 * }</pre>
 *
 * <p>What is not set is as in diffusers' {@code KolorsPipeline} and {@code KolorsImg2ImgPipeline},
 * but for one thing: a picture to start from keeps its size, and the model is told that size, as
 * diffusers' other pipelines for SDXL do it. {@code KolorsImg2ImgPipeline} keeps the size as well,
 * but tells the model the one that it was trained for; {@link #toldSize} does that.
 *
 * @param text what to draw, in Chinese or English; up to 256 tokens count
 * @param negative what to avoid, or null, which is the same as an empty text
 * @param seed of all random numbers, as for {@code torch.manual_seed}; each picture gets a seed of
 *     its own where none is set
 * @param guidanceScale how strictly the text is followed (classifier-free guidance, Ho and Salimans
 *     2022); up to 1 there is no guidance, each step is twice as fast, and the negative text has no
 *     effect
 * @param steps denoising steps
 * @param width of the picture in pixels, or 0 for the size that the model was trained for
 * @param height of the picture in pixels, or 0
 * @param scheduler name of a sampler, see {@link SchedulerType#named}, or null for the model's own
 * @param picture what image-to-image starts from, or null to start from noise
 * @param strength how much of the picture is redrawn, in (0, 1]; 1 forgets it
 * @param toldWidth the size that the model is told, see {@link #toldSize}; 0 for the picture's own
 * @param toldHeight likewise
 * @param courseGpu whose noise is taken, and all else done as in the course, see {@link
 *     #asInTheCourse()}; null for diffusers' way with the CPU's noise
 * @param noise to start from, see {@link #noise(float[])}; empty for what the seed draws
 */
public record Prompt(
    String text,
    @Nullable String negative,
    OptionalLong seed,
    double guidanceScale,
    int steps,
    int width,
    int height,
    @Nullable String scheduler,
    @Nullable BufferedImage picture,
    double strength,
    int toldWidth,
    int toldHeight,
    @Nullable CudaGpu courseGpu,
    Optional<float[]> noise) {

  /** Checks each value. */
  public Prompt {
    if (text == null) {
      throw new IllegalArgumentException("The prompt is null: say what to draw, or give \"\".");
    }
    if (!(guidanceScale >= 0 && guidanceScale <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "cfgScale is a number from 0 up, usually 4 to 8; got " + guidanceScale + ".");
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
    if (toldWidth < 0 || toldHeight < 0 || (toldWidth == 0) != (toldHeight == 0)) {
      throw new IllegalArgumentException(
          "The size that the model is told is two numbers of pixels above 0; got %d×%d."
              .formatted(toldWidth, toldHeight));
    }
  }

  private static void requireSide(String side, int pixels) {
    if (pixels < 8 || pixels % 8 != 0) {
      int nearest = nearest(pixels, 8);
      int forMini = nearest(pixels, 16);
      throw new IllegalArgumentException(
          "The %s is %d pixels, but models draw multiples of 8, kolors-mini of 16: take %s."
              .formatted(
                  side,
                  pixels,
                  nearest == forMini ? nearest : nearest + " (kolors-mini: " + forMini + ")"));
    }
  }

  /** The multiple that is nearest to a number of pixels, at least one. */
  static int nearest(int pixels, int multiple) {
    return Math.max(1, (int) Math.round(pixels / (double) multiple)) * multiple;
  }

  /** A prompt with default settings. */
  public static Prompt of(String text) {
    return new Prompt(
        text,
        null,
        OptionalLong.empty(),
        5.0,
        50,
        0,
        0,
        null,
        null,
        1.0,
        0,
        0,
        null,
        Optional.empty());
  }

  /** The same settings with another text. */
  public Prompt text(String text) {
    return with(draft -> draft.text = text);
  }

  /** What to avoid in the picture. */
  public Prompt negative(@Nullable String negative) {
    return with(draft -> draft.negative = negative);
  }

  /** The same seed and settings give the same picture. */
  public Prompt seed(long seed) {
    return with(draft -> draft.seed = OptionalLong.of(seed));
  }

  /** How strictly the text is followed; 5 if not set. */
  public Prompt cfgScale(double guidanceScale) {
    return with(draft -> draft.guidanceScale = guidanceScale);
  }

  /** Number of denoising steps; 50 if not set. */
  public Prompt steps(int steps) {
    return with(draft -> draft.steps = steps);
  }

  /**
   * Size of the picture in pixels: multiples of 8, and of what the model's VAE makes smaller, which
   * is 8 for Kolors and 16 for kolors-mini.
   */
  public Prompt size(int width, int height) {
    requireSide("width", width);
    requireSide("height", height);
    return with(
        draft -> {
          draft.width = width;
          draft.height = height;
        });
  }

  /** The sampler, for example {@code "EulerDiscreteScheduler"} or {@code "DPM++ 2M"}. */
  public Prompt scheduler(@Nullable String scheduler) {
    return with(draft -> draft.scheduler = scheduler);
  }

  /**
   * Starts from a picture rather than from noise (image-to-image).
   *
   * @param picture resized if {@link #size} is set and differs; otherwise it keeps its size, cut to
   *     multiples of what the model draws
   * @param strength how much of it is redrawn, in (0, 1]; this share of the steps is made
   */
  public Prompt startFrom(BufferedImage picture, double strength) {
    if (picture == null) {
      throw new IllegalArgumentException("There is no picture to start from: it is null.");
    }
    return with(
        draft -> {
          draft.picture = picture;
          draft.strength = strength;
        });
  }

  /**
   * Starts from given noise instead of what the seed draws, as diffusers with {@code latents=}: the
   * same noise gives the same picture in whichever program it is used. A sampler that draws more
   * noise between its steps takes that from the seed.
   *
   * @param noise standard normal numbers, as many as {@link KolorsPipeline#latentShape} has, in
   *     row-major order; a prompt that starts from a picture takes some in the course's way only
   */
  public Prompt noise(float[] noise) {
    return with(draft -> draft.noise = Optional.of(noise));
  }

  /**
   * Tells the model another size than the picture has: SDXL's micro-conditioning (diffusers' {@code
   * original_size} and {@code target_size}). A model of 1024×1024 that is told a small size draws
   * as its small training pictures looked, which had been blown up. Diffusers' {@code
   * KolorsImg2ImgPipeline} without a size tells 1024×1024, whatever the picture: {@code
   * toldSize(1024, 1024)} gives what it draws.
   */
  public Prompt toldSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "The size that the model is told is two numbers of pixels above 0; got %d×%d."
              .formatted(width, height));
    }
    return with(
        draft -> {
          draft.toldWidth = width;
          draft.toldHeight = height;
        });
  }

  /**
   * Draws what the course's program draws with the same seed: DiffSynth-Studio's {@code
   * SDXLImagePipeline} of August 2024, on its GPU. Against diffusers' way, which is taken
   * otherwise,
   *
   * <ul>
   *   <li>noise is what {@code torch.randn} draws on an NVIDIA GPU in float16 ({@link
   *       io.github.kolors4j.internal.tensor.CudaRandom}), on whichever machine this runs;
   *   <li>the sampler is its DDIM, from the very last training timestep to the first (a {@link
   *       #scheduler} set after this takes its place);
   *   <li>colours are cut off to whole numbers, not rounded;
   *   <li>there is guidance at every {@code cfgScale} but 1;
   *   <li>image-to-image starts from the mean of the picture's latents and makes all steps;
   *   <li>in float16 (on a GPU) latents are rounded at every step, and the VAE computes in float32.
   * </ul>
   *
   * <p>The GPU is any that has a thread for each number of the latents. Up to 1024×1024 that is
   * every one but the smallest, such as the T4: see {@link #asInTheCourse(CudaGpu)}.
   */
  public Prompt asInTheCourse() {
    return asInTheCourse(CudaGpu.A10);
  }

  /** {@link #asInTheCourse()} on another GPU, for example {@code CudaGpu.named("T4")}. */
  public Prompt asInTheCourse(CudaGpu gpu) {
    if (gpu == null) {
      throw new IllegalArgumentException("No GPU is given: it is null. Take CudaGpu.A10.");
    }
    return with(
        draft -> {
          draft.courseGpu = gpu;
          draft.scheduler = SchedulerType.ENHANCED_DDIM.className();
        });
  }

  /** Whether the picture is drawn as the course's program does it. */
  public boolean inTheCoursesWay() {
    return courseGpu != null;
  }

  /** Whether the noise is predicted with and without the text, see {@link #guidanceScale}. */
  public boolean guided() {
    return inTheCoursesWay() ? guidanceScale != 1 : guidanceScale > 1;
  }

  /** The same prompt with another strength, whether or not there is a picture. */
  Prompt withStrength(double strength) {
    return with(draft -> draft.strength = strength);
  }

  private Prompt with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.prompt();
  }

  /** The settings while one of them changes. */
  private static final class Draft {
    private String text;
    private @Nullable String negative;
    private OptionalLong seed;
    private double guidanceScale;
    private int steps;
    private int width;
    private int height;
    private @Nullable String scheduler;
    private @Nullable BufferedImage picture;
    private double strength;
    private int toldWidth;
    private int toldHeight;
    private @Nullable CudaGpu courseGpu;
    private Optional<float[]> noise;

    private Draft(Prompt prompt) {
      text = prompt.text;
      negative = prompt.negative;
      seed = prompt.seed;
      guidanceScale = prompt.guidanceScale;
      steps = prompt.steps;
      width = prompt.width;
      height = prompt.height;
      scheduler = prompt.scheduler;
      picture = prompt.picture;
      strength = prompt.strength;
      toldWidth = prompt.toldWidth;
      toldHeight = prompt.toldHeight;
      courseGpu = prompt.courseGpu;
      noise = prompt.noise;
    }

    private Prompt prompt() {
      return new Prompt(
          text,
          negative,
          seed,
          guidanceScale,
          steps,
          width,
          height,
          scheduler,
          picture,
          strength,
          toldWidth,
          toldHeight,
          courseGpu,
          noise);
    }
  }
}
