package io.github.kolors4j.internal.lora;

import static io.github.kolors4j.Golden.TINY;
import static io.github.kolors4j.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.lora.LoraException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Adapters on the tiny UNet, against what peft computes. */
class LoraAdaptersTest {
  private static final String LAYER = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q";

  private final NDManager manager = NDManager.newBaseManager();
  private Golden lora;
  private Golden golden;
  private UNet unet;
  private LoraAdapters adapters;

  @BeforeEach
  void load() {
    lora = new Golden("lora", manager);
    golden = new Golden("unet", manager);
    unet = UNet.load(TINY.resolve("unet"), manager);
    adapters = LoraAdapters.on(unet);
  }

  @AfterEach
  void free() {
    golden.close();
    lora.close();
    manager.close();
  }

  @Test
  void theOutputIsThatOfPeftAtBothAlphas() {
    adapters.attach("trained", weights().withAlpha(4), 1);
    assertClose("alpha 4", forward(), lora.get("forward.alpha4"), 1e-5);
    adapters.detach("trained");
    adapters.attach("trained", weights().withAlpha(2), 1);
    assertClose("alpha 2", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void aWeightOfOneHalfIsTheSameAsHalfTheAlpha() {
    adapters.attach("trained", weights().withAlpha(4), 1);
    adapters.setWeight("trained", 0.5);
    assertClose("half", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void aStrengthThatChangesBetweenTwoCallsIsTheSameAsAnotherAlpha() {
    NDArray strength = manager.create(1f);
    adapters.attach("trained", weights().withAlpha(4), 1, strength);
    for (int call = 0; call < 3; call++) { // the second is recorded, the third runs the record
      assertClose("full", forward(), lora.get("forward.alpha4"), 1e-5);
    }
    TensorOperators.copy(manager.create(0.5f), strength);
    assertClose("half", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void alphaIsTheFilesOwnIfNoneIsGiven() {
    adapters.attach("trained", weights().withAlpha(2), 1);
    assertClose("alpha 2", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void severalAdaptersAddUp() {
    LoraWeights weights = weights();
    adapters.attach("one", weights.withAlpha(1), 1);
    adapters.attach("two", weights.withAlpha(1.5), 2);
    assertThat(adapters.names()).containsExactly("one", "two");
    assertClose("1 + 1.5 * 2", forward(), lora.get("forward.alpha4"), 1e-5);
    adapters.setWeight("one", -1);
    assertClose("-1 + 1.5 * 2", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void withoutAdaptersTheNetworkIsTheOldOne() {
    float[] before = forward().toFloatArray();
    adapters.attach("trained", weights().withAlpha(4), 1);
    adapters.detach("trained");
    assertThat(forward().toFloatArray()).isEqualTo(before);
    assertThat(adapters.names()).isEmpty();
  }

  @Test
  void mergedAdaptersGiveTheSameOutputAndUnmergingRestoresEveryBit() {
    Map<String, float[]> before = values();
    adapters.attach("trained", weights().withAlpha(4), 1);
    adapters.merge();
    assertThat(adapters.merged()).isTrue();
    assertThat(unet.adaptableLayers().get(LAYER).updates()).isEmpty();
    assertClose("merged", forward(), lora.get("forward.alpha4"), 1e-5);
    adapters.setWeight("trained", 0.5);
    assertClose("changed while merged", forward(), lora.get("forward.alpha2"), 1e-5);
    adapters.unmerge();
    assertThat(unet.adaptableLayers().get(LAYER).updates()).hasSize(1);
    values().forEach((name, now) -> assertThat(now).as(name).isEqualTo(before.get(name)));
    assertClose("unmerged", forward(), lora.get("forward.alpha2"), 1e-5);
  }

  @Test
  void adaptersAreMergedWhereTheCopiesAreSmallAndStandBesideTheWeightsElsewhere() {
    adapters.mergeUpTo(Long.MAX_VALUE);
    assertThat(adapters.merged()).as("nothing to merge").isFalse();
    adapters.attach("trained", weights().withAlpha(4), 1);
    long copies = 0;
    for (String layer : weights().layers().keySet()) {
      copies += Float.BYTES * unet.adaptableLayers().get(layer).weight().size();
    }
    adapters.mergeUpTo(copies);
    assertThat(adapters.merged()).isTrue();
    assertClose("merged", forward(), lora.get("forward.alpha4"), 1e-5);
    adapters.mergeUpTo(copies - 1);
    assertThat(adapters.merged()).isFalse();
    assertThat(unet.adaptableLayers().get(LAYER).updates()).hasSize(1);
    assertClose("beside", forward(), lora.get("forward.alpha4"), 1e-5);
  }

  @Test
  void detachingWhileMergedRestoresTheWeights() {
    Map<String, float[]> before = values();
    adapters.attach("trained", weights().withAlpha(4), 1);
    adapters.merge();
    adapters.detach("trained");
    values().forEach((name, now) -> assertThat(now).as(name).isEqualTo(before.get(name)));
  }

  @Test
  void aKeyWithoutALayerIsNamedWithTheNearestOne() {
    LoraLayer layer = weights().layers().get(LAYER);
    LoraWeights wrong =
        new LoraWeights(
            Map.of(LAYER.replace("transformer_blocks.0", "transformer_blocks.7"), layer));
    assertThatThrownBy(() -> adapters.attach("other", wrong.withAlpha(4), 1))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("'other'")
        .hasMessageContaining("transformer_blocks.7")
        .hasMessageContaining("the nearest is")
        .hasMessageContaining("attn1.to_q'");
    assertThat(adapters.names()).isEmpty();
  }

  @Test
  void matricesOfAnotherShapeAreNamedWithTheLayersShape() {
    LoraLayer layer = new LoraLayer(manager.ones(shape(4, 48)), manager.ones(shape(64, 4)));
    assertThatThrownBy(
            () -> adapters.attach("other", new LoraWeights(Map.of(LAYER, layer)).withAlpha(4), 1))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining(LAYER)
        .hasMessageContaining("(4, 48)")
        .hasMessageContaining("(64, 64)");
  }

  @Test
  void aNormalisationTakesNoAdapter() {
    LoraLayer layer = new LoraLayer(manager.ones(shape(4, 48)), manager.ones(shape(64, 4)));
    assertThatThrownBy(
            () ->
                adapters.attach(
                    "other", new LoraWeights(Map.of("conv_norm_out", layer)).withAlpha(4), 1))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("'conv_norm_out' is no linear layer and no convolution");
  }

  @Test
  void anAlphaThatNobodyStatesIsAskedForBeforeAnythingChanges() {
    assertThatThrownBy(() -> adapters.attach("trained", weights(), 1))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("alpha");
    assertThat(adapters.names()).isEmpty();
    assertThat(unet.adaptableLayers().get(LAYER).updates()).isEmpty();
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    adapters.attach("anime", weights().withAlpha(4), 1);
    assertThatThrownBy(() -> adapters.setWeight("amine", 1)).hasMessageContaining("[anime]");
    assertThatThrownBy(() -> adapters.attach("anime", weights().withAlpha(4), 1))
        .hasMessageContaining("attached already");
  }

  private static Shape shape(long... sizes) {
    return new Shape(sizes);
  }

  private LoraWeights weights() {
    UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
    return LoraFile.read(Golden.path("lora_files/peft_names.ckpt"), manager, names);
  }

  private Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    unet.adaptableLayers()
        .forEach((name, layer) -> values.put(name, layer.weight().toFloatArray()));
    return values;
  }

  private NDArray forward() {
    return unet.forward(
        golden.get("square.sample"),
        golden.get("square.timestep"),
        new UNet.Conditioning(
            golden.get("square.encoder_hidden_states"),
            golden.get("square.text_embeds"),
            golden.get("square.time_ids")));
  }
}
