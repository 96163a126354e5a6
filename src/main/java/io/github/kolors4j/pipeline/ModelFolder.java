package io.github.kolors4j.pipeline;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.internal.files.ShippedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a Kolors model in the published layout, which Python's diffusers reads as well:
 *
 * <pre>
 * text_encoder/   config.json and the weights, in one file or in several with an index
 * tokenizer/      tokenizer.model (or inside text_encoder, as in Kwai-Kolors/Kolors)
 * unet/           config.json, diffusion_pytorch_model.safetensors
 * vae/            config.json, diffusion_pytorch_model.safetensors
 * scheduler/      scheduler_config.json
 * </pre>
 *
 * <p>Immutable. The parts are looked for when they are asked for, so a folder without a VAE still
 * serves those who need none.
 */
public final class ModelFolder {
  private static final String LAYOUT =
      "A Kolors model is a folder with text_encoder, tokenizer, unet, vae (config.json and weights"
          + " in each) and scheduler (scheduler_config.json).";

  private final Path root;
  private final @Nullable Path vae;
  private final @Nullable Path unet;
  private final @Nullable Path textEncoder;

  private ModelFolder(
      Path root, @Nullable Path vae, @Nullable Path unet, @Nullable Path textEncoder) {
    this.root = root;
    this.vae = vae;
    this.unet = unet;
    this.textEncoder = textEncoder;
  }

  /**
   * The model in a folder.
   *
   * @throws WeightsException if there is no such folder
   */
  public static ModelFolder of(Path root) {
    if (!Files.isDirectory(root)) {
      throw new WeightsException("There is no model folder " + root + ". " + LAYOUT);
    }
    return new ModelFolder(root, null, null, null);
  }

  /**
   * The Kolors among downloaded models, with the VAE among them if there is one: {@code
   * ModelFolder.of(Hub.download("Kolors", "SDXL-vae-fp16-fix"))}.
   *
   * @throws WeightsException if none of them is a Kolors
   */
  public static ModelFolder of(Hub.Models models) {
    Path kolors =
        models
            .kolors()
            .orElseThrow(
                () ->
                    new WeightsException(
                        "None of the downloaded models is a Kolors, with a text encoder and a UNet: "
                            + models.folders().keySet()));
    ModelFolder folder = of(kolors);
    return models.vae().map(folder::withVae).orElse(folder);
  }

  /**
   * kolors-mini, the small Kolors that ships with this project. It is looked for in a checkout of
   * the project ({@code data/models/kolors-mini}): the folder that the system property {@code
   * kolors4j.home} or the environment variable {@code KOLORS4J_HOME} names, else the working
   * directory or the nearest folder above it that has the model. Where none has, it is taken from
   * the class path, where the artifact {@code kolors4j} brings it, and unpacked to the user's cache
   * the first time (elsewhere with {@code -Dkolors4j.cache} or {@code KOLORS4J_CACHE}).
   *
   * @throws WeightsException if it is nowhere, or cannot be unpacked; the message says what to do
   */
  public static ModelFolder embedded() {
    return of(ShippedData.KOLORS_MINI.folder(WeightsException::new));
  }

  /**
   * The same model with another VAE, such as SDXL-vae-fp16-fix.
   *
   * @param vae a folder with the weights, or a single file with them under diffusers' names or the
   *     original ones ({@code sdxl.vae.safetensors}); a {@code config.json} beside them is used,
   *     otherwise that of this model's own VAE
   * @throws WeightsException if it does not exist
   */
  public ModelFolder withVae(Path vae) {
    if (!Files.exists(vae)) {
      throw new WeightsException(
          "There is no VAE "
              + vae
              + ": give a folder with diffusion_pytorch_model.safetensors, or a .safetensors file.");
    }
    return new ModelFolder(root, vae, unet, textEncoder);
  }

