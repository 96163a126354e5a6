package io.github.kolors4j.cli;

import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.pipeline.LatentsFile;
import io.github.kolors4j.internal.tensor.CudaGpu;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.DenoisingListener;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.PipelineOptions;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kolors4j generate}: a picture from a prompt. */
@Command(
    name = "generate",
    description = "Draws a picture from a prompt, or several that differ in their seeds.",
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
      names = {"--count", "--num_images_per_prompt"},
      paramLabel = "PICTURES",
      description =
          "How many pictures, with seeds counting up; each has its seed in its name: boy-7.png.")
  private int count = 1;

  @Option(
      names = {"--cfg", "--guidance_scale"},
      description = "How strictly the prompt is followed.")
  private double guidanceScale = 5;

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

  @Option(
      names = "--told-size",
      paramLabel = "WIDTHxHEIGHT",
      description =
          "The size that the model is told, if not the picture's own; diffusers tells 1024x1024 where --init is without --size.")
  private String toldSize;

  @Option(
      names = "--as-in-the-course",
      description =
          "Draw what the course's program draws with this seed: its sampler, an NVIDIA GPU's noise, colours cut off.")
  private boolean asInTheCourse;

  @Option(
      names = "--course-gpu",
      paramLabel = "NAME",
      description =
          "The GPU whose noise that is, if not the course's A10; small ones such as T4 differ.")
  private String courseGpu;

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<LoraArgument> loras = new ArrayList<>();

  @Option(
      names = "--text-encoder-lora",
      paramLabel = "FILE",
      description = "A LoRA of the text encoder, as a training leaves it beside the UNet's.")
  private List<Path> textEncoderLoras = new ArrayList<>();

  @Mixin private ModelArgument model;

  @Option(names = "--precision", description = "What is computed with: auto, fp32, bf16 or fp16.")
  private String precision = "auto";

  @Option(
      names = "--text-encoder",
      paramLabel = "TYPE",
      description = "How the text encoder is held: auto, fp32, bf16, fp16, int8, int4 or disk.")
  private String textEncoder = "auto";

  @Option(
      names = "--unet",
      paramLabel = "TYPE",
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
    try (KolorsPipeline pipeline = options.load(model.folder())) {
      loras.forEach(lora -> pipeline.add(lora.lora()));
      textEncoderLoras.forEach(file -> pipeline.add(Lora.ofTextEncoder(file)));
      return draw(pipeline, pipeline.settle(settings));
    }
  }

  /** The exit code: 1 if a picture had to go elsewhere. */
  private int draw(KolorsPipeline pipeline, Prompt first) {
    PrintWriter out = spec.commandLine().getOut();
    int[] saved = {0};
    int code = 0;
    Shape shape = pipeline.latentShape(first);
    Prompt noised = latents == null ? first : first.noise(LatentsFile.readNoise(latents, shape));
    try (ProgressLine line = ProgressLine.of(spec);
        OnInterrupt interrupt =
            OnInterrupt.say(spec.commandLine().getErr(), () -> stopped(saved[0]))) {
      for (int i = 0; i < count; i++) {
        Prompt prompt = noised.seed(first.seed().orElseThrow() + i);
        String what = count == 1 ? "drawing" : "drawing " + (i + 1) + " of " + count;
        GeneratedPicture picture = pipeline.generate(prompt, step -> show(step, what, line));
        if (saveLatents != null) {
          float[] start = prompt.noise().orElseGet(() -> pipeline.noise(prompt));
          LatentsFile.write(saveLatents, start, picture.latents(), shape);
        }
        line.close();
        picture.warnings().forEach(line::say);
        Path wanted = file(picture.seed());
        Path file = picture.saveHereOrElsewhere(wanted);
        out.println(file.toAbsolutePath());
        out.flush();
        saved[0]++;
        line.say(String.format(Locale.ROOT, "seed %d, %.1f s", picture.seed(), picture.seconds()));
        if (!file.equals(wanted)) {
          line.say(wanted + " could not be written; the picture is in " + file);
          code = 1;
        }
      }
    }
    return code;
  }

  private String stopped(int saved) {
    return saved == 0
        ? "Stopped. No picture was saved."
        : "Stopped. %d of %d pictures are saved, and whole.".formatted(saved, count);
  }

  /** Where the picture of a seed goes. */
  private Path file(long pictureSeed) {
    if (count == 1) {
      return output;
    }
    String name = output.getFileName().toString();
    String stem = name.substring(0, name.length() - ".png".length());
    return output.resolveSibling(stem + "-" + pictureSeed + name.substring(stem.length()));
  }

  private Prompt settings() {
    if (count < 1) {
      throw new IllegalArgumentException("--count must be at least 1, not " + count + ".");
    }
    if (count > 1 && (latents != null || saveLatents != null)) {
      throw new IllegalArgumentException(
          "--latents and --save-latents are for one picture; --count draws " + count + ".");
    }
    GeneratedPicture.requireSavable(output); // before minutes have passed
    if (count > 1) {
      long start = seed == null ? Integer.MAX_VALUE : seed;
      GeneratedPicture.requireSavable(file(start));
      GeneratedPicture.requireSavable(file(start + count - 1));
    }
    if (saveLatents != null) {
      requireWritable(saveLatents);
    }
    requireWhatIsRead();
    if (init != null && (latents != null || saveLatents != null)) {
      throw new IllegalArgumentException(
          "--latents and --save-latents are for pictures that start from noise, not from --init.");
    }
    Prompt settings =
        Prompt.of(prompt)
            .negative(negative)
            .cfgScale(guidanceScale)
            .steps(steps)
            .scheduler(scheduler);
    if (seed != null) {
      settings = settings.seed(seed);
    }
    if (size != null) {
      int[] sides = sides(size);
      settings = settings.size(sides[0], sides[1]);
    }
    if (toldSize != null) {
      int[] sides = sides(toldSize);
      settings = settings.toldSize(sides[0], sides[1]);
    }
    if (asInTheCourse || courseGpu != null) {
      settings = settings.asInTheCourse(courseGpu == null ? CudaGpu.A10 : CudaGpu.named(courseGpu));
      settings = scheduler == null ? settings : settings.scheduler(scheduler);
    }
    return init == null ? settings : settings.startFrom(PictureFile.readUpright(init), strength);
  }

  private static int[] sides(String size) {
    String[] sides = size.split("[x×*]", -1);
    try {
      return new int[] {Integer.parseInt(sides[0]), Integer.parseInt(sides[1])};
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "The size is written as 1024x1024 (width x height), not as " + size + ".", e);
    }
  }

  /** Files that are read when the model is loaded, which may take minutes. */
  private void requireWhatIsRead() {
    List<Path> files = new ArrayList<>(textEncoderLoras);
    loras.forEach(lora -> files.add(lora.file()));
    if (latents != null) {
      files.add(latents);
    }
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new IllegalArgumentException("There is no file " + file + ".");
      }
    }
  }

  private static void requireWritable(Path file) {
    try {
      AtomicFile.requireWritable(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("The latents cannot be written: " + e.getMessage(), e);
    }
  }

  private static boolean show(DenoisingListener.Step step, String what, ProgressLine line) {
    String details =
        "step %d of %d, %s left"
            .formatted(step.step(), step.of(), ProgressLine.time(step.timeLeft()));
    line.update(what, (double) step.step() / step.of(), details);
    return true;
  }
}
