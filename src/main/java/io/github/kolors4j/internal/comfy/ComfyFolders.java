package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.files.DeviceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * ComfyUI's folders, all below one: {@code input}, {@code output}, {@code temp}, {@code user} and
 * {@code models/…}. Names that come from outside are looked up here and nowhere else, so that none
 * leads out.
 *
 * @param base the folder around them
 */
public record ComfyFolders(Path base) {
  /** What {@link #ofType} knows. */
  public static final List<String> TYPES = List.of("input", "output", "temp");

  /** Makes the base absolute. */
  public ComfyFolders {
    base = base.toAbsolutePath().normalize();
  }

  /** The folder {@code comfyui} of the working folder. */
  public static ComfyFolders standard() {
    return new ComfyFolders(Path.of(System.getProperty("kolors4j.comfyui", "comfyui")));
  }

  /** What users upload. */
  public Path input() {
    return base.resolve("input");
  }

  /** What is saved. */
  public Path output() {
    return base.resolve("output");
  }

  /** What is shown but not kept. */
  public Path temp() {
    return base.resolve("temp");
  }

  /** Settings, workflows, queue and history. */
  public Path user() {
    return base.resolve("user");
  }

  /** A folder of models: {@code diffusers}, {@code vae}, {@code loras}, {@code LLM}. */
  public Path models(String kind) {
    return confined(base.resolve("models"), kind);
  }

  /**
   * The folder of a type, as the page names them.
   *
   * @param type {@code input}, {@code output} or {@code temp}
   * @throws WorkflowException if it is another
   */
  public Path ofType(String type) {
    return switch (type) {
      case "input" -> input();
      case "output" -> output();
      case "temp" -> temp();
      default ->
          throw new WorkflowException(
              "There is no folder '%s': it is input, output or temp.".formatted(type));
    };
  }

  /**
   * A name as a graph writes it, which may end in the folder that is meant: {@code a.png [output]}.
   *
   * @param name without that ending
   * @param type {@code input}, {@code output} or {@code temp}
   */
  public record Marked(String name, String type) {

    /**
     * Takes a name apart.
     *
     * @param otherwise the type if the name says none
     */
    public static Marked of(String name, String otherwise) {
      for (String type : TYPES) {
        String mark = " [" + type + "]";
        if (name.endsWith(mark)) {
          return new Marked(name.substring(0, name.length() - mark.length()), type);
        }
      }
      return new Marked(name, otherwise);
    }
  }

  /**
   * The place of a name within a folder, whether or not there is such a file.
   *
   * @param name may have sub-folders, parted by {@code /} or {@code \}
   * @throws WorkflowException if it leads out of the folder, also by way of a link
   */
  public static Path confined(Path folder, String name) {
    try {
      String plain = name.replace('\\', '/');
      if (plain.startsWith("/") || plain.indexOf('\0') >= 0 || plain.matches("(?s)[A-Za-z]:.*")) {
        throw outside(name);
      }
      if (Stream.of(plain.split("/")).anyMatch(DeviceName::isMisread)) {
        throw outside(name);
      }
      Path root = folder.toAbsolutePath().normalize();
      Path place = root.resolve(plain).normalize();
      if (!place.startsWith(root)) {
        throw outside(name);
      }
      Path there = place;
      while (!Files.exists(there) && !there.equals(root)) {
        if (Files.isSymbolicLink(there)) { // to what is not there: writing would make it, elsewhere
          throw outside(name);
        }
        there = Objects.requireNonNull(there.getParent()); // root is above
      }
      if (Files.exists(root) && !there.toRealPath().startsWith(root.toRealPath())) {
        throw outside(name);
      }
      return place;
    } catch (InvalidPathException | IOException e) {
      throw outside(name);
    }
  }

  private static WorkflowException outside(String name) {
    String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
    return new WorkflowException("'%s' is no name within its folder.".formatted(shown));
  }

  /** The names of the pictures to start from. */
  public List<String> inputPictures() {
    return names(
        input(), List.of(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"), 1);
  }

  /**
   * The files of a folder of models, with their sub-folders, sorted.
   *
   * @param endings in small letters
   */
  public List<String> modelFiles(String kind, List<String> endings) {
    return names(models(kind), endings, 8);
  }

  private static List<String> names(Path folder, List<String> endings, int depth) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> endings.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new WorkflowException("The folder %s cannot be read: %s".formatted(folder, e), e);
    }
  }
}
