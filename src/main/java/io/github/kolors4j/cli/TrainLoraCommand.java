package io.github.kolors4j.cli;

import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.training.LoraRun;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.LossWeighting;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code kolors4j train-lora}: the course's {@code train_kolors_lora.py}, with its options and some
 * more. The course's own command line works as it stands.
 */
@Command(
    name = "train-lora",
    description = "Trains a LoRA on captioned pictures. Ctrl+C saves first; --resume goes on.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainLoraCommand implements Callable<Integer> {

  @Option(
      names = "--pretrained_model",
      paramLabel = "FOLDER",
      description = "A Kolors model in the published layout; otherwise kolors-mini.")
  private Path pretrainedModel;

  @Option(
      names = "--pretrained_unet_path",
      paramLabel = "FILE",
      description = "The UNet's file, as the course has it; the model is the folder around it.")
  private Path pretrainedUnet;

  @Option(
      names = "--pretrained_text_encoder_path",
      paramLabel = "FOLDER",
      description = "Another text encoder, such as the folder of chatglm3-6b-base.")
  private Path pretrainedTextEncoder;

  @Option(
      names = "--pretrained_fp16_vae_path",
      paramLabel = "PATH",
      description = "Another VAE, a folder or a .safetensors file.")
  private Path pretrainedVae;

  @Option(
      names = "--dataset_path",
      paramLabel = "FOLDER",
      required = true,
      description = "The picture set: train/metadata.csv (file_name,text) and its pictures.")
  private Path datasetPath;

  @Option(
      names = {"--caption_column", "--caption_key"},
      paramLabel = "NAME",
      description = "The column of metadata.csv, or key of metadata.jsonl, with the captions.")
  private String captionColumn = "text";

  @Option(
      names = "--caption_extension",
      paramLabel = "ENDING",
      description = "The ending of files of captions beside pictures; otherwise .txt or .caption.")
  private String captionExtension;

  @Option(
      names = "--caption_encoding",
      paramLabel = "NAME",
      description = "The encoding of captions, such as GBK.")
  private String captionEncoding = "UTF-8";

  @Option(
      names = "--output_path",
      paramLabel = "FOLDER",
      description = "Where lightning_logs/version_N/checkpoints is made.")
  private Path outputPath = Path.of("models");

  @Option(names = "--lora_rank", description = "Rows between the two matrices of a layer.")
  private int loraRank = 4;

  @Option(names = "--lora_alpha", description = "The matrices count alpha / rank times.")
  private double loraAlpha = 4;

  @Option(
      names = "--lora_target_modules",
      split = ",",
      paramLabel = "NAME",
      description = "Ends of the names of the layers that get matrices.")
  private List<String> loraTargetModules = List.of("to_q", "to_k", "to_v", "to_out");

  @Option(
      names = "--use_dora",
      description = "Train a length for each row of a weight, too (DoRA).")
  private boolean useDora;

  @Option(
      names = "--train_text_encoder",
      description = "Train adapters on the text encoder, too; it stays in memory then.")
  private boolean trainTextEncoder;

  @Option(
      names = "--text_encoder_target_modules",
      split = ",",
      paramLabel = "NAME",
      description = "Ends of the names of its layers that get matrices.")
  private List<String> textEncoderTargetModules = List.of("query_key_value");

  @Option(names = "--max_epochs", description = "Epochs; a checkpoint is written after each.")
  private long maxEpochs = 1;

  @Option(names = "--steps_per_epoch", description = "Batches of an epoch.")
  private long stepsPerEpoch = 500;

  @Option(names = "--batch_size", description = "Pictures of a batch.")
  private int batchSize = 1;

  @Option(
      names = "--accumulate_grad_batches",
      description = "Batches whose gradients make one step.")
  private int accumulateGradBatches = 1;

  @Option(
      names = "--height",
      description = "Height of the pictures; 0 for what the model was made for.")
  private int height;

  @Option(names = "--width", description = "Width of the pictures; 0 likewise.")
  private int width;

  @Option(
      names = "--center_crop",
      description = "Cut the middle out of pictures of another shape, not random places.")
  private boolean centerCrop;

  @Option(names = "--random_flip", description = "Mirror every other picture, at random.")
  private boolean randomFlip;

  @Option(
      names = "--enable_bucket",
      description = "Train each picture in a size of its own shape, of about the same area.")
  private boolean enableBucket;

  @Option(
      names = "--min_bucket_reso",
      paramLabel = "PIXELS",
      description = "The shortest side of these; 0 for a quarter of the size.")
  private int minBucketReso;

  @Option(
      names = "--max_bucket_reso",
      paramLabel = "PIXELS",
      description = "The longest side of these; 0 for twice the size.")
  private int maxBucketReso;

  @Option(
      names = "--bucket_reso_steps",
      paramLabel = "PIXELS",
      description = "Their sides are multiples of this; 0 for a sixteenth of the size.")
  private int bucketResoSteps;

  @Option(
      names = {"--optimizer", "--optimizer_type"},
      description = "AdamW, AdamW8bit or Prodigy.")
  private String optimizer = "AdamW";

  @Option(names = "--use_8bit_adam", description = "The same as --optimizer AdamW8bit.")
  private boolean use8bitAdam;

  @Option(
      names = "--learning_rate",
      description = "The learning rate: 1e-4 if not given, with Prodigy a factor of 1.")
  private Double learningRate;

  @Option(names = "--lr_scheduler", description = "constant, linear or cosine.")
  private String schedule = "constant";

  @Option(names = "--lr_warmup_steps", description = "Steps in which the rate rises from 0.")
  private long warmUpSteps;

  @Option(names = "--weight_decay", description = "The optimizer's weight decay.")
  private double weightDecay = 0.01;

  @Option(names = "--gradient_clip_norm", description = "Limit of the norm of all gradients.")
  private double gradientClipNorm = Double.POSITIVE_INFINITY;

  @Option(
      names = {"--caption_dropout", "--caption_dropout_rate"},
      description = "Share of captions replaced by none.")
  private double captionDropout;

  @Option(
      names = "--shuffle_caption",
      description = "Train captions with their parts in different orders.")
  private boolean shuffleCaption;

  @Option(
      names = "--keep_tokens",
      paramLabel = "PARTS",
      description = "How many parts stay at a caption's start then.")
  private int keepTokens;

  @Option(
      names = "--caption_separator",
      paramLabel = "TEXT",
      description = "What stands between a caption's parts.")
  private String captionSeparator = ",";

  @Option(
      names = "--noise_offset",
      description = "Lighter and darker noise, for very light and dark pictures; usually 0.05.")
  private double noiseOffset;

  @Option(
      names = "--ema_decay",
      description = "Keep a moving average of the adapter, usually 0.99 to 0.9999; 0 for none.")
  private double emaDecay;

  @Option(names = "--use_ema", description = "The same as --ema_decay 0.9999.")
  private boolean useEma;

  @Option(
      names = "--use_gradient_checkpointing",
      description = "Less memory, a third more time; the results are the same.")
  private boolean useGradientCheckpointing;

  @Option(
      names = "--precision",
      description =
          "32, 16, 16-mixed, bf16 or bf16-mixed; 16 is float16 with a scaled loss on a GPU, and bf16 on a CPU.")
  private String precision = "32";

  @Option(names = "--snr_gamma", description = "Min-SNR weights of the loss; usually 5.")
  private Double snrGamma;

  @Option(
      names = "--debiased_estimation_loss",
      description = "Losses where there is much noise count more: colours are learned sooner.")
  private boolean debiased;

  @Option(names = "--seed", description = "The same seed gives the same training.")
  private long seed;

  @Option(
      names = "--as_in_the_course",
      description =
          "Draw random numbers in the order of the course's trainer; needs --center_crop.")
  private boolean asInTheCourse;

  @Option(
      names = "--validate_every",
      paramLabel = "STEPS",
      description = "Compute the loss on held-back pictures every so many steps; 0 for never.")
  private long validateEvery;

  @Option(names = "--held_back", description = "How many pictures are held back for that.")
  private int heldBack = 4;

  @Option(
      names = "--checkpoint_every",
      paramLabel = "STEPS",
      description = "Checkpoints besides those after each epoch; 0 for none.")
  private long checkpointEvery = 100;

  @Option(
      names = "--dataloader_num_workers",
      hidden = true,
      description = "Accepted and without effect: pictures are encoded once.")
  private int workers;

  @Option(names = "--training_strategy", hidden = true, description = "auto is the only one.")
  private String strategy = "auto";

  @Option(
      names = "--resume",
      description = "Go on with the newest run of the output folder if it was interrupted.")
  private boolean resume;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch saved = new CountDownLatch(1);
    ProgressLine line = ProgressLine.of(spec);
    Thread onCtrlC =
        new Thread(
            () -> {
              stop.set(true);
              line.say("\nStopping after this step, and saving what was learned ...");
              try {
                saved.await(1, TimeUnit.MINUTES); // one step, and writing what was learned
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(onCtrlC);
    try {
      Report report = new Report(line);
      LoraRun run = training().stopWhen(stop::get).listener(report).train();
      report.sayLast();
      spec.commandLine().getOut().println(run.checkpoint().toAbsolutePath());
      spec.commandLine().getOut().flush();
      if (stop.get()) {
        line.say("Stopped; all files are whole. The same command with --resume goes on.");
      }
      return 0;
    } finally {
      line.close();
      saved.countDown();
      if (!stop.get()) {
        Runtime.getRuntime().removeShutdownHook(onCtrlC);
      }
    }
  }

  private LoraTraining training() {
    LoraTraining training = options();
    if (captionExtension != null) {
      training = training.captionExtension(captionExtension);
    }
    return learningRate == null ? training : training.learningRate(learningRate);
  }

  private LoraTraining options() {
    return LoraTraining.on(model())
        .dataset(datasetPath)
        .captionColumn(captionColumn)
        .captionEncoding(captionEncoding)
        .outputPath(outputPath)
        .loraRank(loraRank)
        .loraAlpha(loraAlpha)
        .loraTargetModules(loraTargetModules)
        .useDora(useDora)
        .trainTextEncoder(trainTextEncoder)
        .textEncoderTargetModules(textEncoderTargetModules)
        .maxEpochs(maxEpochs)
        .stepsPerEpoch(stepsPerEpoch)
        .batchSize(batchSize)
        .accumulateGradBatches(accumulateGradBatches)
        .height(height)
        .width(width)
        .centerCrop(centerCrop)
        .randomFlip(randomFlip)
        .enableBucket(enableBucket)
        .minBucketReso(minBucketReso)
        .maxBucketReso(maxBucketReso)
        .bucketResoSteps(bucketResoSteps)
        .optimizer(optimizer())
        .learningRateSchedule(schedule, warmUpSteps)
        .weightDecay(weightDecay)
        .gradientClipNorm(gradientClipNorm)
        .captionDropout(captionDropout)
        .shuffleCaption(shuffleCaption)
        .keepTokens(keepTokens)
        .captionSeparator(captionSeparator)
        .noiseOffset(noiseOffset)
        .emaDecay(useEma && emaDecay == 0 ? 0.9999 : emaDecay)
        .useGradientCheckpointing(useGradientCheckpointing)
        .precision(precision)
        .lossWeighting(lossWeighting())
        .seed(seed)
        .asInTheCourse(asInTheCourse)
        .validation(validateEvery, heldBack)
        .checkpointEvery(checkpointEvery)
        .resume(resume);
  }

  /** In any spelling: diffusers writes {@code prodigy}, sd-scripts {@code Prodigy}. */
  private String optimizer() {
    if (use8bitAdam) {
      return "AdamW8bit";
    }
    return List.of("AdamW", "AdamW8bit", "Prodigy").stream()
        .filter(optimizer::equalsIgnoreCase)
        .findFirst()
        .orElse(optimizer);
  }

  private LossWeighting lossWeighting() {
    if (debiased && snrGamma != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--snr_gamma and --debiased_estimation_loss are two weightings: give one.");
    }
    if (debiased) {
      return LossWeighting.DEBIASED;
    }
    return snrGamma == null ? LossWeighting.UNIFORM : LossWeighting.minSnr(snrGamma);
  }

  private ModelFolder model() {
    if (!strategy.equals("auto")) {
      throw new ParameterException(
          spec.commandLine(),
          "--training_strategy " + strategy + " is for several GPUs; here it can be auto only.");
    }
    ModelFolder folder;
    if (pretrainedModel != null) {
      folder = ModelFolder.of(pretrainedModel);
    } else if (pretrainedUnet != null) {
      Path unet = pretrainedUnet.toAbsolutePath().normalize();
      folder = ModelFolder.of(unet.resolve("../..").normalize());
    } else {
      folder = ModelFolder.embedded();
    }
    if (pretrainedUnet != null) {
      folder = folder.withUnet(pretrainedUnet);
    }
    if (pretrainedTextEncoder != null) {
      folder = folder.withTextEncoder(pretrainedTextEncoder);
    }
    return pretrainedVae == null ? folder : folder.withVae(pretrainedVae);
  }

  /** A bar, and a line of its own for whatever should stay. */
  private static final class Report implements TrainingListener {
    private final ProgressLine line;
    private TrainingProgress last;

    Report(ProgressLine line) {
      this.line = line;
    }

    /** Says where the training ended. */
    void sayLast() {
      line.close();
      if (last != null) {
        line.say(last.toString());
      }
    }

    @Override
    public void notice(String message) {
      line.say(message);
    }

    @Override
    public void preparing(String what, int done, int of) {
      line.update("encoding " + what, (double) done / of, done + " of " + of);
    }

    @Override
    public void step(TrainingProgress progress) {
      last = progress;
      String details =
          String.format(
              Locale.ROOT,
              "step %d of %d, loss %.4f, %s left",
              progress.step(),
              progress.of(),
              progress.smoothedLoss(),
              ProgressLine.time(progress.timeLeft()));
      line.update("training", (double) progress.step() / progress.of(), details);
    }

    @Override
    public void validation(long step, double loss) {
      line.say(String.format(Locale.ROOT, "validation loss after %d steps: %.5f", step, loss));
    }
  }
}
