package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Judges renderings, given pictures, or pictures that a model draws. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description =
        "Judge renderings (--corpus), pictures (--pictures), or what a model draws (--model, and"
            + " --lora), and print a table for each.")
final class JudgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--classifier",
      required = true,
      description = "File that train-classifier wrote.")
  private Path classifierFile;

  @Option(
      names = "--output",
      required = true,
      description = "Folder for tables, contact sheets and generated pictures.")
  private Path output;

  @Option(
      names = "--corpus",
      description = "Judge the renderings in this folder that nothing was trained on.")
  private Path corpus;

  @Option(
      names = "--beside",
      description =
          "Folder of renderings, the corpus: say of pictures also how they look beside those that"
              + " show the same (sharpness, Fréchet distance).")
  private Path renderings;

  @Option(names = "--vae", description = "Send the renderings through the VAE in this folder.")
  private Path vae;

  @Option(
      names = "--prompts",
      defaultValue = "data/generator/heldout-prompts.jsonl",
      description = "Default: ${DEFAULT-VALUE}.")
  private Path prompts;

  @Option(names = "--pictures", description = "Folder of pictures, in the order of the prompts.")
  private Path pictures;

  @Option(names = "--model", description = "Folder of the model that draws.")
  private Path model;

  @Option(names = "--lora", description = "Draw without and with this LoRA.")
  private Path lora;

  @Option(
      names = "--alpha",
      split = ",",
      description = "Alphas for the LoRA, with commas. Default: the one in its file.")
  private List<Double> alphas;

  @Option(
      names = "--style",
      defaultValue = "二次元",
      description = "Words for the style in prompts for the LoRA. Default: ${DEFAULT-VALUE}.")
  private String style;

  @Option(
      names = "--style-name",
      defaultValue = "lorelei",
      description = "The classifier's name of that style. Default: ${DEFAULT-VALUE}.")
  private String styleName;

  @Option(
      names = "--negative",
      defaultValue = "丑陋、变形、嘈杂、模糊、低对比度",
      description = "Negative prompt. Default: ${DEFAULT-VALUE}.")
  private String negative;

  @Option(names = "--cfg", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
  private double guidanceScale;

  @Option(names = "--steps", defaultValue = "50", description = "Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--limit",
      defaultValue = "2147483647",
      description = "Judge only the first so many pictures of each kind.")
  private int limit;

  @Override
  public Integer call() throws IOException {
    if (vae != null && corpus == null) {
      throw wrong("--vae sends renderings through a VAE: say with --corpus where they are.");
    }
    if (lora != null && model == null) {
      throw wrong("--lora needs the model that it belongs to: say with --model where it is.");
    }
    if (corpus == null && pictures == null && model == null) {
      throw wrong("There is nothing to judge: give --corpus, --pictures or --model.");
    }
    try (AttributeClassifier classifier = AttributeClassifier.load(classifierFile)) {
      List<Sample> beside = renderings == null ? List.of() : RenderedSamples.read(renderings).all();
      Reports reports = new Reports(new Evaluation(classifier, beside), output);
      if (corpus != null) {
        List<Sample> heldOut = RenderedSamples.read(corpus).heldOut(limit);
        Reports plain = new Reports(new Evaluation(classifier), output, reports.tables());
        plain.add("Renderings", "renderings", heldOut);
        if (vae != null) {
          try (Reconstruction reconstruction = new Reconstruction(vae)) {
            List<Sample> through = heldOut.stream().map(reconstruction::of).toList();
            plain.add("Renderings through the VAE", "vae", through);
          }
        }
      }
      if (pictures != null) {
        List<EvaluationPrompt> wanted =
            EvaluationPrompt.read(prompts).stream().limit(limit).toList();
        reports.add("Pictures of " + pictures.getFileName(), "given", files(pictures, wanted));
      }
      if (model != null) {
        List<EvaluationPrompt> wanted =
            EvaluationPrompt.read(prompts).stream().limit(limit).toList();
        try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(model))) {
          PipelinePainter painter = new PipelinePainter(pipeline, negative, guidanceScale, steps);
          if (lora == null) {
            reports.addDrawn("Generated pictures", "generated", wanted, painter);
          } else {
            List<EvaluationPrompt> styled =
                wanted.stream().map(p -> p.inStyle(style, styleName)).toList();
            reports.addDrawn("Without the LoRA", "without-lora", styled, painter);
            for (double alpha : alphas == null ? List.of(Double.NaN) : alphas) {
              pipeline.add(Double.isNaN(alpha) ? Lora.of(lora) : Lora.of(lora).alpha(alpha));
              String at = Double.isNaN(alpha) ? "its own alpha" : "alpha " + alpha;
              String name = Double.isNaN(alpha) ? "with-lora" : "with-lora-" + alpha;
              reports.addDrawn("With the LoRA at " + at, name, styled, painter);
              pipeline.clearLoras();
            }
          }
        }
      }
      print("Tables and contact sheets are in " + output);
    }
    return 0;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The tables printed so far, and where they are kept. */
  private record Reports(Evaluation evaluation, Path folder, StringBuilder tables) {
    Reports(Evaluation evaluation, Path folder) {
      this(evaluation, folder, new StringBuilder());
    }

    void add(String source, String fileName, List<Sample> samples) throws IOException {
      Report report = evaluation.judge(source, samples);
      print(report.toMarkdown());
      tables.append(report.toMarkdown()).append('\n');
      AtomicFile.writeText(folder.resolve("evaluation.md"), tables.toString());
      PictureFile.write(report.contactSheet(), folder.resolve(fileName + ".png"));
    }

    /** Keeps each picture as soon as it is drawn. */
    void addDrawn(
        String source,
        String fileName,
        List<EvaluationPrompt> prompts,
        Function<EvaluationPrompt, BufferedImage> painter)
        throws IOException {
      Function<EvaluationPrompt, BufferedImage> keeping =
          new PictureFolder(folder.resolve(fileName)).keep(painter);
      add(source, fileName, prompts.stream().map(prompt -> prompt.sample(keeping)).toList());
    }
  }

  /** The pictures of a folder in the order of their names, one for each prompt. */
  private List<Sample> files(Path folder, List<EvaluationPrompt> prompts) {
    List<Path> files = new PictureFolder(folder).files();
    if (files.size() < prompts.size()) {
      throw wrong(
          "%s has %d pictures for %d prompts; --limit judges only the first."
              .formatted(folder, files.size(), prompts.size()));
    }
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> prompts.get(i).sample(prompt -> PictureFile.read(files.get(i))))
        .toList();
  }

  private static void print(String text) {
    System.out.println(text);
  }
}
