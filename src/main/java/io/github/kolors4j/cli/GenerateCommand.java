package io.github.kolors4j.cli;

import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.files.AtomicFile;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.pipeline.DenoisingListener;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.LatentsFile;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.PipelineOptions;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kolors4j generate}: a picture from a prompt. */
@Command(
    name = "generate",
    description = "Draws a picture from a prompt.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PROMPT", description = "What to draw, in Chinese or English.")
  private String prompt;

  @Option(
      names = {"-n", "--negative"},
      paramLabel = "TEXT",
      description = "What to avoid.")
  private String negative;

  @Option(
      names = {"-s", "--seed"},
      description = "The same seed gives the same picture.")
  private Long seed;

  @Option(
      names = {"--cfg", "--guidance_scale"},
      description = "How strictly the prompt is followed.")
  private double cfgScale = 5;

  @Option(
      names = {"--steps", "--num_inference_steps"},
      description = "Denoising steps.")
  private int steps = 50;

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      description = "Size in pixels, multiples of 8; otherwise what the model was trained for.")
  private String size;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      description = "The sampler, such as \"DPM++ 2M\"; otherwise the model's own.")
  private String scheduler;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "A picture to start from (image-to-image).")
  private Path init;

  @Option(names = "--strength", description = "How much of that picture is redrawn, up to 1.")
  private double strength = 0.6;

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<LoraArgument> loras = new ArrayList<>();

  @Option(
      names = "--text-encoder-lora",
      paramLabel = "FILE",
      description = "A LoRA of the text encoder, as a training leaves it beside the UNet's.")
  private List<Path> textEncoderLoras = new ArrayList<>();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description = "A Kolors model in the published layout; otherwise kolors-mini.")
  private Path model;

  @Option(
      names = "--vae",
      paramLabel = "PATH",
      description = "Another VAE, a folder or a .safetensors file.")
  private Path vae;

  @Option(names = "--precision", description = "What is computed with: auto, fp32, bf16 or fp16.")
  private String precision = "auto";

  @Option(
      names = "--text-encoder",
      paramLabel = "HOLDING",
      description = "How the text encoder is held: auto, fp32, bf16, fp16, int8, int4 or disk.")
  private String textEncoder = "auto";

  @Option(
      names = "--unet",
      paramLabel = "HOLDING",
      description = "How the UNet is held: auto, fp32, bf16, fp16 or disk.")
  private String unet = "auto";

  @Option(names = "--device", description = "What computes: auto, cpu or gpu.")
  private String device = "auto";

  @Option(
      names = "--memory",
      paramLabel = "GIB",
      description = "Make do with so many GiB of memory; otherwise with all that is free.")
  private Double memory;

  @Option(
      names = "--tiles",
      description = "Whether the picture is decoded in tiles: auto, on or off.")
  private String tiles = "auto";

  @Option(
      names = "--latents",
      paramLabel = "FILE",
      description = "Start from the noise in this .safetensors file, not from the seed's.")
  private Path latents;

  @Option(
      names = "--save-latents",
      paramLabel = "FILE",
      description = "Write the noise and the final latents (.safetensors), to compare programs.")
  private Path saveLatents;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the picture goes (.png).")
  private Path output = Path.of("picture.png");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Prompt settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    ModelFolder folder = model == null ? ModelFolder.embedded() : ModelFolder.of(model);
    PipelineOptions options =
        KolorsPipeline.options()
            .precision(precision)
            .textEncoder(textEncoder)
            .unet(unet)
            .device(device)
            .tiles(tiles);
    if (memory != null) {
      options = options.memory(memory);
    }
    try (KolorsPipeline pipeline = options.load(vae == null ? folder : folder.withVae(vae))) {
      for (LoraArgument lora : loras) {
        if (lora.unetOnly()) {
          pipeline.withUnetLora(lora.file(), lora.alpha(), lora.weight());
        } else {
          pipeline.withLora(lora.file(), lora.alpha(), lora.weight());
        }
      }
      textEncoderLoras.forEach(pipeline::withTextEncoderLora);
      Prompt settled = pipeline.settle(settings);
      Shape shape = pipeline.latentShape(settled);
      float[] noise = latents == null ? null : LatentsFile.readNoise(latents, shape);
      GeneratedPicture picture = pipeline.generate(settled, noise, step -> show(step, progress));
      progress.println();
      if (saveLatents != null) {
        float[] start = noise == null ? pipeline.noise(settled) : noise;
        LatentsFile.write(saveLatents, start, picture.latents(), shape);
      }
      picture.warnings().forEach(progress::println);
      Path saved = picture.saveHereOrElsewhere(output);
      out.println(saved.toAbsolutePath());
      progress.printf(Locale.ROOT, "seed %d, %.1f s%n", picture.seed(), picture.seconds());
      if (!saved.equals(output)) {
        progress.printf("%s could not be written; the picture is in %s%n", output, saved);
        return 1;
      }
      return 0;
    }
  }

  private Prompt settings() {
    GeneratedPicture.requireSavable(output); // before minutes have passed
    if (saveLatents != null) {
      requireWritable(saveLatents);
    }
    if (init != null && (latents != null || saveLatents != null)) {
      throw new IllegalArgumentException(
          "--latents and --save-latents are for pictures that start from noise, not from --init.");
    }
    Prompt settings =
        Prompt.of(prompt).negative(negative).cfgScale(cfgScale).steps(steps).scheduler(scheduler);
    if (seed != null) {
      settings = settings.seed(seed);
    }
    if (size != null) {
      String[] sides = size.split("[x×*]", -1);
      try {
        settings = settings.size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "The size is written as 1024x1024 (width x height), not as " + size + ".", e);
      }
    }
    return init == null ? settings : settings.startFrom(PictureFile.readUpright(init), strength);
  }

  private static void requireWritable(Path file) {
    try {
      AtomicFile.requireWritable(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("The latents cannot be written: " + e.getMessage(), e);
    }
  }

  private static boolean show(DenoisingListener.Step step, PrintWriter progress) {
    progress.printf(
        "\rstep %d of %d, %d s left ", step.step(), step.of(), step.timeLeft().toSeconds());
    progress.flush();
    return true;
  }
}
