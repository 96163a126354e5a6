package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.weights.Holding;
import io.github.kolors4j.internal.weights.Loading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The three networks of a pipeline, held as its plan says: all at once, or text encoder and UNet in
 * turn, each loaded when it is asked for after the other has left memory. A UNet that comes back
 * has its adapters again.
 */
final class Networks {
  private final ModelFolder folder;
  private final MemoryPlan plan;
  private final NDManager manager;
  private final ModelPart<ChatGlm> textEncoder;
  private final ModelPart<UNet> unet;
  private final Autoencoder vae;
  private final Map<String, Adapter> adapters = new LinkedHashMap<>();

  private final List<Adapter> textAdapters = new ArrayList<>();

  /** Those of the UNet that is loaded now. */
  private LoraAdapters attached;

  /** Those of the text encoder that is loaded now. */
  private LoraAdapters attachedToText;

  /**
   * An adapter with its settings.
   *
   * @param text name and settings for the pictures' text; empty for a part of a LoRA that is listed
   *     already
   */
  private record Adapter(LoraWeights weights, double alpha, double weight, String text) {}

  /**
   * @param manager the parent of the weights' owners
   */
  Networks(ModelFolder folder, MemoryPlan plan, NDManager manager) {
    this.folder = folder;
    this.plan = plan;
    this.manager = manager;
    textEncoder = new ModelPart<>(this::loadTextEncoder, isMapped(plan.textEncoder()));
    unet = new ModelPart<>(this::loadUnet, isMapped(plan.unet()));
    vae =
        Autoencoder.load(
            AutoencoderConfig.read(folder.vaeConfig()),
            folder.vae(),
            manager,
            plan.vae().loading());
    if (plan.inTurn()) {
      // What is wrong with one shows now, not after the other has been loaded and used.
      ChatGlm.load(folder.textEncoder(), manager, inFile()).close();
      openUnet(inFile()).close();
    } else {
      textEncoder.get();
      unet.get();
    }
  }

  private static boolean isMapped(MemoryPlan.Part part) {
    return part.loading().holding() == Holding.DISK;
  }

  /** To look at a network without taking memory for it. */
  private static Loading inFile() {
    return new Loading(Precision.FLOAT32, Holding.DISK);
  }

  private ChatGlm loadTextEncoder() {
    if (plan.inTurn()) {
      unet.close();
    }
    try (Work loading = Work.begin("载入文本编码器 (loading the text encoder)")) {
      ChatGlm loaded = ChatGlm.load(folder.textEncoder(), manager, plan.textEncoder().loading());
      attachedToText = LoraAdapters.on(loaded);
      textAdapters.forEach(this::attachNext);
      return loaded;
    }
  }

  private UNet loadUnet() {
    if (plan.inTurn()) {
      textEncoder.close();
    }
    try (Work loading = Work.begin("载入 UNet (loading the UNet)")) {
      UNet loaded = openUnet(plan.unet().loading());
      attached = LoraAdapters.on(loaded);
      adapters.forEach((name, a) -> attached.attach(name, a.weights(), a.alpha(), a.weight()));
      return loaded;
    }
  }

  private UNet openUnet(Loading loading) {
    return UNet.load(UNetConfig.read(folder.unetConfig()), folder.unet(), manager, loading);
  }

  ChatGlm textEncoder() {
    return textEncoder.get();
  }

  UNet unet() {
    return unet.get();
  }

  Autoencoder vae() {
    return vae;
  }

  /**
   * Adds a LoRA to the UNet, the text encoder or both: to all or to none.
   *
   * @param wanted its name
   * @throws io.github.kolors4j.lora.LoraException if it does not fit
   */
  void attach(String wanted, ModelLora lora, double alpha, double weight) {
    LoraWeights unetWeights = lora.unet();
    if (lora.textEncoder() != null) {
      String text =
          unetWeights == null
              ? settings(wanted + " (text encoder)", lora.textEncoder(), alpha, weight)
              : "";
      attachToText(new Adapter(lora.textEncoder(), alpha, weight, text));
    }
    if (unetWeights == null) {
      return;
    }
    try {
      attach(wanted, unetWeights, alpha, weight);
    } catch (RuntimeException e) {
      if (lora.textEncoder() != null) {
        textAdapters.remove(textAdapters.size() - 1);
        if (textEncoder.isLoaded()) {
          attachedToText.detach(attachedToText.names().get(attachedToText.names().size() - 1));
        }
      }
      throw e;
    }
  }

  /**
   * Adds an adapter to the UNet.
   *
   * @param wanted its name, which gets a number if it is taken
   * @throws io.github.kolors4j.lora.LoraException if it does not fit the UNet
   */
  private void attach(String wanted, LoraWeights weights, double alpha, double weight) {
    String name = wanted;
    for (int i = 2; adapters.containsKey(name); i++) {
      name = wanted + " " + i;
    }
    if (unet.isLoaded()) {
      attached.attach(name, weights, alpha, weight);
    } else {
      // It waits for the UNet, but whether it fits is seen now.
      try (UNet look = openUnet(inFile())) {
        LoraAdapters.on(look).attach(name, weights, alpha, weight);
      }
    }
    adapters.put(
        name, new Adapter(weights, alpha, weight, settings(wanted, weights, alpha, weight)));
  }

  private static String settings(String name, LoraWeights weights, double alpha, double weight) {
    double stated = Double.isNaN(alpha) ? weights.alpha().orElse(Double.NaN) : alpha;
    String settings = Double.isNaN(stated) ? "" : ", alpha " + stated;
    return name + settings + (weight == 1 ? "" : ", weight " + weight);
  }

  private void attachToText(Adapter adapter) {
    textEncoder.get();
    attachNext(adapter);
    textAdapters.add(adapter);
  }

  private void attachNext(Adapter adapter) {
    String name = "LoRA " + (attachedToText.names().size() + 1);
    attachedToText.attach(name, adapter.weights(), adapter.alpha(), adapter.weight());
  }

  /** Whether the text encoder has adapters. */
  boolean hasTextAdapters() {
    return !textAdapters.isEmpty();
  }

  /** Takes all adapters off. */
  void detachAll() {
    if (textEncoder.isLoaded()) {
      List.copyOf(attachedToText.names()).forEach(attachedToText::detach);
    }
    textAdapters.clear();
    if (unet.isLoaded()) {
      adapters.keySet().forEach(attached::detach);
    }
    adapters.clear();
  }

  /** Each attached adapter with its settings, for the pictures' text. */
  List<String> adapterTexts() {
    return Stream.concat(adapters.values().stream(), textAdapters.stream())
        .map(Adapter::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
