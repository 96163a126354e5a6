package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.AttributeClassifier;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the classifier that judges pictures, and measures it on held-out renderings. */
@Command(
    name = "train-classifier",
    mixinStandardHelpOptions = true,
    description = "Train the classifier that judges pictures, and measure it on held-out ones.")
final class TrainClassifierCommand implements Callable<Integer> {
  private static final int PROGRESS_EVERY = 100;

  @Option(names = "--corpus", required = true, description = "Folder of the renderings.")
  private Path corpus;

  @Option(names = "--output", required = true, description = "The safetensors file to write.")
  private Path output;

  @Option(names = "--steps", defaultValue = "3600", description = "Default: ${DEFAULT-VALUE}.")
  private long steps;

  @Option(names = "--seed", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--limit",
      defaultValue = "2147483647",
      description = "Use only so many pictures, for a trial.")
  private int limit;

  @Override
  public Integer call() {
    RenderedSamples samples = RenderedSamples.read(corpus);
    double[] sum = {0};
    ClassifierTraining.Listener progress =
        (step, loss) -> {
          sum[0] += loss;
          if (step % PROGRESS_EVERY == 0) {
            System.out.printf("step %d/%d loss %.3f%n", step, steps, sum[0] / PROGRESS_EVERY);
            sum[0] = 0;
          }
        };
    ClassifierTraining training = new ClassifierTraining(steps, seed, progress);
    try (AttributeClassifier classifier =
        training.train(samples.training().stream().limit(limit).toList())) {
      List<Sample> heldOut = samples.heldOut(limit);
      Report report = new Evaluation(classifier).judge("Held-out renderings", heldOut);
      classifier.save(output, report.hits());
      System.out.println(report.toMarkdown());
    }
    return 0;
  }
}
