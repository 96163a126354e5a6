package io.github.kolors4j.hub;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Downloads models from ModelScope or Hugging Face.
 *
 * <pre>{@code
 * var models = Hub.download("Kolors", "SDXL-vae-fp16-fix");
 * models.folder("Kolors")                        // models/kolors/Kolors
 *
 * Hub.huggingFace()
 *     .folder(Path.of("/data/models"))
 *     .listener(progress)
 *     .fetch("owner/name");                      // /data/models/owner/name
 * }</pre>
 *
 * <p>Models of the course go where its {@code download_models} puts them, others to {@code
 * models/owner/name}. What is there already, with the checksum that the hub lists, is not fetched
 * again, nor what Python's {@code modelscope} or {@code huggingface_hub} have in their caches: a
 * second name is given to it. A download that was interrupted goes on where it ended. Every file is
 * checked in length and checksum before it is in place, and two notebooks that want the same model
 * wait for each other.
 *
 * <p>Of the environment these count, as they do for Python: {@code MODELSCOPE_API_TOKEN}, {@code
 * MODELSCOPE_ENDPOINT}, {@code MODELSCOPE_DOMAIN}, {@code MODELSCOPE_CACHE}, {@code
 * MODELSCOPE_DOWNLOAD_PARALLELS}, {@code MODELSCOPE_PARALLEL_DOWNLOAD_THRESHOLD_MB}, {@code
 * HF_TOKEN}, {@code HF_ENDPOINT}, {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}. A
 * token is sent to the hub's own address only, and is never part of a message.
 *
 * <p>Of the network {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}
 * count, in capitals or not, with user and password; and {@code SSL_CERT_FILE}, {@code
 * REQUESTS_CA_BUNDLE} or {@code CURL_CA_BUNDLE} for certificates besides Java's own.
 *
 * <p>Immutable; each option returns a new hub.
 */
public final class Hub {
  private final HubSettings settings;

  Hub(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * Brings models here from ModelScope, below the folder {@code models} of the working directory.
   *
   * @param models names of the course ({@code Kolors}, {@code SDXL-vae-fp16-fix}) or {@code
   *     owner/name}
   * @throws HubException if one cannot be had; the message says why and what to do
   */
  public static Models download(String... models) {
    return modelScope().fetch(models);
  }

  /** ModelScope, with the settings of the environment. */
  public static Hub modelScope() {
    return new Hub(HubSettings.of(false, System.getenv()));
  }

  /** Hugging Face, with the settings of the environment. */
  public static Hub huggingFace() {
    return new Hub(HubSettings.of(true, System.getenv()));
  }

  /** The folder that models go below; {@code models} by default. */
  public Hub folder(Path folder) {
    return new Hub(settings.withFolder(folder));
  }

  /** Another address of the hub: a mirror. */
  public Hub endpoint(URI endpoint) {
    return new Hub(settings.withEndpoint(endpoint));
  }

  /** A token other than the environment's, for private and gated models. */
  public Hub token(String token) {
    return new Hub(settings.withToken(token));
  }

  /** A branch, tag or commit; by default {@code master} on ModelScope, {@code main} else. */
  public Hub revision(String revision) {
    return new Hub(settings.withRevision(revision));
  }

  /** Whether to do without a network and take what is here; {@code HF_HUB_OFFLINE} by default. */
  public Hub offline(boolean offline) {
    return new Hub(settings.withOffline(offline));
  }

  /** Who hears of progress. */
  public Hub listener(HubListener listener) {
    return new Hub(settings.withListener(listener));
  }

  /** Asked many times a second whether to stop; so does an interrupt of the thread. */
  public Hub stopWhen(BooleanSupplier stop) {
    return new Hub(settings.withStopWhen(stop));
  }

  /**
   * Brings models here.
   *
   * @param models names of the course ({@code Kolors}, {@code SDXL-vae-fp16-fix}) or {@code
   *     owner/name}
   * @throws HubException if one cannot be had
   * @throws io.github.kolors4j.StoppedException if a person stopped it
   */
  public Models fetch(String... models) {
    Map<String, Path> folders = new LinkedHashMap<>();
    for (String model : models) {
      folders.put(model, fetchModel(model));
    }
    return new Models(folders);
  }

  private Path fetchModel(String model) {
    CourseModel course = CourseModel.BY_NAME.get(model);
    if (course == null && !model.contains("/")) {
      throw new HubException(
          "There is no model \"%s\". Known names are %s; any other is written owner/name."
              .formatted(model, CourseModel.names()));
    }
    if (course == null) {
      Repository repository = repository(Repository.Kind.MODEL, model);
      Path folder = settings.folder().resolve(repository.owner()).resolve(repository.name());
      return new RepositoryDownload(model, repository, folder, settings).run();
    }
    String id = settings.huggingFace() ? course.huggingFace() : course.modelScope();
    return new RepositoryDownload(
            model,
            repository(Repository.Kind.MODEL, id),
            settings.folder().resolve(course.folder()),
            settings)
        .only(course.files(), course::wants)
        .run();
  }

  /**
   * Brings those files of a data set here that are wanted, to {@code FOLDER/owner/name}; if it has
   * none of them, none.
   *
   * @param dataset {@code owner/name}
   * @param wanted chooses by the paths in the repository
   * @return the folder
   * @throws HubException if they cannot be had
   */
  public Path fetchDataset(String dataset, Predicate<String> wanted) {
    Repository repository = repository(Repository.Kind.DATASET, dataset);
    Path folder = settings.folder().resolve(repository.owner()).resolve(repository.name());
    return new RepositoryDownload(dataset, repository, folder, settings)
        .only(List.of(), wanted)
        .mayBeEmpty()
        .run();
  }

  private Repository repository(Repository.Kind kind, String id) {
    return Repository.of(kind, id, settings.branch());
  }

  @Override
  public String toString() {
    return settings.toString();
  }

  /**
   * Models on this computer: the name that each was asked for by, and its folder.
   *
   * @param folders in the order in which they were asked for; absolute paths
   */
  public record Models(Map<String, Path> folders) {
    /** Copies. */
    public Models {
      folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
    }

    /**
     * The folder of a model.
     *
     * @param name as it was asked for
     * @throws HubException if it is not among these
     */
    public Path folder(String name) {
      Path folder = folders.get(name);
      if (folder == null) {
        throw new HubException(name + " was not downloaded; these were: " + folders.keySet());
      }
      return folder;
    }

    /** The first that is a whole Kolors: a folder with a text encoder and a UNet. */
    public Optional<Path> kolors() {
      return folders.values().stream()
          .filter(folder -> Files.isDirectory(folder.resolve("text_encoder")))
          .filter(folder -> Files.isDirectory(folder.resolve("unet")))
          .findFirst();
    }

    /** The first that is a VAE alone: weights with no parts beside them, as SDXL-vae-fp16-fix. */
    public Optional<Path> vae() {
      return folders.values().stream()
          .filter(
              folder ->
                  Files.exists(folder.resolve("diffusion_pytorch_model.safetensors"))
                      || Files.exists(folder.resolve("sdxl.vae.safetensors")))
          .findFirst();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      folders.forEach(
          (name, folder) -> text.append(name).append(" → ").append(folder).append('\n'));
      return text.toString().stripTrailing();
    }
  }
}
