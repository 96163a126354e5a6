package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.EvaluationPrompt;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A picture and what it should show.
 *
 * @param prompt what was asked for, in words
 * @param attributes attribute → value, for example hairColor → blue
 * @param picture draws, reads or generates the picture when it is needed
 */
record Sample(String prompt, Map<String, String> attributes, Supplier<BufferedImage> picture) {
  public Sample {
    attributes = Map.copyOf(attributes);
  }

  /** A prompt with the picture that somebody makes of it. */
  static Sample of(EvaluationPrompt prompt, Function<EvaluationPrompt, BufferedImage> painter) {
    return new Sample(prompt.text(), prompt.attributes(), () -> painter.apply(prompt));
  }
}
