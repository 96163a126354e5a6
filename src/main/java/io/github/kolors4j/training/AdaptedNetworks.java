package io.github.kolors4j.training;

import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The networks of a training, with the one adapter that is on them. */
final class AdaptedNetworks {
  private final UNet unet;
  private final Optional<ChatGlm> textEncoder;
  private @Nullable Adapter attached;

  /**
   * @param textEncoder nothing if the backward pass does not go through it
   */
  AdaptedNetworks(UNet unet, Optional<ChatGlm> textEncoder) {
    this.unet = unet;
    this.textEncoder = textEncoder;
  }

  UNet unet() {
    return unet;
  }

  Optional<ChatGlm> textEncoder() {
    return textEncoder;
  }

  /** Puts an adapter onto the networks, in place of the one that is there. */
  void attach(Adapter adapter) {
    if (adapter == attached) {
      return;
    }
    if (attached != null) {
      attached.detach();
    }
    adapter.attach();
    attached = adapter;
  }
}
