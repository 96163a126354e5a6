import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.launch.ProgramStart;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A UNet with random weights at work; environment/gpu check runs it, and gpu_check.py beside it does
 * the same in Python.
 *
 * <pre>
 * GpuCheck denoise [--dry-run]   denoising steps a second, 1024×1024, two rows for guidance
 * GpuCheck train [--dry-run]     seconds for a LoRA training step, 1024×1024, with checkpointing
 * </pre>
 *
 * <p>A dry run takes a tiny UNet, in float32 on the processor.
 */
class GpuCheck {
  private static final int RANK = 16;

  private final UNetConfig config;
  private final DataType type;
  private final int side; // of the latents
  private final int steps; // that are measured, after two that warm up

  GpuCheck(boolean dry) {
    config =
        dry
            ? new UNetConfig(
                4,
                new int[] {16, 32},
                1,
                new boolean[] {false, true},
                new int[] {1, 1},
                new int[] {2, 4},
                32,
                64,
                8,
                64 + 6 * 8,
                8,
                1e-5,
                8)
            : new UNetConfig(
                4,
                new int[] {320, 640, 1280},
                2,
                new boolean[] {false, true, true},
                new int[] {1, 2, 10},
                new int[] {5, 10, 20},
                2048,
                4096,
                256,
                5632,
                32,
                1e-5,
                128);
    type = dry ? DataType.FLOAT32 : DataType.FLOAT16;
    side = dry ? 8 : 128;
    steps = dry ? 1 : 10;
  }

  public static void main(String[] args) {
    ProgramStart.ofCommand();
    boolean dry = args.length > 1 && args[1].equals("--dry-run");
    Device device = Engine.getInstance().defaultDevice();
    if (!dry && !device.isGpu()) {
      throw new IllegalStateException("The tensor library finds no GPU: see environment/doctor.");
    }
    GpuCheck check = new GpuCheck(dry);
    try (NDManager manager = NDManager.newBaseManager(device);
        UNet unet = check.unet(manager)) {
      double seconds =
          switch (args[0]) {
            case "denoise" -> check.denoise(unet, manager);
            case "train" -> check.train(unet, manager);
            default -> throw new IllegalArgumentException("denoise or train, not " + args[0]);
          };
      System.out.printf(
          Locale.ROOT,
          "%.3f s a step (%.2f a second) on %s, %s, latents %d×%d%n",
          seconds,
          1 / seconds,
          device,
          check.type,
          check.side,
          check.side);
    }
  }

  /** Weights as small as in a trained network, made where they are used. */
  private UNet unet(NDManager manager) {
    WeightSource random =
        new WeightSource() {
          @Override
          public Set<String> names() {
            return Set.of();
          }

          @Override
          public NDArray read(String name, Shape shape, NDManager owner) {
            return owner.randomNormal(0, 0.02f, shape, DataType.FLOAT32).toType(type, false);
          }
        };
    return new UNet(config, new Weights(random, manager.newSubManager()));
  }

  private NDArray noise(NDManager manager, long... shape) {
    return manager.randomNormal(new Shape(shape)).toType(type, false);
  }

  private UNet.Conditioning conditioning(NDManager manager, int rows) {
    return new UNet.Conditioning(
        noise(manager, rows, 256, config.encoderHidDim()),
        noise(manager, rows, config.encoderHidDim()),
        manager.zeros(new Shape(rows, 6)));
  }

  private double denoise(UNet unet, NDManager manager) {
    UNet.Conditioning conditioning = conditioning(manager, 2);
    NDArray latents = noise(manager, 2, 4, side, side);
    NDArray timesteps = manager.full(new Shape(2), 500f);
    return median(
        () -> {
          try (NDManager scope = manager.newSubManager();
              Gradients off = Gradients.disable()) {
            NDArray input = latents.duplicate();
            input.attach(scope); // what is computed from it is freed with it
            NDArray output = unet.forward(input, timesteps, conditioning, Checkpointing.OFF);
            requireNumbers(output); // waits for the GPU
          }
        });
  }

  private double train(UNet unet, NDManager manager) {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    unet.adaptableLayers()
        .forEach(
            (name, layer) -> {
              if (LoraAdapters.ATTENTION_PROJECTIONS.stream().anyMatch(name::endsWith)) {
                Shape weight = layer.weight().getShape();
                NDArray down =
                    manager.randomNormal(0, 0.02f, new Shape(RANK, weight.get(1)), DataType.FLOAT32);
                NDArray up = manager.zeros(new Shape(weight.get(0), RANK));
                layers.put(name, new LoraLayer(down, up));
                parameters.put(name + ".down", down);
                parameters.put(name + ".up", up);
              }
            });
    LoraAdapters.on(unet).attach("training", new LoraWeights(layers).withAlpha(4), 1);
    AdamW optimizer = new AdamW(parameters, AdamW.Settings.TORCH);
    UNet.Conditioning conditioning = conditioning(manager, 1);
    NDArray latents = noise(manager, 1, 4, side, side);
    NDArray target = noise(manager, 1, 4, side, side);
    NDArray timesteps = manager.full(new Shape(1), 500f);
    return median(
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            NDArray input = latents.duplicate();
            input.attach(scope);
            GradientCheckpointing checkpointing = new GradientCheckpointing();
            NDArray output = unet.forward(input, timesteps, conditioning, checkpointing);
            NDArray loss =
                checkpointing.backward(output, out -> TensorOperators.meanSquaredError(out, target));
            requireNumbers(loss);
            optimizer.step(1e-4, 1);
          }
        });
  }

  private double median(Runnable step) {
    double[] seconds = new double[steps];
    for (int i = -2; i < steps; i++) {
      long start = System.nanoTime();
      step.run();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[steps / 2];
  }

  private static void requireNumbers(NDArray array) {
    try (NDArray wide = TensorOperators.float32(array);
        NDArray sum = wide.sum()) {
      if (!Float.isFinite(sum.getFloat())) {
        throw new IllegalStateException("The result is not a number.");
      }
    }
  }
}
