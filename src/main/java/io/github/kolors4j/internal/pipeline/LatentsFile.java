package io.github.kolors4j.internal.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * A safetensors file with the noise that a picture began as and the latents that it ended as, by
 * which runs in different programs are compared: whoever starts from the same {@code noise} should
 * end at the same {@code latents}.
 */
public final class LatentsFile {
  private static final String NOISE = "noise";
  private static final String LATENTS = "latents";

  private LatentsFile() {}

  /**
   * Reads what to start from: the tensor {@code noise}, or the only one of the file.
   *
   * @param shape what the picture takes: (1, channels, height / downscale, width / downscale)
   * @return the numbers in row-major order
   * @throws WeightsException if the file cannot be read, or has no such tensor of that shape
   */
  public static float[] readNoise(Path file, Shape shape) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file);
        NDManager manager = PyTorch.manager(Device.cpu())) {
      String name = NOISE;
      if (!tensors.names().contains(NOISE)) {
        if (tensors.names().size() != 1) {
          throw new WeightsException(
              "%s has no tensor \"noise\" to start from; it has %s."
                  .formatted(file, String.join(", ", tensors.names().stream().limit(10).toList())));
        }
        name = tensors.names().iterator().next();
      }
      Shape stored = tensors.info(name).shape();
      if (!stored.equals(shape)) {
        throw new WeightsException(
            "%s: \"%s\" has shape %s, but the picture takes %s: (1, channels, height / downscale, width / downscale)."
                .formatted(file, name, stored, shape));
      }
      NDArray noise = tensors.read(name, manager);
      float[] numbers = noise.toType(DataType.FLOAT32, false).toFloatArray();
      for (float number : numbers) {
        if (!Float.isFinite(number)) {
          throw new WeightsException(
              "%s: \"%s\" holds %s, from which only a black picture can come: save it again from normal numbers, such as torch.randn gives."
                  .formatted(file, name, number));
        }
      }
      return numbers;
    }
  }

  /**
   * Writes both beside the target and moves the file into place.
   *
   * @param noise standard normal, before the sampler scales it
   * @param latents as the UNet has them, after the last step
   * @param shape of both: (1, channels, height / downscale, width / downscale)
   */
  public static void write(Path file, float[] noise, float[] latents, Shape shape) {
    try (NDManager manager = PyTorch.manager(Device.cpu())) {
      SafetensorsWriter.write(
          file,
          Map.of(NOISE, manager.create(noise, shape), LATENTS, manager.create(latents, shape)));
    }
  }
}
