package io.github.kolors4j.hub;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model that has a name of its own, after DiffSynth-Studio's {@code configs/model_config.py}.
 *
 * @param modelScope its name there
 * @param huggingFace its name there
 * @param folder where the course has it, below the folder of all models
 * @param files what must be there for the model to work
 * @param extras what is taken along if the repository has it: configurations and the tokenizer
 */
record CourseModel(
    String modelScope, String huggingFace, String folder, List<String> files, Set<String> extras) {
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  static final Map<String, CourseModel> BY_NAME =
      Map.of(
          "Kolors",
          new CourseModel(
              "Kwai-Kolors/Kolors",
              "Kwai-Kolors/Kolors",
              "kolors/Kolors",
              List.of(
                  "text_encoder/config.json",
                  "text_encoder/pytorch_model.bin.index.json",
                  "text_encoder/pytorch_model-00001-of-00007.bin",
                  "text_encoder/pytorch_model-00002-of-00007.bin",
                  "text_encoder/pytorch_model-00003-of-00007.bin",
                  "text_encoder/pytorch_model-00004-of-00007.bin",
                  "text_encoder/pytorch_model-00005-of-00007.bin",
                  "text_encoder/pytorch_model-00006-of-00007.bin",
                  "text_encoder/pytorch_model-00007-of-00007.bin",
                  "unet/" + WEIGHTS,
                  "vae/" + WEIGHTS),
              Set.of(
                  "model_index.json",
                  "scheduler/scheduler_config.json",
                  "text_encoder/tokenizer.model",
                  "text_encoder/tokenizer_config.json",
                  "tokenizer/tokenizer.model",
                  "tokenizer/tokenizer_config.json",
                  "unet/config.json",
                  "vae/config.json")),
          "SDXL-vae-fp16-fix",
          new CourseModel(
              "AI-ModelScope/sdxl-vae-fp16-fix",
              "madebyollin/sdxl-vae-fp16-fix",
              "sdxl-vae-fp16-fix",
              List.of(WEIGHTS),
              Set.of("config.json")));

  /** All names, in alphabetical order. */
  static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  boolean wants(String path) {
    return files.contains(path) || extras.contains(path);
  }
}
