package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.weights.StorageType;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pipeline draws when its networks are held in other ways than whole and in float32. */
class PipelineOptionsTest {
  private static final ModelFolder TINY = ModelFolder.of(Golden.TINY);
  private static final Prompt SMALL =
      Prompt.of("蓝色头发的男孩").negative("模糊").seed(1).steps(3).size(32, 16);
  private static final Path LORA = Golden.path("lora_files/diffusers.safetensors");

  /** The prompt of the recorded pictures. */
  private static final Prompt RECORDED =
      Prompt.of("二次元，蓝色中分男孩，穿着黑色西装，在台上唱歌")
          .negative("丑陋、变形、嘈杂、模糊、低对比度")
          .seed(40)
          .cfgScale(4)
          .steps(8)
          .size(96, 64);

  private static int[] draw(PipelineOptions options, Prompt prompt) {
    try (KolorsPipeline pipeline = options.load(TINY)) {
      return pixels(pipeline.generate(prompt).image());
    }
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  /** Colours (height, width, 3) from 0 to 255, as diffusers drew them in float32. */
  private static float[] recordedColours() {
    try (NDManager manager = NDManager.newBaseManager();
        Golden golden = new Golden("pipeline", manager)) {
      return golden.get("euler.image").mul(255).toFloatArray();
    }
  }

  private static double meanDifference(int[] pixels, float[] colours) {
    double sum = 0;
    for (int i = 0; i < colours.length; i++) {
      sum += Math.abs((pixels[i / 3] >> 16 - 8 * (i % 3) & 0xff) - colours[i]);
    }
    return sum / colours.length;
  }

  @Test
  void withTheTextEncoderInEightBitsThePictureIsNearlyTheSame() {
    int[] drawn = draw(KolorsPipeline.options().textEncoder("int8"), RECORDED);
    assertThat(meanDifference(drawn, recordedColours())).isLessThan(2);
  }

  /** bfloat16 has 8 bits; diffusers' own picture in bfloat16 is off by 0.65 on average. */
  @Test
  void inBfloat16ThePictureIsTheOriginalsWithinItsResolution() {
    int[] drawn = draw(KolorsPipeline.options().precision("bf16"), RECORDED);
    assertThat(meanDifference(drawn, recordedColours())).isLessThan(1.3);
  }

  /** diffusers' own final latents in bfloat16 are off by 0.0145 of the largest value. */
  @Test
  void inBfloat16TheLatentsAreTheOriginalsWithinItsResolution() {
    try (NDManager manager = NDManager.newBaseManager();
        Golden golden = new Golden("pipeline", manager);
        KolorsPipeline pipeline = KolorsPipeline.options().precision("bf16").load(TINY)) {
      NDArray expected = golden.get("euler.final_latents");
      float[] latents = pipeline.generate(RECORDED).latents();
      NDArray actual = manager.create(latents, expected.getShape());
      Golden.assertClose("final latents", actual, expected, 3e-2);
    }
  }

  @Test
  void weightsHeldInHalfPrecisionComputeInFloat32IfTheyAreToldTo() {
    PipelineOptions half = KolorsPipeline.options().textEncoder("fp16").unet("fp16");
    assertThat(half.plan(TINY).unet().loading().precision()).isEqualTo(Precision.FLOAT32);
    // float16 rounds each weight to 11 bits, a tenth of what eight-bit weights may change.
    assertThat(meanDifference(draw(half, RECORDED), recordedColours())).isLessThan(0.5);
  }

  @Test
  void fromDiskThePictureIsTheSameBitForBit() {
    PipelineOptions disk = KolorsPipeline.options().textEncoder("disk").unet("disk");
    assertThat(draw(disk, SMALL)).isEqualTo(draw(KolorsPipeline.options(), SMALL));
    long whole = KolorsPipeline.options().plan(TINY).unet().bytes();
    assertThat(disk.plan(TINY).unet().bytes()).isLessThan(whole / 10);
  }

  /** One byte less than all together need: each fits, but not both. */
  private static PipelineOptions tight() {
    long together = KolorsPipeline.options().plan(TINY).peak();
    return KolorsPipeline.options().memory((together - 1) / (double) (1L << 30));
  }

  @Test
  void networksThatDoNotFitTogetherTakeTurnsAndDrawTheSame() {
    List<Prompt> prompts = List.of(SMALL, SMALL.text("红色头发的女孩"), SMALL.seed(2));
    try (KolorsPipeline whole = KolorsPipeline.load(TINY);
        KolorsPipeline turns = tight().load(TINY)) {
      assertThat(whole.plan().inTurn()).isFalse();
      assertThat(turns.plan().inTurn()).isTrue();
      assertThat(turns.plan().unet().loading().storageType()).isEqualTo(StorageType.FLOAT32);
      assertThat(turns.nativeArrays()).as("after loading").isLessThan(whole.nativeArrays() / 2);
      List<GeneratedPicture> expected = whole.generate(prompts);
      List<GeneratedPicture> drawn = turns.generate(prompts);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(pixels(drawn.get(i).image())).isEqualTo(pixels(expected.get(i).image()));
      }
      int arrays = turns.nativeArrays();
      turns.generate(SMALL.seed(3));
      assertThat(turns.nativeArrays()).as("the text encoder stayed out").isEqualTo(arrays);
      turns.textEncoder();
      assertThat(turns.nativeArrays()).as("the UNet left").isLessThan(arrays / 2);
    }
  }

