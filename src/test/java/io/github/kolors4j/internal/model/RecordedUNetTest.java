package io.github.kolors4j.internal.model;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A UNet that becomes one call computes what its layers compute one by one, bit for bit. */
class RecordedUNetTest {
  private final NDManager manager = NDManager.newBaseManager();
  private UNet unet;

  @BeforeEach
  void load() {
    unet = UNet.load(TINY.resolve("unet"), manager);
  }

  @AfterEach
  void free() {
    unet.close();
    manager.close();
  }

  private record Inputs(NDArray latents, NDArray timesteps, UNet.Conditioning conditioning) {}

  private Inputs inputs(int batch, int height, int width, int tokens, boolean biased) {
    UNetConfig config = unet.config();
    return new Inputs(
        manager.randomNormal(new Shape(batch, config.inChannels(), height, width)),
        manager.full(new Shape(batch), 500f),
        new UNet.Conditioning(
            manager.randomNormal(new Shape(batch, tokens, config.encoderHidDim())),
            manager.randomNormal(new Shape(batch, config.encoderHidDim())),
            manager.full(new Shape(batch, 6), 64f),
            biased ? manager.randomNormal(new Shape(batch, tokens)) : null));
  }

  private float[] recorded(Inputs in) {
    try (Gradients off = Gradients.disable();
        NDArray out = unet.forward(in.latents(), in.timesteps(), in.conditioning())) {
      return Precision.FLOAT32.convert(out).toFloatArray();
    }
  }

  private float[] layerByLayer(Inputs in) {
    try (Gradients off = Gradients.disable();
        NDArray out =
            unet.forward(in.latents(), in.timesteps(), in.conditioning(), Checkpointing.OFF)) {
      return Precision.FLOAT32.convert(out).toFloatArray();
    }
  }

