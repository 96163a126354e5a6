package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.weights.StorageType;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generator of full-size random weights, at the size of the tiny model. */
class FullSizeWeightsTest {
  @TempDir Path folder;

  @Test
  void whatTheGeneratorWritesLoadsAndDraws() throws Exception {
    Path model = folder.resolve("model");
    Process generator =
        new ProcessBuilder(
                "python3",
                "src/bench/python/full_size_weights.py",
                model.toString(),
                "--description",
                description().toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(generator.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(generator.waitFor()).as(output).isZero();
    try (TensorFile encoder = WeightFolder.open(model.resolve("text_encoder"))) {
      assertThat(encoder.toString()).contains("25 tensors in 2 files");
    }
    PipelineOptions options = KolorsPipeline.options().textEncoder("disk").unet("fp16");
    try (KolorsPipeline pipeline = options.load(ModelFolder.of(model))) {
      assertThat(pipeline.plan().textEncoder().loading().storageType()).isEqualTo(StorageType.DISK);
      GeneratedPicture picture = pipeline.generate(Prompt.of("猫").seed(0).steps(2).size(32, 32));
      for (float value : picture.latents()) {
        assertThat(value).isFinite();
      }
    }
  }

  private Path description() throws IOException {
    Path description = Files.createDirectories(folder.resolve("description"));
    Map<String, Map<String, long[]>> manifest = new LinkedHashMap<>();
    for (String part : List.of("unet", "vae", "text_encoder")) {
      Files.copy(
          Golden.TINY.resolve(part).resolve("config.json"),
          description.resolve(part + "_config.json"));
      Map<String, long[]> shapes = new LinkedHashMap<>();
      try (TensorFile file = WeightFolder.open(Golden.TINY.resolve(part))) {
        file.names().forEach(name -> shapes.put(name, file.info(name).shape().getShape()));
      }
      manifest.put(part, shapes);
    }
    Files.copy(
        Golden.TINY.resolve("scheduler/scheduler_config.json"),
        description.resolve("scheduler_config.json"));
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(description.resolve("manifest.json.gz"))),
            StandardCharsets.UTF_8)) {
      new Gson().toJson(manifest, out);
    }
    return description;
  }
}
