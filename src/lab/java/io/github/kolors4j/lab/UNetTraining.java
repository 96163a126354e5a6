package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.SideBySide;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.training.MovingAverage;
import io.github.kolors4j.internal.training.Muon;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.Weights;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains kolors-mini's UNet to predict the noise in latents (Ho et al. 2020), on Kolors' noise
 * schedule.
 *
 * <p>Each loss counts in proportion to sigma, the noise relative to the picture ("debiased
 * estimation", Yu et al. 2023): a prompt decides colours where there is most noise, and there the
 * plain loss hardly notices a wrong one. The timesteps of a batch lie evenly over the schedule from
 * a random start (Kingma et al. 2021), which makes the losses of batches more alike.
 */
final class UNetTraining {
  private static final int BATCH = 16;
  private static final double CAPTION_DROPOUT = 0.1;

  /** Pictures whose loss is measured instead of learned from, and how often. */
  private static final int HELD_BACK = 64;

  private static final int VALIDATE_EVERY = 500;

  /**
   * What stands in negative prompts; these words say nothing about a picture, as the empty text.
   */
  private static final List<String> NEGATIVE =
      List.of("丑陋", "变形", "嘈杂", "模糊", "低对比度", "色情擦边", "扭曲的手指", "多余的手指");

  /** Two levels with transformers, most parameters in the lower level's transformers. */
  public static final UNetConfig CONFIG =
      new UNetConfig(
          32,
          new int[] {80, 160},
          1,
          new boolean[] {true, true},
          new int[] {1, 2},
          new int[] {5, 5},
          128,
          128,
          16,
          128 + 6 * 16,
          10,
          1e-5,
          16);

  private final Checkpoints checkpoints;
  private final long steps;
  private final double peak;
  private final @Nullable Path start;
  private final Random random = new Random();
  private final NoiseSchedule schedule = new NoiseSchedule(SchedulerConfig.kolors());

  /**
   * A picture to learn from.
   *
   * @param latents (channels · height · width), scaled to a spread of about 1
   */
  public record Example(float[] latents, List<String> captions) {}

  /**
   * @param folder for the checkpoints, from which an interrupted run goes on
   * @param steps how many in all
   * @param peak the highest learning rate
   * @param start what a training begins with ({@link StartingWeights}); null for random weights
   */
  UNetTraining(Path folder, long steps, double peak, @Nullable Path start) {
    this.checkpoints = new Checkpoints(folder.resolve("unet"));
    this.steps = steps;
    this.peak = peak;
    this.start = start;
  }

  /**
   * Trains, or goes on with an interrupted training.
   *
   * @param size height and width of the latents
   * @param pictureSize height and width of the pictures, which the UNet is told
   */
  public void train(
      ChatGlmTokenizer tokenizer,
      ChatGlm encoder,
      List<Example> examples,
      int size,
      int pictureSize) {
    LearningRate rate = LearningRate.cosine(peak, steps).warmUp(200);
    CaptionEmbeddings embeddings = new CaptionEmbeddings(tokenizer, encoder);
    float[] sizes = new float[BATCH * 6];
    for (int i = 0; i < BATCH; i++) {
      int at = 6 * i;
      sizes[at] = sizes[at + 1] = sizes[at + 4] = sizes[at + 5] = pictureSize;
    }
    List<Example> learned = new ArrayList<>();
    List<Example> heldBack = new ArrayList<>();
    int apart = examples.size() / HELD_BACK;
    for (int i = 0; i < examples.size(); i++) {
      (apart >= 10 && i % apart == 0 && heldBack.size() < HELD_BACK ? heldBack : learned)
          .add(examples.get(i));
    }
    try (NDManager manager = PyTorch.manager();
        UNet unet = begin(manager);
        Muon optimizer =
            Muon.ofNetwork(unet.weights().tensors(), new AdamW.Settings(0.9, 0.99, 1e-8, 0.01));
        MovingAverage average = checkpoints.restore(unet.weights().tensors(), optimizer, 0.999)) {
      Progress progress = new Progress("UNet", steps, checkpoints.log());
      Denoiser denoiser = new Denoiser(unet, embeddings, size, sizes);
      while (optimizer.steps() < steps) {
        long step = optimizer.steps();
        random.setSeed(step);
        int start = random.nextInt(schedule.numTrainTimesteps());
        List<Example> drawn = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          drawn.add(learned.get(random.nextInt(learned.size())));
          captions.add(caption(drawn.get(i)));
        }
        double loss = backward(denoiser, drawn, captions, start, manager);
        optimizer.step(rate.at(step), 1.0);
        average.update(optimizer.steps());
        progress.step(optimizer.steps(), (float) loss);
        if (optimizer.steps() % Checkpoints.EVERY == 0 || optimizer.steps() == steps) {
          checkpoints.save(unet.weights().tensors(), optimizer, average);
        }
        if (optimizer.steps() % VALIDATE_EVERY == 0 && !heldBack.isEmpty()) {
          double unseen = average.during(() -> validationLoss(denoiser, heldBack, manager, size));
          progress.validation(optimizer.steps(), unseen);
        }
      }
    }
  }

  /**
   * The gradients of a batch, each half on a thread of its own.
   *
   * @return the loss
   */
  private double backward(
      Denoiser denoiser, List<Example> batch, List<String> captions, int start, NDManager manager) {
    int half = BATCH / 2;
    Shape shape = new Shape(half, CONFIG.inChannels(), denoiser.size, denoiser.size);
    List<Supplier<Float>> halves = new ArrayList<>();
    for (int first = 0; first < BATCH; first += half) {
      int from = first;
      halves.add(
          () -> {
            try (NDManager scope = manager.newSubManager();
                Gradients recording = Gradients.enable()) {
              List<Example> pictures = batch.subList(from, from + half);
              List<String> own = captions.subList(from, from + half);
              int timestep = denoiser.timestep(start, from);
              NDArray loss = denoiser.loss(pictures, own, timestep, scope.randomNormal(shape));
              loss = TensorOperators.scale(loss, (double) half / BATCH);
              Gradients.backward(loss);
              return loss.getFloat();
            }
          });
    }
    return SideBySide.run(halves).stream().mapToDouble(Float::doubleValue).sum();
  }

  private UNet begin(NDManager manager) {
    InitialWeights random = new InitialWeights(3, Set.of("conv_out.weight"));
    UNet unet = new UNet(CONFIG, new Weights(random, manager.newSubManager()));
    if (start != null) {
      StartingWeights.copy(start, "unet", unet.weights().tensors());
    }
    return unet;
  }

  /** The loss of pictures that are not learned, always with the same noise, timesteps, captions. */
  private double validationLoss(
      Denoiser denoiser, List<Example> heldBack, NDManager manager, int size) {
    Random fixed = new Random(7);
    double sum = 0;
    int batches = heldBack.size() / BATCH;
    for (int b = 0; b < batches; b++) {
      try (NDManager scope = manager.newSubManager();
          Gradients off = Gradients.disable()) {
        List<Example> batch = heldBack.subList(b * BATCH, (b + 1) * BATCH);
        Shape shape = new Shape(BATCH, CONFIG.inChannels(), size, size);
        float[] noise = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < noise.length; i++) {
          noise[i] = (float) fixed.nextGaussian();
        }
        List<String> captions = batch.stream().map(example -> example.captions().get(0)).toList();
        int start = fixed.nextInt(schedule.numTrainTimesteps());
        sum += denoiser.loss(batch, captions, start, scope.create(noise, shape)).getFloat();
      }
    }
    return sum / batches;
  }

  /** The UNet with what every batch is told, and its loss. */
  private final class Denoiser {
    private final UNet unet;
    private final CaptionEmbeddings embeddings;
    private final int size;
    private final float[] sizes;
    private final double meanSigma =
        IntStream.range(0, schedule.numTrainTimesteps())
            .mapToDouble(schedule::sigma)
            .average()
            .orElseThrow();

    Denoiser(UNet unet, CaptionEmbeddings embeddings, int size, float[] sizes) {
      this.unet = unet;
      this.embeddings = embeddings;
      this.size = size;
      this.sizes = sizes;
    }

    /** The timestep of the picture at a place of a batch that begins with {@code start}. */
    int timestep(int start, int place) {
      return (start + place * schedule.numTrainTimesteps() / BATCH) % schedule.numTrainTimesteps();
    }

    /**
     * @param batch all pictures of a batch, or some that follow each other
     * @param start the first timestep; those of the other pictures lie evenly over the schedule
     * @param noise (batch, channels, size, size), in whose manager all is computed
     */
    NDArray loss(List<Example> batch, List<String> captions, int start, NDArray noise) {
      NDManager scope = noise.getManager();
      int each = CONFIG.inChannels() * size * size;
      int count = batch.size();
      float[] values = new float[count * each];
      float[] weights = new float[count];
      int[] timesteps = new int[count];
      for (int i = 0; i < count; i++) {
        System.arraycopy(batch.get(i).latents(), 0, values, i * each, each);
        timesteps[i] = timestep(start, i);
        weights[i] = (float) Math.sqrt(schedule.sigma(timesteps[i]) / meanSigma);
      }
      NDArray noisy = schedule.addNoise(scope.create(values, noise.getShape()), noise, timesteps);
      CaptionEmbeddings.Batch text = embeddings.batch(scope, captions);
      UNet.Conditioning conditioning =
          new UNet.Conditioning(
              text.text(),
              text.pooled(),
              scope.create(Arrays.copyOf(sizes, count * 6), new Shape(count, 6)),
              text.bias());
      NDArray predicted =
          unet.forward(TensorOperators.fastType(noisy), floats(scope, timesteps), conditioning);
      NDArray weight = scope.create(weights, new Shape(count, 1, 1, 1));
      return TensorOperators.meanSquaredError(
          TensorOperators.float32(predicted).mul(weight), noise.mul(weight));
    }
  }

  /** One of the captions, or in one case of ten a text that describes nothing, for guidance. */
  private String caption(Example example) {
    if (random.nextDouble() < CAPTION_DROPOUT) {
      boolean empty = random.nextBoolean();
      return NEGATIVE.stream()
          .filter(word -> random.nextBoolean() && !empty)
          .collect(Collectors.joining("、"));
    }
    return example.captions().get(random.nextInt(example.captions().size()));
  }

  private static NDArray floats(NDManager manager, int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return manager.create(floats);
  }
}