  @Test
  void ofOneSizeItServesOthersToo() {
    recorded(inputs(1, 8, 8, 5, false));
    for (Inputs in :
        List.of(
            inputs(1, 8, 8, 5, false),
            inputs(2, 16, 8, 9, false),
            inputs(3, 10, 14, 1, false),
            inputs(2, 8, 8, 7, true),
            inputs(1, 12, 8, 3, true))) {
      assertThat(recorded(in)).isEqualTo(layerByLayer(in));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void eachPrecisionHasItsOwn(Precision precision) {
    Inputs wide = inputs(2, 8, 8, 4, true);
    recorded(wide);
    recorded(wide);
    Inputs in =
        new Inputs(precision.convert(wide.latents()), wide.timesteps(), wide.conditioning());
    for (int i = 0; i < 3; i++) {
      assertThat(recorded(in)).isEqualTo(layerByLayer(in));
    }
  }

  @Test
  void weightsThatAreChangedInPlaceAreSeen() {
    Inputs in = inputs(1, 8, 8, 4, false);
    recorded(in);
    float[] before = recorded(in);
    linear().weight().muli(2);
    assertThat(recorded(in)).isEqualTo(layerByLayer(in)).isNotEqualTo(before);
  }

  private AdaptableLayer linear() {
    return unet.adaptableLayers().entrySet().stream()
        .filter(layer -> layer.getKey().endsWith("attn2.to_out.0"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private LowRankUpdate update(@Nullable NDArray magnitude) {
    Shape shape = linear().weightShape();
    return new LowRankUpdate(
        manager.randomNormal(new Shape(2, shape.get(1))),
        manager.randomNormal(new Shape(shape.get(0), 2)),
        0.5,
        magnitude);
  }

  @Test
  void adaptersThatComeAndGoAreSeen() {
    Inputs in = inputs(1, 8, 8, 4, false);
    recorded(in);
    float[] without = recorded(in);
    linear().setUpdates(List.of(update(null)));
    for (int i = 0; i < 3; i++) {
      assertThat(recorded(in)).isEqualTo(layerByLayer(in)).isNotEqualTo(without);
    }
    linear().setUpdates(List.of(update(manager.ones(new Shape(linear().weightShape().get(0))))));
    for (int i = 0; i < 3; i++) {
      assertThat(recorded(in)).isEqualTo(layerByLayer(in)).isNotEqualTo(without);
    }
    linear().setUpdates(List.of());
    for (int i = 0; i < 3; i++) {
      assertThat(recorded(in)).isEqualTo(without);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void whatFollowsFromASteadyConditioningIsComputedOnceAndIsTheSame(Precision precision) {
    Inputs once = inputs(2, 8, 8, 4, true);
    try (NDManager picture = manager.newSubManager()) {
      NDArray text = once.conditioning().text().duplicate();
      text.attach(picture);
      UNet.Conditioning given = once.conditioning();
      UNet.Conditioning steady =
          new UNet.Conditioning(text, given.pooledText(), given.sizes(), given.textBias())
              .steadily();
      for (int step = 0; step < 4; step++) {
        NDArray latents = precision.convert(manager.randomNormal(new Shape(2, 4, 8, 8)));
        NDArray timesteps = manager.full(new Shape(2), 900f - 200 * step);
        assertThat(recorded(new Inputs(latents, timesteps, steady)))
            .isEqualTo(layerByLayer(new Inputs(latents, timesteps, given)));
        latents.close();
        timesteps.close();
      }
      // As the text is now, the keys and values are not: they are those of the first steps.
      Inputs changed = new Inputs(precision.convert(once.latents()), once.timesteps(), steady);
      float[] before = recorded(changed);
      text.muli(2);
      assertThat(recorded(changed)).isEqualTo(before).isNotEqualTo(layerByLayer(changed));
    }
  }

  @Test
  void aSteadyConditioningSeesAdaptersThatCome() {
    Inputs plain = inputs(1, 8, 8, 4, false);
    Inputs in = new Inputs(plain.latents(), plain.timesteps(), plain.conditioning().steadily());
    recorded(in);
    recorded(in);
    float[] without = recorded(in);
    linear().setUpdates(List.of(update(null)));
    for (int i = 0; i < 3; i++) {
      assertThat(recorded(in)).isEqualTo(layerByLayer(plain)).isNotEqualTo(without);
    }
  }

  @Test
  void whoWatchesAttentionSeesEachRun() {
    Inputs in = inputs(1, 8, 8, 4, false);
    recorded(in);
    recorded(in);
    List<Shape> seen = new ArrayList<>();
    Attention attention =
        unet.weights().layers(Attention.class).values().stream().findFirst().orElseThrow();
    attention.setObserver((query, key, heads, bias) -> seen.add(query.getShape()));
    recorded(in);
    recorded(in);
    recorded(in);
    assertThat(seen).hasSize(3);
    attention.setObserver(null);
    recorded(in);
    recorded(in);
    assertThat(seen).hasSize(3);
  }

  @Test
  void gradientsReachAdaptersAndWeightsAsTheyDoLayerByLayer() {
    Inputs in = inputs(2, 8, 8, 4, true);
    LowRankUpdate update = update(null);
    update.down().setRequiresGradient(true);
    update.up().setRequiresGradient(true);
    linear().setUpdates(List.of(update));
    List<float[]> first = gradients(in, update, false);
    gradients(in, update, true);
    for (int i = 0; i < 3; i++) {
      List<float[]> again = gradients(in, update, true);
      assertThat(again.get(0)).isEqualTo(first.get(0));
      assertThat(again.get(1)).isEqualTo(first.get(1));
    }
  }

  private List<float[]> gradients(Inputs in, LowRankUpdate update, boolean recorded) {
    try (NDManager scope = manager.newSubManager();
        Gradients on = Gradients.enable()) {
      NDArray latents = in.latents().duplicate();
      latents.attach(scope);
      NDArray out =
          recorded
              ? unet.forward(latents, in.timesteps(), in.conditioning())
              : unet.forward(latents, in.timesteps(), in.conditioning(), Checkpointing.OFF);
      Gradients.backward(out.square().mean());
      List<float[]> gradients = new ArrayList<>();
      for (NDArray parameter : List.of(update.down(), update.up())) {
        NDArray gradient = Objects.requireNonNull(Gradients.of(parameter));
        gradients.add(gradient.toFloatArray());
        gradient.subi(gradient.duplicate());
      }
      return gradients;
    }
  }
}
