package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.internal.files.ShownPath;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From the names of models in a graph to folders on this computer: ComfyUI's layout ({@code
 * models/diffusers/Kolors}, {@code models/vae}, {@code models/loras}, {@code models/LLM}), and
 * where {@link Hub} puts downloads. What is not here is downloaded if that is allowed, or else
 * kolors-mini takes its place.
 */
public final class ModelNames {
  /** The name under which the small model is offered. */
  public static final String MINI = "kolors-mini";

  /** The name that the published graphs have. */
  public static final String KOLORS = "Kwai-Kolors/Kolors";

  private static final String KOLORS_VAE = "SDXL-vae-fp16-fix";
  private static final List<String> WEIGHTS =
      List.of(".safetensors", ".ckpt", ".pt", ".pth", ".bin");

  private final ComfyFolders folders;

  /** The models of these folders. */
  public ModelNames(ComfyFolders folders) {
    this.folders = folders;
  }

  /**
   * A model that was found for a name.
   *
   * @param folder of the model
   * @param standIn whether it is kolors-mini in another's place
   * @param word what a person should know of it; empty if nothing
   */
  public record Found(ModelFolder folder, boolean standIn, String word) {

    /** Says the word, if there is one, on the node that asked. */
    public Found said(NodeContext context) {
      if (!word.isEmpty()) {
        context.say(word);
      }
      return this;
    }
  }

  /** What can be chosen as a Kolors: the published name, and what is on disk. */
  public static List<String> kolorsChoices(ComfyFolders folders) {
    Set<String> names = new LinkedHashSet<>(List.of(KOLORS));
    names.addAll(diffusersChoices(folders));
    return List.copyOf(names);
  }

  /** The folders with a whole model, as paths below {@code models/diffusers}, and kolors-mini. */
  public static List<String> diffusersChoices(ComfyFolders folders) {
    List<String> names = new ArrayList<>();
    Path root = folders.models("diffusers");
    if (Files.isDirectory(root)) {
      try (Stream<Path> found = Files.walk(root, 3)) {
        found
            .filter(ModelNames::isKolors)
            .map(folder -> root.relativize(folder).toString().replace('\\', '/'))
            .sorted()
            .forEach(names::add);
      } catch (IOException e) {
        throw new WorkflowException("The folder %s cannot be read: %s".formatted(root, e), e);
      }
    }
    if (mini().isPresent()) {
      names.add(MINI);
    }
    return names;
  }

  /** What can be chosen as an autoencoder. */
  public static List<String> vaeChoices(ComfyFolders folders) {
    Set<String> names = new LinkedHashSet<>(folders.modelFiles("vae", WEIGHTS));
    names.add("sdxl.vae.safetensors"); // the published graphs' name, for which another is taken
    if (mini().isPresent()) {
      names.add(MINI);
    }
    return List.copyOf(names);
  }

  /** What can be chosen as a LoRA. */
  public static List<String> loraChoices(ComfyFolders folders) {
    return folders.modelFiles("loras", WEIGHTS);
  }

  /** What can be chosen as a text encoder: folders below {@code models/LLM}, and kolors-mini's. */
  public static List<String> textEncoderChoices(ComfyFolders folders) {
    List<String> names = new ArrayList<>();
    for (String file : folders.modelFiles("LLM", List.of("config.json"))) {
      int end = file.lastIndexOf('/');
      if (end > 0) {
        names.add(file.substring(0, end));
      }
    }
    if (mini().isPresent()) {
      names.add(MINI);
    }
    return names;
  }

  private static boolean isKolors(Path folder) {
    return Files.isRegularFile(folder.resolve("unet/config.json"))
        && Files.isRegularFile(folder.resolve("scheduler/scheduler_config.json"))
        && Files.isDirectory(folder.resolve("text_encoder"));
  }

  private static Optional<ModelFolder> mini() {
    try {
      return Optional.of(ModelFolder.embedded());
    } catch (WeightsException e) {
      return Optional.empty(); // a library without its clone
    }
  }

