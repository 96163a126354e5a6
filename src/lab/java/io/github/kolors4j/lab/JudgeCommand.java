package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.concepts.EvaluationPrompt;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
              + " show the same (broken faces, sharpness, Fréchet distance).")
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
      names = "--in-new-style",
      description = "The pictures of --pictures were drawn by a LoRA, from prompts for it.")
  private boolean inNewStyle;

  @Option(
      names = "--aim",
      split = ",",
      description =
          "Percent of hits that are wanted, such as hairColor=98,eyes=92: what drawn pictures miss"
              + " is said at the end, and the command ends with 1.")
  private Map<String, Double> aims = Map.of();

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
      Reports reports = new Reports(output, aims);
      if (corpus != null) {
        judgeRenderings(reports, new Evaluation(classifier));
      }
      @Nullable RenderedSamples beside =
          renderings == null ? null : RenderedSamples.read(renderings);
      Evaluation evaluation = new Evaluation(classifier, beside);
      if (pictures != null) {
        String source = "Pictures of " + pictures.getFileName();
        reports.addMeasured(evaluation, source, "given", files(pictures, wanted()));
      }
      if (model != null) {
        judgeModel(reports, evaluation);
      }
      System.out.println("Tables and contact sheets are in " + output);
      reports.missed().forEach(sentence -> System.out.println("Missed. " + sentence));
      return reports.missed().isEmpty() ? 0 : 1;
    }
  }

  private void judgeRenderings(Reports reports, Evaluation evaluation) throws IOException {
    List<Sample> heldOut = RenderedSamples.read(corpus).heldOut(limit);
    reports.add(evaluation, "Renderings", "renderings", heldOut);
    if (vae != null) {
      try (Reconstruction reconstruction = new Reconstruction(vae)) {
        List<Sample> through = heldOut.stream().map(reconstruction::of).toList();
        reports.addMeasured(evaluation, "Renderings through the VAE", "vae", through);
      }
    }
  }

  private void judgeModel(Reports reports, Evaluation evaluation) throws IOException {
    List<EvaluationPrompt> wanted = wanted();
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(model))) {
      PipelinePainter painter = new PipelinePainter(pipeline, negative, guidanceScale, steps);
      if (lora == null) {
        List<Sample> drawn = reports.drawn("generated", wanted, painter);
        reports.addMeasured(evaluation, "Generated pictures", "generated", drawn);
        return;
      }
      List<Sample> without = reports.drawn("without-lora", wanted, painter);
      reports.add(evaluation, "Without the LoRA", "without-lora", without);
      for (double alpha : alphas == null ? List.of(Double.NaN) : alphas) {
        pipeline.add(Double.isNaN(alpha) ? Lora.of(lora) : Lora.of(lora).alpha(alpha));
        String at = Double.isNaN(alpha) ? "its own alpha" : "alpha " + alpha;
        String name = Double.isNaN(alpha) ? "with-lora" : "with-lora-" + alpha;
        List<Sample> drawn = reports.drawn(name, wanted, painter);
        reports.addMeasured(evaluation, "With the LoRA at " + at, name, drawn);
        pipeline.clearLoras();
      }
    }
  }

  /** The prompts, in the new style where a LoRA draws or has drawn. */
  private List<EvaluationPrompt> wanted() {
    return EvaluationPrompt.read(prompts).stream()
        .limit(limit)
        .map(p -> lora != null || inNewStyle ? p.inStyle(style, styleName) : p)
        .toList();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
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
        .mapToObj(i -> Sample.of(prompts.get(i), prompt -> PictureFile.read(files.get(i))))
        .toList();
  }
}
