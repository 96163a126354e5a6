package io.github.kolors4j.notebook;

import io.github.kolors4j.pipeline.DenoisingListener;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import java.util.List;

/**
 * Pictures being drawn, with one progress bar for all of their denoising steps below the cell.
 *
 * <pre>{@code
 * var pictures = LiveGeneration.run(pipeline, story);
 * }</pre>
 *
 * The notebook's interrupt ends it; the pictures that are finished by then are the result.
 */
public final class LiveGeneration implements DenoisingListener {
  private final int pictures;
  private ProgressBar bar;
  private long done;

  private LiveGeneration(int pictures) {
    this.pictures = pictures;
  }

  /**
   * Draws a picture for each prompt, in order.
   *
   * @throws RuntimeException what {@link KolorsPipeline#generate(List, DenoisingListener)} throws
   */
  public static List<GeneratedPicture> run(KolorsPipeline pipeline, List<Prompt> prompts) {
    return pipeline.generate(prompts, new LiveGeneration(prompts.size()));
  }

  @Override
  public boolean stepMade(Step step) {
    if (bar == null) {
      bar = new ProgressBar("生成 (drawing)", (long) pictures * step.of());
    }
    bar.update(++done);
    return true;
  }
}