  /**
   * The same model with another UNet.
   *
   * @param unet a folder with the weights, or a single file with them under diffusers' names or the
   *     original ones; a {@code config.json} beside them is used, otherwise that of this model's
   *     own UNet
   * @throws WeightsException if it does not exist
   */
  public ModelFolder withUnet(Path unet) {
    if (!Files.exists(unet)) {
      throw new WeightsException(
          "There is no UNet "
              + unet
              + ": give a folder with diffusion_pytorch_model.safetensors, or a .safetensors file.");
    }
    return new ModelFolder(root, vae, unet, textEncoder);
  }

  /**
   * The same model with another text encoder, such as {@code ZhipuAI/chatglm3-6b-base}.
   *
   * @param textEncoder a folder with config.json and the weights; the {@code tokenizer.model} in
   *     it, if there is one, is used as well
   * @throws WeightsException if it is no such folder
   */
  public ModelFolder withTextEncoder(Path textEncoder) {
    if (!Files.isRegularFile(textEncoder.resolve("config.json"))) {
      throw new WeightsException(
          "%s is no text encoder: give a folder with config.json and the weights, such as text_encoder of a Kolors or the folder of chatglm3-6b-base."
              .formatted(textEncoder));
    }
    return new ModelFolder(root, vae, unet, textEncoder);
  }

  /** The model's folder. */
  public Path root() {
    return root;
  }

  /**
   * The folder of the text encoder.
   *
   * @throws WeightsException if it is missing, as all that follow
   */
  public Path textEncoder() {
    return textEncoder != null ? textEncoder : part("text_encoder", "config.json");
  }

  /** The folder with {@code tokenizer.model}: {@code tokenizer}, or else {@code text_encoder}. */
  public Path tokenizer() {
    if (textEncoder != null && Files.exists(textEncoder.resolve("tokenizer.model"))) {
      return textEncoder;
    }
    Path inEncoder = root.resolve("text_encoder");
    return !Files.exists(root.resolve("tokenizer"))
            && Files.exists(inEncoder.resolve("tokenizer.model"))
        ? inEncoder
        : part("tokenizer", "tokenizer.model");
  }

  /** The folder or file that the UNet's weights are read from. */
  public Path unet() {
    return unet != null ? unet : part("unet", "config.json");
  }

  /** The folder with the UNet's {@code config.json}. */
  public Path unetConfigFolder() {
    return configured(unet, "unet");
  }

  /** The folder or file that the VAE's weights are read from. */
  public Path vae() {
    return vae != null ? vae : part("vae", "config.json");
  }

  /** The folder with the VAE's {@code config.json}. */
  public Path vaeConfigFolder() {
    return configured(vae, "vae");
  }

  /** The folder with {@code scheduler_config.json}. */
  public Path scheduler() {
    return part("scheduler", "scheduler_config.json");
  }

  /** The folder of another part, or of its file, if it has a config.json; or else the own part. */
  private Path configured(@Nullable Path other, String name) {
    if (other != null) {
      Path folder = Files.isDirectory(other) ? other : other.toAbsolutePath().resolveSibling("");
      if (Files.isRegularFile(folder.resolve("config.json"))) {
        return folder;
      }
    }
    return part(name, "config.json");
  }

  private Path part(String name, String file) {
    Path folder = root.resolve(name);
    if (!Files.isRegularFile(folder.resolve(file))) {
      for (Path link : List.of(root, folder, folder.resolve(file))) {
        if (Files.isSymbolicLink(link) && !Files.exists(link)) {
          throw new WeightsException(
              "%s is a link that leads nowhere. Make it again, or put in its place what it led to."
                  .formatted(link));
        }
      }
      throw new WeightsException(
          "The model folder %s has no %s/%s. %s Download the missing part into it."
              .formatted(root, name, file, LAYOUT));
    }
    return folder;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(root.toString());
    if (vae != null) {
      text.append(" with VAE ").append(vae);
    }
    if (unet != null) {
      text.append(" with UNet ").append(unet);
    }
    if (textEncoder != null) {
      text.append(" with text encoder ").append(textEncoder);
    }
    return text.toString();
  }
}
