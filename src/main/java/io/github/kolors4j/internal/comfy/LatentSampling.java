package io.github.kolors4j.internal.comfy;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.KolorsException;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.pipeline.EncodedPicture;
import io.github.kolors4j.internal.pipeline.StartingLatents;
import io.github.kolors4j.pipeline.DenoisingListener;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the sampling nodes share: a batch of pictures from noise or from latents. */
public final class LatentSampling {
  private final NodeContext context;
  private final KolorsModel model;
  private final KolorsPipeline pipeline;
  private final int downscale;
  private @Nullable LatentPreview preview;

  /**
   * How the batch is drawn.
   *
   * @param width that the model is told; also the picture's, where there are no latents
   * @param height likewise
   * @param steps of the whole schedule
   * @param strength how much of given latents is drawn anew, in (0, 1]: this share of the steps is
   *     made
   * @param scheduler a name of {@link io.github.kolors4j.scheduler.SchedulerType}
   */
  public record Settings(
      int width, int height, long seed, int steps, double cfg, String scheduler, double strength) {}

  /** Sampling of a node with a model. */
  public LatentSampling(NodeContext context, KolorsModel model) {
    this.context = context;
    this.model = model;
    pipeline = context.models().unet(model);
    downscale = pipeline.config().vae().downscale();
    try {
      preview = context.models().preview(model.folder());
    } catch (StoppedException e) {
      throw e;
    } catch (KolorsException e) {
      context.say("没有预览。(No preview: %s)".formatted(e.getMessage()));
    }
  }

  /** The shape that empty latents of a picture have for this model. */
  public Latent empty(int width, int height, int batch) {
    PictureSize size = new PictureSize(width, height).fitted(pipeline, model.standIn(), context);
    int channels = pipeline.config().vae().latentChannels();
    long[] shape = {batch, channels, size.height() / downscale, size.width() / downscale};
    int numbers = (int) (shape[0] * shape[1] * shape[2] * shape[3]);
    return Latent.of(new float[numbers], downscale, shape);
  }

  /**
   * Draws a batch: as many pictures as there are texts or latents, of which one stands for all.
   *
   * @param start the latents to begin at; empty for noise
   * @return latents without noise
   */
  public Latent draw(KolorsEmbeddings texts, Settings settings, Optional<Latent> start) {
    start.ifPresent(this::requireFit);
    int batch = Math.max(texts.batch(), start.map(Latent::batch).orElse(1));
    requireBatch("texts", texts.batch(), batch);
    start.ifPresent(latent -> requireBatch("latents", latent.batch(), batch));
    float @Nullable [] all = null;
    long[] shape = new long[4];
    for (int i = 0; i < batch; i++) {
      int text = Math.min(i, texts.batch() - 1);
      int place = i;
      Optional<Latent> own = start.map(latent -> latent.at(Math.min(place, latent.batch() - 1)));
      Prompt prompt = prompt(texts.prompt(text), settings, own);
      PromptEmbeddings embeddings = texts.at(text, prompt.guided(), context.models());
      embeddings.warnings().forEach(context::say);
      try (NDArray latents =
              context
                  .models()
                  .unet(model)
                  .denoise(prompt, embeddings, place(settings, own, i, batch), watched(i, batch));
          NDArray unscaled = latents.div(pipeline.config().vae().scalingFactor())) {
        float[] numbers = unscaled.toFloatArray();
        shape = unscaled.getShape().getShape();
        all = all == null ? new float[batch * numbers.length] : all;
        System.arraycopy(numbers, 0, all, i * numbers.length, numbers.length);
      }
    }
    if (all == null) {
      throw new WorkflowException("There is no text to draw.");
    }
    shape[0] = batch;
    return Latent.of(all, downscale, shape);
  }

  private Prompt prompt(Prompt texts, Settings settings, Optional<Latent> start) {
    PictureSize told =
        new PictureSize(settings.width, settings.height).fitted(pipeline, model.standIn(), context);
    int width = start.map(latent -> latent.width() * downscale).orElse(told.width());
    int height = start.map(latent -> latent.height() * downscale).orElse(told.height());
    Prompt prompt =
        texts
            .seed(settings.seed)
            .steps(settings.steps)
            .cfgScale(settings.cfg)
            .scheduler(settings.scheduler)
            .size(width, height);
    return width == told.width() && height == told.height()
        ? prompt
        : prompt.toldSize(told.width(), told.height());
  }

  private static StartingLatents place(
      Settings settings, Optional<Latent> start, int place, int batch) {
    return new StartingLatents(
        start.map(latent -> new EncodedPicture(latent.samples(), latent.deviation())),
        start.isPresent() ? settings.strength : 1,
        place,
        batch);
  }

  private DenoisingListener watched(int place, int batch) {
    return step -> {
      context.progress(place * step.of() + step.step(), (double) batch * step.of());
      if (preview != null) {
        NDArray clean = step.clean();
        context.preview(
            preview.picture(
                clean.toFloatArray(),
                (int) clean.getShape().get(2),
                (int) clean.getShape().get(3)));
      }
      return true;
    };
  }

  private void requireFit(Latent latent) {
    int channels = pipeline.config().vae().latentChannels();
    if (latent.channels() != channels) {
      throw new WorkflowException(
          "The latents have %d channels, but the model %s works on %d: encode the picture with this model's VAE."
              .formatted(latent.channels(), model.folder(), channels));
    }
  }

  private static void requireBatch(String what, int count, int batch) {
    if (count != 1 && count != batch) {
      throw new WorkflowException(
          "There are %d %s for a batch of %d pictures: give one for all, or as many."
              .formatted(count, what, batch));
    }
  }
}
