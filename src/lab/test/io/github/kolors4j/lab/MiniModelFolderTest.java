package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model's UNet, written again. */
class MiniModelFolderTest {
  private static final Path TINY = Golden.TINY.resolve("unet");
  private static final long SMALL = 100_000;

  @TempDir Path folder;

  @Test
  void aLargeUNetIsSpreadOverFilesThatDrawTheSamePicture() throws IOException {
    write(new MiniModelFolder(folder));
    assertThat(weightFiles()).containsExactly("diffusion_pytorch_model.safetensors");
    int[] whole = picture();

    write(new MiniModelFolder(folder, SMALL));
    List<String> files = weightFiles();
    assertThat(files)
        .hasSizeGreaterThan(3)
        .contains("diffusion_pytorch_model.safetensors.index.json")
        .doesNotContain("diffusion_pytorch_model.safetensors")
        .anyMatch(name -> name.startsWith("diffusion_pytorch_model-00001-of-"));
    for (String file : files) {
      assertThat(Files.size(folder.resolve("unet").resolve(file))).isLessThan(2 * SMALL);
    }
    assertThat(picture()).isEqualTo(whole);

    write(new MiniModelFolder(folder));
    assertThat(weightFiles()).containsExactly("diffusion_pytorch_model.safetensors");
  }

  @Test
  void noFileOfTheShippedModelIsOfMoreThanTwentyMegabytes() throws IOException {
    assertThat(MiniModelFolder.MAX_FILE_BYTES).isLessThan(20_000_000);
    try (Stream<Path> files = Files.walk(Path.of("data/models/kolors-mini"))) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(Files.size(file)).isLessThan(20_000_000));
    }
  }

  private void write(MiniModelFolder target) {
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile tiny = WeightFolder.open(TINY)) {
      Map<String, NDArray> weights = new LinkedHashMap<>();
      tiny.names().forEach(name -> weights.put(name, tiny.read(name, manager)));
      target.writeUNet(UNetConfig.read(TINY), 8, weights);
    }
  }

  private List<String> weightFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("unet"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("safetensors"))
          .sorted()
          .toList();
    }
  }

  private int[] picture() {
    ModelFolder model = ModelFolder.of(Golden.TINY).withUnet(folder.resolve("unet"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(model)) {
      return pipeline
          .generate(Prompt.of("猫").seed(0).steps(1).size(16, 16))
          .image()
          .getRGB(0, 0, 16, 16, null, 0, 16);
    }
  }
}
