package io.github.kolors4j.training;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** Pictures of what was learned so far, made by a function of the caller's or of a prompt. */
final class SamplePictures implements AutoCloseable {
  private final LoraOptions options;
  private final AdaptedNetworks networks;
  private final LoraLearner learner;

  /** Null until the first picture of a prompt. */
  private KolorsPipeline pipeline;

  SamplePictures(LoraOptions options, AdaptedNetworks networks, LoraLearner learner) {
    this.options = options;
    this.networks = networks;
    this.learner = learner;
  }

  /** A picture, unless it was stopped. */
  Optional<BufferedImage> paint(long step) {
    networks.attach(learner.result());
    try (Work work = Work.begin("画样图 (drawing a sample)")) {
      return Optional.of(
          options.painter != null
              ? options.painter.apply(networks.unet())
              : pipeline().generate(options.samplePrompt, s -> goesOn()).image());
    } catch (StoppedException e) {
      // What stopped it ends the training, too, after the next step.
      options.listener.notice("The sample picture after step " + step + " was stopped.");
      return Optional.empty();
    } finally {
      networks.attach(learner.adapters());
    }
  }

  private boolean goesOn() {
    return !options.stopWhen.getAsBoolean();
  }

  /** A pipeline with the adapter as it is at any time: it shares the matrices that are trained. */
  private KolorsPipeline pipeline() {
    if (pipeline == null) {
      TrainedAdapters result = learner.result();
      ModelLora matrices = new ModelLora(result.unet(), result.textEncoder());
      pipeline = KolorsPipeline.load(options.model).add(Lora.of(matrices).alpha(options.alpha));
    }
    return pipeline;
  }

  @Override
  public void close() {
    if (pipeline != null) {
      pipeline.close();
    }
  }
}
