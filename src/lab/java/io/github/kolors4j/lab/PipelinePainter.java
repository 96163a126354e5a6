package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.EvaluationPrompt;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.util.function.Function;

/**
 * Draws the picture of an evaluation prompt with a diffusion model, each with its own seed.
 *
 * @param pipeline with the adapters that are to be evaluated; it stays the caller's
 * @param negative what to avoid
 * @param guidanceScale guidance
 * @param steps of denoising
 */
record PipelinePainter(KolorsPipeline pipeline, String negative, double guidanceScale, int steps)
    implements Function<EvaluationPrompt, BufferedImage> {

  @Override
  public BufferedImage apply(EvaluationPrompt prompt) {
    return pipeline
        .generate(
            Prompt.of(prompt.text())
                .negative(negative)
                .seed(prompt.seed())
                .cfgScale(guidanceScale)
                .steps(steps))
        .image();
  }
}
