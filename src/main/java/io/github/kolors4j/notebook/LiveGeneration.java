package io.github.kolors4j.notebook;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import java.time.Duration;
import java.util.List;

/**
 * Pictures being drawn, with their progress and a stop button below the cell.
 *
 * <pre>{@code
 * var pictures = LiveGeneration.run(pipeline, story);
 * }</pre>
 */
public final class LiveGeneration {
  private LiveGeneration() {}

  /**
   * Draws a picture for each prompt, in order.
   *
   * @return all pictures; if the stop button or the notebook's interrupt ended it, those that were
   *     finished by then, which may be none
   * @throws RuntimeException what {@link KolorsPipeline#generate(List)} throws
   */
  public static List<GeneratedPicture> run(KolorsPipeline pipeline, List<Prompt> prompts) {
    try {
      return Work.watchedBy(new LiveWork(Duration.ZERO), () -> pipeline.generate(prompts));
    } catch (StoppedException e) {
      Notebook.display(
          "没有画完一张就停下了，结果是空的；再运行一次这格，从头画起。\n(Stopped before the first picture was finished, so there is none. Run the cell again to draw them.)");
      return List.of();
    }
  }
}
