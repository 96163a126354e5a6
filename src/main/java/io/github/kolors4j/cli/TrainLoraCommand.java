package io.github.kolors4j.cli;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.training.LoraRun;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.LossWeighting;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
    modelTransformer = TrainLoraCommand.TrainingFlags.class,
    mixinStandardHelpOptions = true)
final class TrainLoraCommand implements Callable<Integer> {

  /** A flag for each row in the library's table of training options. */
  static final class TrainingFlags implements IModelTransformer {
    /** What other programs call an option. */
    private static final Map<TrainingOption<?>, String> ALIASES =
        Map.of(
            CAPTION_COLUMN, "--caption_key",
            OPTIMIZER, "--optimizer_type",
            CAPTION_DROPOUT, "--caption_dropout_rate");

    @Override
    public CommandSpec transform(CommandSpec spec) {
      ROWS.forEach(option -> spec.addOption(flag(option)));
      return spec;
    }

    private static OptionSpec flag(TrainingOption<?> option) {
      List<String> names = new ArrayList<>(List.of("--" + option.name()));
      if (ALIASES.containsKey(option)) {
        names.add(ALIASES.get(option));
      }
      Object usual = TrainingOption.written(option.usual());
      boolean typed = usual instanceof Number || usual instanceof Boolean;
      OptionSpec.Builder flag =
          OptionSpec.builder(names.toArray(String[]::new))
              .userObject(option)
              .type(typed ? usual.getClass() : String.class)
              .paramLabel(label(option.usual()))
              .required(option == DATASET_PATH)
              .description(option.meaning());
      // NaN and nothing are no values to show.
      return usual.equals("") || usual.equals(Double.NaN)
          ? flag.build()
          : flag.defaultValue(usual.toString()).build();
    }

    private static String label(Object usual) {
      if (usual instanceof Path) {
        return "FOLDER";
      }
      return usual instanceof Number ? "N" : usual instanceof List ? "NAME[,NAME...]" : "TEXT";
    }
  }

  @Option(
      names = "--pretrained_model",
      paramLabel = "FOLDER",
      description = "A Kolors model in the published layout; otherwise kolors-mini.")
  private @Nullable Path pretrainedModel;

  @Option(
      names = "--pretrained_unet_path",
      paramLabel = "FILE",
      description = "The UNet's file, as the course has it; the model is the folder around it.")
  private @Nullable Path pretrainedUnet;

  @Option(
      names = "--pretrained_text_encoder_path",
      paramLabel = "FOLDER",
      description = "Another text encoder, such as the folder of chatglm3-6b-base.")
  private @Nullable Path pretrainedTextEncoder;

  @Option(
      names = "--pretrained_fp16_vae_path",
      paramLabel = "PATH",
      description = "Another VAE, a folder or a .safetensors file.")
  private @Nullable Path pretrainedVae;

  @Option(names = "--use_8bit_adam", order = 1, description = "The same as --optimizer AdamW8bit.")
  private boolean use8bitAdam;

  @Option(names = "--use_ema", order = 1, description = "The same as --ema_decay 0.9999.")
  private boolean useEma;

  @Option(
      names = "--snr_gamma",
      paramLabel = "GAMMA",
      order = 1,
      description = "Min-SNR weights of the loss; usually 5.")
  private @Nullable Double snrGamma;

  @Option(
      names = "--debiased_estimation_loss",
      order = 1,
      description = "Losses where there is much noise count more: colours are learned sooner.")
  private boolean debiased;

  @Option(
      names = "--dataloader_num_workers",
      hidden = true,
      description = "Accepted and without effect: pictures are encoded once.")
  private int workers;

  @Option(names = "--training_strategy", hidden = true, description = "auto is the only one.")
  private String strategy = "auto";

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

  /** What was given, and nothing else: defaults are the library's. */
  private LoraTraining training() {
    Map<String, String> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.userObject() instanceof TrainingOption<?> row) {
        given.put(row.name(), option.getValue().toString());
      }
    }
    if (use8bitAdam) {
      given.put(OPTIMIZER.name(), "AdamW8bit");
    }
    given.computeIfPresent(OPTIMIZER.name(), (name, value) -> optimizer(value));
    if (useEma) {
      given.putIfAbsent(EMA_DECAY.name(), "0.9999");
    }
    LoraTraining training = LoraTraining.on(model()).options(given);
    return lossWeighting().map(training::lossWeighting).orElse(training);
  }

  /** In any spelling: diffusers writes {@code prodigy}, sd-scripts {@code Prodigy}. */
  private static String optimizer(String name) {
    return OPTIMIZERS.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  private Optional<LossWeighting> lossWeighting() {
    if (debiased && snrGamma != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--snr_gamma and --debiased_estimation_loss are two weightings: give one.");
    }
    return debiased
        ? Optional.of(LossWeighting.DEBIASED)
        : Optional.ofNullable(snrGamma).map(LossWeighting::minSnr);
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
    private @Nullable TrainingProgress last;

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