  /**
   * The Kolors of a name.
   *
   * @throws WorkflowException if neither it nor kolors-mini is there
   */
  public Found kolors(String name) {
    if (name.equals(MINI)) {
      return new Found(ModelFolder.embedded(), false, "");
    }
    String last = name.substring(name.lastIndexOf('/') + 1);
    List<Path> places = new ArrayList<>();
    Path diffusers = folders.models("diffusers");
    places.add(ComfyFolders.confined(diffusers, name));
    places.add(ComfyFolders.confined(diffusers, last));
    if (name.equals(KOLORS)) {
      places.add(downloads().resolve("kolors").resolve("Kolors"));
      places.add(downloads().resolve("Kwai-Kolors").resolve("Kolors"));
    }
    for (Path place : places) {
      if (isKolors(place)) {
        return new Found(withVae(ModelFolder.of(place)), false, "");
      }
    }
    if (name.equals(KOLORS) && downloadsAllowed()) {
      return new Found(
          ModelFolder.of(Hub.modelScope().folder(downloads()).fetch("Kolors", KOLORS_VAE)),
          false,
          "");
    }
    ModelFolder mini =
        mini()
            .orElseThrow(
                () ->
                    new WorkflowException(
                        "There is no model '%s' in %s, and no kolors-mini to take its place. Download it with `kolors4j download Kolors`, or put it into %s."
                            .formatted(
                                name,
                                ShownPath.of(diffusers),
                                ShownPath.of(diffusers.resolve(last)))));
    return new Found(
        mini,
        true,
        "没有 models/diffusers/%s，改用 kolors-mini。(There is no models/diffusers/%s: kolors-mini is taken.)"
            .formatted(last, last));
  }

  /** In ComfyUI's layout a Kolors has no VAE of its own; one of {@code models/vae} serves it. */
  private ModelFolder withVae(ModelFolder folder) {
    if (Files.isRegularFile(folder.root().resolve("vae/config.json"))) {
      return folder;
    }
    return folders.modelFiles("vae", WEIGHTS).stream()
        .findFirst()
        .map(file -> folder.withVae(folders.models("vae").resolve(file)))
        .orElse(folder);
  }

  /** Where the hub puts what it downloads. */
  private static Path downloads() {
    return Path.of("models");
  }

  /** Whether a model that is not here may be downloaded. */
  private static boolean downloadsAllowed() {
    return Boolean.getBoolean("kolors4j.comfyui.download");
  }

  /**
   * The autoencoder of a name: a file of {@code models/vae}, or else that of Kolors or of
   * kolors-mini.
   */
  public Found vae(String name) {
    if (name.equals(MINI)) {
      return kolors(name);
    }
    Path file = ComfyFolders.confined(folders.models("vae"), name);
    Found kolors = kolors(KOLORS);
    if (Files.exists(file) && !kolors.standIn()) {
      return new Found(kolors.folder().withVae(file), false, "");
    }
    String why =
        Files.exists(file)
            ? "%s 属于 Kolors：用 kolors-mini 自己的 VAE。(%s is Kolors': kolors-mini's own VAE is taken.)"
            : kolors.standIn()
                ? "没有 %s：用 kolors-mini 的 VAE。(There is no %s: kolors-mini's VAE is taken.)"
                : "没有 %s：用模型自带的 VAE。(There is no %s: the model's own VAE is taken.)";
    return new Found(kolors.folder(), kolors.standIn(), why.formatted(name, name));
  }

  /** The text encoder of a name: a folder of {@code models/LLM}, or kolors-mini's. */
  public Found textEncoder(String name) {
    if (name.equals(MINI)) {
      return kolors(name);
    }
    Path folder = ComfyFolders.confined(folders.models("LLM"), name);
    Found kolors = kolors(KOLORS);
    if (kolors.standIn()) {
      return new Found(
          kolors.folder(),
          true,
          "%s 属于 Kolors：用 kolors-mini 自己的文本编码器。(%s is Kolors': kolors-mini's own text encoder is taken.)"
              .formatted(name, name));
    }
    return new Found(kolors.folder().withTextEncoder(folder), false, "");
  }

  /**
   * The file of a LoRA: a name in {@code models/loras}, or a path within the folder around the
   * models or the working folder. Of a path that is not there, as one from another computer, the
   * longest end that is there counts.
   *
   * @throws WorkflowException if there is none
   */
  public Path lora(String name) {
    List<Path> roots =
        List.of(folders.models("loras"), folders.base(), Path.of("").toAbsolutePath());
    String[] parts = name.replace('\\', '/').split("/+");
    for (int from = 0; from < parts.length; from++) {
      String end = String.join("/", List.of(parts).subList(from, parts.length));
      if (end.isEmpty() || end.startsWith("/") || end.matches("(?s)[A-Za-z]:.*")) {
        continue;
      }
      for (Path root : roots) {
        Path file = ComfyFolders.confined(root, end);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    List<String> known = loraChoices(folders);
    throw new WorkflowException(
        "There is no LoRA '%s'. It is looked for in %s, in %s and in the working folder %s; %s"
            .formatted(
                name,
                roots.get(0),
                roots.get(1),
                roots.get(2),
                known.isEmpty()
                    ? "models/loras has none."
                    : "models/loras has " + String.join(", ", known) + "."));
  }
}
