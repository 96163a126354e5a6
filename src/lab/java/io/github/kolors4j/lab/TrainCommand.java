package io.github.kolors4j.lab;

import com.google.gson.JsonParser;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mini train}: makes the small model that this project ships. */
@Command(
    name = "train",
    description = {
      "Trains kolors-mini from nothing on rendered avatars: vocabulary, VAE, text encoder, UNet.",
      "An interrupted training goes on where it was when it is started again."
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--corpus",
      required = true,
      description = "Folder that `node data/generator/generate.mjs corpus` rendered.")
  private Path corpus;

  @Option(
      names = "--work",
      defaultValue = "build/kolors-mini",
      description = "Folder for checkpoints (default: ${DEFAULT-VALUE}).")
  private Path work;

  @Option(
      names = "--output",
      defaultValue = "build/kolors-mini/model",
      description = "The finished model folder (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(
      names = "--tokenizer",
      defaultValue = "src/test/resources/golden/kolors-tiny/tokenizer",
      description = "Folder of the published ChatGLM3 tokenizer (default: ${DEFAULT-VALUE}).")
  private Path tokenizer;

  @Option(
      names = "--prompts",
      defaultValue = "data/generator/heldout-prompts.jsonl",
      description = "Prompts whose words the vocabulary keeps as well (default: ${DEFAULT-VALUE}).")
  private Path prompts;

  @Option(
      names = "--vae-start",
      description = "Folder of a VAE to train on, instead of random weights.")
  private @Nullable Path autoencoderStart;

  @Option(
      names = "--vae-keep-channels",
      defaultValue = "0",
      description =
          "How many of the first latent channels of --vae-start stay what they are, for --unet-start"
              + " that knows them (default: ${DEFAULT-VALUE}).")
  private int keptLatentChannels;

  @Option(
      names = "--text-encoder-start",
      description =
          "Weights of a text encoder to train on, instead of random ones: a model folder, or a file."
              + " Its vocabulary must be the one that this run makes.")
  private @Nullable Path textEncoderStart;

  @Option(
      names = "--unet-start",
      description =
          "Weights of a UNet to train on, instead of random ones: a model folder, or a file.")
  private @Nullable Path unetStart;

  @Option(
      names = "--vae-steps",
      defaultValue = "8000",
      description = "Training steps of the VAE (default: ${DEFAULT-VALUE}).")
  private long autoencoderSteps;

  @Option(
      names = "--text-encoder-steps",
      defaultValue = "2000",
      description = "Training steps of the text encoder (default: ${DEFAULT-VALUE}).")
  private long textEncoderSteps;

  @Option(
      names = "--unet-steps",
      defaultValue = "9600",
      description = "Training steps of the UNet (default: ${DEFAULT-VALUE}).")
  private long unetSteps;

  @Option(
      names = "--decoder-steps",
      defaultValue = "3000",
      description = "Further steps for the VAE's decoder alone (default: ${DEFAULT-VALUE}).")
  private long decoderSteps;

  @Option(
      names = "--text-encoder-rate",
      defaultValue = "2e-3",
      description = "The text encoder's highest learning rate (default: ${DEFAULT-VALUE}).")
  private double textEncoderRate;

  @Option(
      names = "--unet-rate",
      defaultValue = "1e-3",
      description = "The UNet's highest learning rate (default: ${DEFAULT-VALUE}).")
  private double unetRate;

  @Override
  public Integer call() throws IOException {
    List<String> texts;
    try (var lines = Files.lines(RegularFile.require(prompts))) {
      texts =
          lines
              .map(line -> JsonParser.parseString(line).getAsJsonObject())
              .map(json -> json.get("prompt").getAsString())
              .toList();
    }
    MiniTraining.Steps steps =
        new MiniTraining.Steps(autoencoderSteps, textEncoderSteps, unetSteps, decoderSteps);
    new MiniTraining(corpus, work, output, steps)
        .autoencoderStart(autoencoderStart, keptLatentChannels)
        .textEncoder(textEncoderStart, textEncoderRate)
        .unet(unetStart, unetRate)
        .run(tokenizer, texts);
    System.out.println("The model is in " + output.toAbsolutePath());
    return 0;
  }
}
