package io.github.kolors4j.cli;

import io.github.kolors4j.training.evaluation.AttributeClassifier;
import io.github.kolors4j.training.evaluation.ClassifierTraining;
import io.github.kolors4j.training.evaluation.Evaluation;
import io.github.kolors4j.training.evaluation.RenderedSamples;
import io.github.kolors4j.training.evaluation.Sample;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how well kolors-mini follows its prompts. */
@Command(
    name = "evaluate-mini",
    mixinStandardHelpOptions = true,
    description = "Measure how well kolors-mini follows its prompts.")
public final class EvaluateMini {

  /** Trains the classifier that judges pictures, and measures it on held-out renderings. */
  @Command(
      name = "train-classifier",
      description = "Train the classifier that judges pictures, and measure it on held-out ones.")
  int trainClassifier(
      @Option(names = "--corpus", required = true, description = "Folder of the renderings.")
          Path corpus,
      @Option(names = "--output", required = true, description = "The safetensors file to write.")
          Path output,
      @Option(names = "--steps", defaultValue = "1200", description = "Default: ${DEFAULT-VALUE}.")
          long steps,
      @Option(names = "--seed", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
          long seed,
      @Option(names = "--limit", description = "Use only so many pictures, for a trial.")
          Integer limit) {
    RenderedSamples samples = RenderedSamples.read(corpus);
    List<Sample> training = limit == null ? samples.training() : first(samples.training(), limit);
    double[] sum = {0};
    long[] start = {0};
    ClassifierTraining.Listener listener =
        (step, loss) -> {
          start[0] = step == 1 ? System.nanoTime() : start[0];
          sum[0] += loss;
          if (step % 50 == 0 || step == steps) {
            System.out.printf(
                "step %d/%d loss %.4f, %d s%n",
                step,
                steps,
                sum[0] / ((step - 1) % 50 + 1),
                (System.nanoTime() - start[0]) / 1_000_000_000);
            sum[0] = 0;
          }
        };
    try (AttributeClassifier classifier =
        new ClassifierTraining(steps, seed, listener).train(training)) {
      classifier.save(output);
      List<Sample> heldOut = limit == null ? samples.heldOut() : first(samples.heldOut(), limit);
      System.out.println();
      System.out.println(
          new Evaluation(classifier).judge("Held-out renderings", heldOut).toMarkdown());
    }
    return 0;
  }

  private static List<Sample> first(List<Sample> samples, int count) {
    return samples.subList(0, Math.min(count, samples.size()));
  }
}