  @Test
  void aUNetThatComesBackHasItsLorasAgain() {
    int[] plain = draw(KolorsPipeline.options(), SMALL);
    int[] changed;
    try (KolorsPipeline whole = KolorsPipeline.load(TINY)) {
      changed = pixels(whole.add(Lora.of(LORA).alpha(200)).generate(SMALL).image());
      assertThat(changed).isNotEqualTo(plain);
    }
    try (KolorsPipeline turns = tight().load(TINY)) {
      assertThatThrownBy(() -> turns.add(Lora.of(Golden.path("vae_ldm.safetensors")).alpha(1)))
          .isInstanceOf(LoraException.class);
      turns.add(Lora.of(LORA).alpha(200)); // before the UNet is there
      assertThat(pixels(turns.generate(SMALL).image())).isEqualTo(changed);
      turns.textEncoder(); // the UNet leaves
      GeneratedPicture again = turns.generate(SMALL);
      assertThat(pixels(again.image())).isEqualTo(changed);
      assertThat(again.adapters()).containsExactly("diffusers.safetensors, alpha 200.0");
      assertThat(pixels(turns.clearLoras().generate(SMALL).image())).isEqualTo(plain);
    }
  }

  @Test
  void aDecodingThatOverflowsIsMadeInFloat32() {
    try (NDManager manager = NDManager.newBaseManager();
        KolorsPipeline half = KolorsPipeline.options().precision("fp16").load(TINY);
        KolorsPipeline whole = KolorsPipeline.load(TINY)) {
      NDArray latents = new TorchRandom(1).randn(manager, new Shape(1, 4, 4, 4)).mul(3e5f);
      Golden.assertClose("decoded", half.decode(latents), whole.decode(latents), 1e-5);
    }
  }

  @Test
  void aUNetStepThatOverflowsIsMadeInFloat32() {
    try (KolorsPipeline half = KolorsPipeline.options().precision("fp16").unet("fp32").load(TINY);
        KolorsPipeline whole = KolorsPipeline.load(TINY);
        PromptEmbeddings encoded = whole.encodePrompt(SMALL);
        PromptEmbeddings large =
            new PromptEmbeddings(
                encoded.tokens().mul(1e6f), encoded.pooled().duplicate(), 0, List.of());
        NDArray expected = whole.denoise(SMALL.steps(1), large);
        NDArray actual = half.denoise(SMALL.steps(1), large)) {
      Golden.assertClose("latents", actual, expected, 1e-5);
    }
  }

  @Test
  void aModelThatFitsNowhereIsRefusedWithAdviceBeforeItIsLoaded() {
    assertThatThrownBy(() -> KolorsPipeline.options().memory(0.1).load(TINY))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("The text encoder does not fit")
        .hasMessageContaining("Close other programs");
    assertThatThrownBy(() -> KolorsPipeline.options().textEncoder("fp32").memory(0.1).load(TINY))
        .isInstanceOf(NotEnoughMemoryException.class)
        .hasMessageContaining("held as fp32")
        .hasMessageContaining("textEncoder(\"auto\")");
  }

  @Test
  void aPictureThatIsTooLargeToDrawIsRefusedWithAdvice() {
    try (KolorsPipeline pipeline = KolorsPipeline.load(TINY)) {
      Prompt vast = SMALL.size(1 << 20, 1 << 20);
      try (PromptEmbeddings embeddings = pipeline.encodePrompt(vast)) {
        assertThatThrownBy(() -> pipeline.denoise(vast, embeddings))
            .isInstanceOf(NotEnoughMemoryException.class)
            .hasMessageContaining("Draw a smaller one");
      }
    }
  }

  @Test
  void thePlanCountsWhatIsThenHeld() {
    MemoryPlan plan = KolorsPipeline.options().plan(TINY);
    try (KolorsPipeline pipeline = KolorsPipeline.load(TINY)) {
      long held =
          pipeline.unet().weights().tensors().values().stream()
              .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
              .sum();
      assertThat(plan.unet().bytes()).isEqualTo(held);
      assertThat(pipeline.plan()).isEqualTo(plan.withFree(pipeline.plan().free()));
    }
    assertThat(plan.toString())
        .contains("text encoder")
        .contains("held as fp32")
        .contains("all at once");
  }

  @Test
  void wrongOptionsAreNamedWithTheRightOnes() {
    PipelineOptions options = KolorsPipeline.options();
    assertThatThrownBy(() -> options.precision("half")).hasMessageContaining("fp32, bf16, fp16");
    assertThatThrownBy(() -> options.textEncoder("int2")).hasMessageContaining("int8, int4, disk");
    assertThatThrownBy(() -> options.unet("int8")).hasMessageContaining("text encoder");
    assertThatThrownBy(() -> options.device("tpu")).hasMessageContaining("auto, cpu, gpu");
    assertThatThrownBy(() -> options.tiles("yes")).hasMessageContaining("auto, on, off");
    assertThatThrownBy(() -> options.memory(-1)).hasMessageContaining("above 0");
  }

  @Test
  void aLargePictureIsDecodedInTilesIfThatIsAskedFor() {
    try (NDManager manager = NDManager.newBaseManager();
        KolorsPipeline tiled = KolorsPipeline.options().tiles("on").load(TINY);
        KolorsPipeline whole = KolorsPipeline.options().tiles("off").load(TINY)) {
      NDArray small = new TorchRandom(1).randn(manager, new Shape(1, 4, 8, 8));
      assertThat(tiled.decode(small)).isEqualTo(whole.decode(small));
      NDArray large = new TorchRandom(1).randn(manager, new Shape(1, 4, 8, 72));
      NDArray decoded = tiled.decode(large);
      assertThat(decoded.getShape()).isEqualTo(new Shape(1, 3, 64, 576));
      assertThat(decoded).isNotEqualTo(whole.decode(large));
    }
  }
}
