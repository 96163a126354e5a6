package io.github.kolors4j.training;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pictures of what was learned so far, made by a function of the caller's or of a prompt. */
final class SamplePictures implements AutoCloseable {

  /**
   * Which pictures a training is to make: of a prompt, or by a function.
   *
   * @param every so many steps; 0 for none
   */
  record Wanted(
      long every, @Nullable Function<UNet, BufferedImage> painter, @Nullable Prompt prompt) {
    static final Wanted NONE = new Wanted(0, null, null);

    Wanted {
      if (every < 0) {
        throw new IllegalArgumentException(
            "sample_every is %d, but must be 0 or more.".formatted(every));
      }
    }
  }

  private final Wanted wanted;
  private final ModelFolder model;
  private final AdaptedNetworks networks;
  private final Learner learner;
  private final TrainingObserver observer;

  /** Null until the first picture of a prompt. */
  private @Nullable KolorsPipeline pipeline;

  SamplePictures(
      Wanted wanted,
      ModelFolder model,
      AdaptedNetworks networks,
      Learner learner,
      TrainingObserver observer) {
    this.wanted = wanted;
    this.model = model;
    this.networks = networks;
    this.learner = learner;
    this.observer = observer;
  }

  /** Whether pictures are wanted at all. */
  boolean areWanted() {
    return wanted.every() > 0;
  }

  /** Whether one is due after a number of steps. */
  boolean isDue(long step) {
    return areWanted() && step % wanted.every() == 0;
  }

  /** A picture, unless it was stopped. */
  Optional<BufferedImage> paint(long step) {
    networks.attach(learner.result());
    try (Work work = Work.begin("画样图 (drawing a sample)")) {
      return Optional.of(
          wanted.painter() != null
              ? wanted.painter().apply(networks.unet())
              : pipeline()
                  .generate(Objects.requireNonNull(wanted.prompt()), s -> goesOn())
                  .image());
    } catch (StoppedException e) {
      // What stopped it ends the training, too, after the next step.
      observer.notice("The sample picture after step " + step + " was stopped.");
      return Optional.empty();
    } finally {
      networks.attach(learner.adapter());
    }
  }

  private boolean goesOn() {
    return !observer.stopWhen().getAsBoolean();
  }

  /** A pipeline with the adapter as it is now. */
  private KolorsPipeline pipeline() {
    if (pipeline == null) {
      pipeline = KolorsPipeline.load(model);
    }
    pipeline.clearAdapters();
    learner.result().addTo(pipeline);
    return pipeline;
  }

  @Override
  public void close() {
    if (pipeline != null) {
      pipeline.close();
    }
  }
}
