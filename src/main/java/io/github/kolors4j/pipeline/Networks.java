package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.UNetLayout;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.weights.Holding;
import io.github.kolors4j.internal.weights.Loading;
import io.github.kolors4j.lora.Lora;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The three networks of a pipeline, held as its plan says: all at once, or text encoder and UNet in
 * turn, each loaded when it is asked for after the other has left memory. A UNet that comes back
 * has its LoRAs again.
 */
final class Networks {
  private final ModelFolder folder;
  private final MemoryPlan plan;
  private final NDManager manager;
  private final ModelPart<ChatGlm> textEncoder;
  private final ModelPart<UNet> unet;
  private final Autoencoder vae;
  private final UNetNames layerNames;
  private final List<AttachedLora> loras = new ArrayList<>();

  /** Those of the UNet that is loaded now. */
  private LoraAdapters onUnet;

  /** Those of the text encoder that is loaded now. */
  private LoraAdapters onTextEncoder;

  /**
   * @param manager the parent of the weights' owners
   */
  Networks(ModelFolder folder, MemoryPlan plan, NDManager manager) {
    this.folder = folder;
    this.plan = plan;
    this.manager = manager;
    layerNames = new UNetNames(UNetLayout.read(folder.unetConfig().resolve("config.json")));
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
      onTextEncoder = LoraAdapters.on(loaded);
      loras.forEach(lora -> lora.attach(lora.matrices().textEncoder(), onTextEncoder));
      return loaded;
    }
  }

  private UNet loadUnet() {
    if (plan.inTurn()) {
      textEncoder.close();
    }
    try (Work loading = Work.begin("载入 UNet (loading the UNet)")) {
      UNet loaded = openUnet(plan.unet().loading());
      onUnet = LoraAdapters.on(loaded);
      loras.forEach(lora -> lora.attach(lora.matrices().unet(), onUnet));
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
    String name = lora.name();
    Set<String> used = loras.stream().map(AttachedLora::name).collect(Collectors.toSet());
    for (int i = 2; used.contains(name); i++) {
      name = lora.name() + " " + i;
    }
    return name;
  }

  private void attach(AttachedLora lora) {
    if (lora.matrices().textEncoder() != null) {
      textEncoder.get();
      lora.attach(lora.matrices().textEncoder(), onTextEncoder);
    }
    try {
      if (unet.isLoaded()) {
        lora.attach(lora.matrices().unet(), onUnet);
      } else if (lora.matrices().unet() != null) {
        // It waits for the UNet, but whether it fits is seen now.
        try (UNet look = openUnet(inFile())) {
          lora.attach(lora.matrices().unet(), LoraAdapters.on(look));
        }
      }
    } catch (RuntimeException e) {
      if (textEncoder.isLoaded()) {
        lora.detach(onTextEncoder);
      }
      throw e;
    }
    loras.add(lora);
  }

  /** Takes all LoRAs off, and frees those that were read from files. */
  void clearLoras() {
    for (AttachedLora lora : loras) {
      if (textEncoder.isLoaded()) {
        lora.detach(onTextEncoder);
      }
      if (unet.isLoaded()) {
        lora.detach(onUnet);
      }
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

  /** Each LoRA at work with its settings, for the pictures' text. */
  List<String> loraTexts() {
    return loras.stream().map(AttachedLora::text).toList();
  }
}
