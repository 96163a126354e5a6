package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.EvaluationPrompt;
import io.github.kolors4j.image.PictureFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** A folder of drawn pictures, one for each prompt, in the order of their names. */
record PictureFolder(Path path) {
  /** The files, in order. */
  List<Path> files() {
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(file -> file.toString().matches("(?i).*\\.(png|jpe?g)")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the pictures in " + path + ": " + e, e);
    }
  }

  /** The painter's picture of a prompt, kept as soon as it is drawn: {@code 007.png} of seed 7. */
  Function<EvaluationPrompt, BufferedImage> keep(
      Function<EvaluationPrompt, BufferedImage> painter) {
    return prompt -> {
      BufferedImage picture = painter.apply(prompt);
      PictureFile.write(
          picture, path.resolve(String.format(Locale.ROOT, "%03d.png", prompt.seed())));
      return picture;
    };
  }
}
