package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.HyperNetworks;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.StorageType;
import io.github.kolors4j.lora.HyperNetwork;
import io.github.kolors4j.lora.Lora;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The three networks of a pipeline, held as its plan says: all at once, or text encoder and UNet in
 * turn, each loaded when it is asked for after the other has left memory. On demand, each is loaded
 * when it is first asked for. One that comes back has its LoRAs, hypernetworks and words again.
 */
final class Networks {
  /** What copies of weights that LoRAs are folded into may take: enough for small networks. */
  private static final long FOLDED_BYTES = 256L << 20;

  private final ModelFolder folder;
  private final ModelConfig config;
  private final MemoryPlan plan;
  private final NDManager manager;
  private final Part<ChatGlm> textEncoder;
  private final Part<UNet> unet;
  private @Nullable Autoencoder vae;
  private final UNetNames layerNames;
  private final List<AttachedLora> loras = new ArrayList<>();
  private final List<AttachedHyperNetwork> hyperNetworks = new ArrayList<>();
  private final AddedWords words;

  /** Of the UNet that is loaded. */
  private @Nullable HyperNetworks onUnet;

  /**
   * @param words what the text encoder knows besides its vocabulary
   * @param onDemand whether nothing is loaded before it is asked for
   * @param manager the parent of the weights' owners
   */
  Networks(
      ModelFolder folder,
      ModelConfig config,
      MemoryPlan plan,
      AddedWords words,
      boolean onDemand,
      NDManager manager) {
    this.words = words;
    this.folder = folder;
    this.config = config;
    this.plan = plan;
    this.manager = manager;
    layerNames = new UNetNames(config.unet());
    textEncoder = new Part<>(this::loadTextEncoder, isMapped(plan.textEncoder()));
    unet = new Part<>(this::loadUnet, isMapped(plan.unet()));
    if (onDemand) {
      return;
    }
    vae();
    if (plan.inTurn()) {
      // What is wrong with one shows now, not after the other has been loaded and used.
      openTextEncoder(inFile()).close();
      openUnet(inFile()).close();
    } else {
      textEncoder.load();
      unet.load();
    }
  }

  private static boolean isMapped(MemoryPlan.Part part) {
    return part.loading().storageType() == StorageType.DISK;
  }

  /** To look at a network without taking memory for it. */
  private static LoadOptions inFile() {
    return new LoadOptions(Precision.FLOAT32, StorageType.DISK);
  }

  private Loaded<ChatGlm> loadTextEncoder() {
    if (plan.inTurn()) {
      unet.close();
    }
    try (Work loading = Work.begin("载入文本编码器 (loading the text encoder)")) {
      ChatGlm loaded = openTextEncoder(plan.textEncoder().loading());
      LoraAdapters adapters = LoraAdapters.on(loaded);
      loras.forEach(lora -> lora.attach(lora.matrices().textEncoder(), adapters));
      fold(plan.textEncoder(), adapters);
      loaded.setNewTokens(words.vectors());
      return new Loaded<>(loaded, adapters);
    }
  }

  private Loaded<UNet> loadUnet() {
    if (plan.inTurn()) {
      textEncoder.close();
    }
    try (Work loading = Work.begin("载入 UNet (loading the UNet)")) {
      UNet loaded = openUnet(plan.unet().loading());
      LoraAdapters adapters = LoraAdapters.on(loaded);
      loras.forEach(lora -> lora.attach(lora.matrices().unet(), adapters));
      fold(plan.unet(), adapters);
      HyperNetworks changes = HyperNetworks.on(loaded);
      hyperNetworks.forEach(one -> one.attach(changes));
      onUnet = changes;
      return new Loaded<>(loaded, adapters);
    }
  }

  private ChatGlm openTextEncoder(LoadOptions loading) {
    return ChatGlm.load(config.textEncoder(), folder.textEncoder(), manager, loading);
  }

  private UNet openUnet(LoadOptions loading) {
    return UNet.load(config.unet(), folder.unet(), manager, loading);
  }

  ChatGlm textEncoder() {
    return textEncoder.load().network();
  }

  UNet unet() {
    return unet.load().network();
  }

  Autoencoder vae() {
    Autoencoder now =
        vae == null
            ? Autoencoder.load(config.vae(), folder.vae(), manager, plan.vae().loading())
            : vae;
    vae = now;
    return now;
  }

  /** Unloads text encoder and UNet; each is loaded again when it is asked for. */
  void unload() {
    textEncoder.close();
    unet.close();
  }

