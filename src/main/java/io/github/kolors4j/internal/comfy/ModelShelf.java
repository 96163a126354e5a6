package io.github.kolors4j.internal.comfy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.files.Sha256;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.NotEnoughMemoryException;
import io.github.kolors4j.pipeline.PipelineOptions;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks that graphs use: each is loaded at its first use and stays, and those that were used
 * longest ago make room. Text encoder, UNet and autoencoder are held apart, since graphs combine
 * them. Where not all fit into memory, the others leave it while one computes. Used by one thread
 * at a time.
 */
public final class ModelShelf implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);

  /** Two of each kind: to switch between two models without loading. */
  private static final int CAPACITY = 6;

  private enum Part {
    TEXT_ENCODER,
    UNET,
    VAE
  }

  private record Key(Part part, String folder, String storage) {}

  /** A pipeline of which one part is used. */
  private static final class Shelved {
    private final KolorsPipeline pipeline;
    private List<AppliedLora> loras = List.of();

    Shelved(KolorsPipeline pipeline) {
      this.pipeline = pipeline;
    }
  }

  private final PipelineOptions options;
  private final Path fitted;
  private final Map<Key, Shelved> shelved = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, LatentPreview> previews = new HashMap<>();

  /** What outlives the model that made it. */
  private final NDManager keeper = PyTorch.manager();

  /**
   * A shelf of models that are loaded like this.
   *
   * @param fitted a folder for what was found out about autoencoders, so that it is found out once
   */
  public ModelShelf(PipelineOptions options, Path fitted) {
    this.fitted = fitted;
    this.options = options.loadedOnDemand();
  }

  /** The folder for what was found out, of this user. */
  static Path userCache() {
    String named = System.getenv("XDG_CACHE_HOME");
    Path caches =
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(named);
    return caches.resolve("kolors4j").resolve("previews");
  }

  /** A pipeline to encode prompts with; it stays the shelf's. */
  public KolorsPipeline text(TextModel model) {
    Key key = new Key(Part.TEXT_ENCODER, model.folder().toString(), model.storage());
    return get(key, model.folder(), options.textEncoder(model.storage()), model.loras());
  }

  /** A pipeline to denoise with; it stays the shelf's. */
  public KolorsPipeline unet(KolorsModel model) {
    Key key = new Key(Part.UNET, model.folder().toString(), "auto");
    return get(key, model.folder(), options, model.loras());
  }

  /** A pipeline whose autoencoder is used; it stays the shelf's. */
  public KolorsPipeline vae(VaeModel model) {
    Key key = new Key(Part.VAE, model.folder().toString(), "auto");
    return get(key, model.folder(), options, List.of());
  }

  /** How latents of a model look before they are decoded. */
  public LatentPreview preview(ModelFolder folder) {
    LatentPreview known = previews.get(folder.toString());
    if (known == null) {
      known = fittedPreview(folder);
      previews.put(folder.toString(), known);
    }
    return known;
  }

  private LatentPreview fittedPreview(ModelFolder folder) {
    Path weights = folder.vae();
    String name = Sha256.of(Fingerprint.of(weights));
    Path file = fitted.resolve(name.substring(0, 32) + ".json");
    try {
      return LatentPreview.read(file);
    } catch (IOException e) {
      LatentPreview preview = new LatentPreviewFit(vae(new VaeModel(folder, false))).fit();
      try {
        preview.save(file);
      } catch (IOException full) {
        LOG.warn("The preview's map could not be kept in {}: {}", file, full.toString());
      }
      return preview;
    }
  }

  private KolorsPipeline get(
      Key key, ModelFolder folder, PipelineOptions how, List<AppliedLora> loras) {
    Shelved found = shelved.get(key);
    if (found == null) {
      found = new Shelved(load(folder, how));
      shelved.put(key, found);
      if (shelved.size() > CAPACITY) {
        Iterator<Shelved> oldest = shelved.values().iterator();
        oldest.next().pipeline.close();
        oldest.remove();
      }
    } else if (found.pipeline.plan().inTurn()) {
      unloadOthers(found);
    }
    if (!found.loras.equals(loras)) {
      found.pipeline.clearLoras();
      found.loras = List.of();
      for (AppliedLora lora : loras) {
        found.pipeline.add(lora.lora());
      }
      found.loras = loras;
    }
    return found.pipeline;
  }

  private KolorsPipeline load(ModelFolder folder, PipelineOptions how) {
    if (!shelved.isEmpty() && !fits(folder, how)) {
      unloadOthers(null);
    }
    return how.load(folder);
  }

  private static boolean fits(ModelFolder folder, PipelineOptions how) {
    try {
      return !how.plan(folder).inTurn();
    } catch (NotEnoughMemoryException e) {
      return false;
    }
  }

  private void unloadOthers(@Nullable Shelved but) {
    for (Shelved other : shelved.values()) {
      if (other != but) {
        other.pipeline.unload();
      }
    }
  }

  /** Embeddings that stay when the model that made them leaves. */
  PromptEmbeddings kept(PromptEmbeddings embeddings) {
    return new PromptEmbeddings(
        kept(embeddings.tokens()),
        kept(embeddings.pooled()),
        embeddings.padding(),
        embeddings.warnings());
  }

  private NDArray kept(NDArray array) {
    array.attach(keeper);
    return array;
  }

  /** How many models are here. */
  public int size() {
    return shelved.size();
  }

  /** How many arrays outlive their models at the moment. */
  int keptArrays() {
    return keeper.getManagedArrays().size();
  }

  /** Takes all models out of memory; each is loaded again at its next use. */
  public void unload() {
    shelved.values().forEach(each -> each.pipeline.close());
    shelved.clear();
  }

  @Override
  public void close() {
    unload();
    keeper.close();
  }
}