  /**
   * Adds a LoRA to the UNet, the text encoder or both: to all or to none.
   *
   * @return what was added
   * @throws io.github.kolors4j.lora.LoraException if it does not fit
   */
  AttachedLora add(Lora lora) {
    NDManager memory = manager.newSubManager();
    try {
      AttachedLora added =
          new AttachedLora(unusedName(lora), lora, lora.read(memory, layerNames), memory);
      attach(added);
      return added;
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private String unusedName(Lora lora) {
    return unusedName(
        lora.name(), loras.stream().map(AttachedLora::name).collect(Collectors.toSet()));
  }

  private static String unusedName(String wanted, Set<String> used) {
    String name = wanted;
    for (int i = 2; used.contains(name); i++) {
      name = wanted + " " + i;
    }
    return name;
  }

  /**
   * Adds a hypernetwork to the UNet.
   *
   * @throws io.github.kolors4j.lora.LoraException if it does not fit
   */
  void add(HyperNetwork hyperNetwork) {
    Set<String> used =
        hyperNetworks.stream().map(AttachedHyperNetwork::name).collect(Collectors.toSet());
    NDManager memory = manager.newSubManager();
    try {
      AttachedHyperNetwork added =
          new AttachedHyperNetwork(
              unusedName(hyperNetwork.name(), used),
              hyperNetwork.read(memory),
              hyperNetwork.strength(),
              memory);
      if (unet.isLoaded() && onUnet != null) {
        added.attach(onUnet);
      } else {
        // It waits for the UNet, but whether it fits is seen now.
        try (UNet look = openUnet(inFile())) {
          added.attach(HyperNetworks.on(look));
        }
      }
      hyperNetworks.add(added);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** Takes all hypernetworks off, and frees those that were read from files. */
  void clearHyperNetworks() {
    for (AttachedHyperNetwork one : hyperNetworks) {
      if (unet.isLoaded() && onUnet != null) {
        onUnet.detach(one.name());
      }
      one.memory().close();
    }
    hyperNetworks.clear();
  }

  /** Gives the text encoder the words' vectors as they are now. */
  void wordsChanged() {
    if (textEncoder.isLoaded()) {
      textEncoder.load().network().setNewTokens(words.vectors());
    }
  }

  /** Whether something changes the networks that is no part of their weights. */
  boolean haveMoreThanLoras() {
    return !hyperNetworks.isEmpty() || words.vectors() != null;
  }

  private void attach(AttachedLora lora) {
    if (lora.matrices().textEncoder() != null) {
      lora.attach(lora.matrices().textEncoder(), textEncoder.load().loras());
    }
    try {
      if (unet.isLoaded()) {
        lora.attach(lora.matrices().unet(), unet.load().loras());
      } else if (lora.matrices().unet() != null) {
        // It waits for the UNet, but whether it fits is seen now.
        try (UNet look = openUnet(inFile())) {
          lora.attach(lora.matrices().unet(), LoraAdapters.on(look));
        }
      }
    } catch (RuntimeException e) {
      textEncoder.ifLoaded(lora::detach);
      throw e;
    }
    loras.add(lora);
    fold();
  }

  private void fold() {
    textEncoder.ifLoaded(adapters -> fold(plan.textEncoder(), adapters));
    unet.ifLoaded(adapters -> fold(plan.unet(), adapters));
  }

  /**
   * Makes small LoRAs part of the weights, so that they take no time. Weights of half precision
   * would round them away, and quantized ones cannot be changed.
   */
  private static void fold(MemoryPlan.Part part, LoraAdapters adapters) {
    if (part.loading().storageType() == StorageType.FLOAT32) {
      adapters.mergeUpTo(FOLDED_BYTES);
    }
  }

  /** Takes all LoRAs off, and frees those that were read from files. */
  void clearLoras() {
    // At once, not layer by layer with the others merged again each time.
    textEncoder.ifLoaded(LoraAdapters::unmerge);
    unet.ifLoaded(LoraAdapters::unmerge);
    for (AttachedLora lora : loras) {
      textEncoder.ifLoaded(lora::detach);
      unet.ifLoaded(lora::detach);
      lora.memory().close();
    }
    loras.clear();
  }

  /** Whether one of the LoRAs at work changes the text encoder. */
  boolean textEncoderIsChanged() {
    return loras.stream().anyMatch(lora -> lora.matrices().textEncoder() != null);
  }

  /** The LoRAs at work, with their matrices in memory. */
  List<Lora> loras() {
    return loras.stream().map(AttachedLora::inMemory).toList();
  }

  /** Each LoRA, hypernetwork and word at work with its settings, for the pictures' text. */
  List<String> adapterTexts() {
    List<String> texts = new ArrayList<>(loras.stream().map(AttachedLora::text).toList());
    hyperNetworks.forEach(one -> texts.add(one.text()));
    texts.addAll(words.texts());
    return texts;
  }

  /** A network in memory, and the LoRAs on it. */
  private record Loaded<T>(T network, LoraAdapters loras) {}

  /**
   * A network that is loaded when it is first asked for, and can be unloaded and loaded again.
   *
   * @param <T> the network
   */
  private static final class Part<T extends AutoCloseable> implements AutoCloseable {
    private final Supplier<Loaded<T>> loader;
    private final boolean mapped;
    private @Nullable Loaded<T> loaded;

    /**
     * @param mapped whether the network's weights are a file's pages
     */
    Part(Supplier<Loaded<T>> loader, boolean mapped) {
      this.loader = loader;
      this.mapped = mapped;
    }

    Loaded<T> load() {
      Loaded<T> now = loaded == null ? loader.get() : loaded;
      loaded = now;
      return now;
    }

    boolean isLoaded() {
      return loaded != null;
    }

    void ifLoaded(Consumer<LoraAdapters> change) {
      if (loaded != null) {
        change.accept(loaded.loras());
      }
    }

    /** Unloads the network, if it is loaded. */
    @Override
    public void close() {
      if (loaded == null) {
        return;
      }
      try {
        loaded.network().close();
      } catch (Exception e) {
        throw new IllegalStateException("A network could not be unloaded.", e);
      }
      loaded = null;
      if (mapped) {
        System.gc(); // Java gives a file's pages back when it finds that nothing refers to them
      }
    }
  }
}
