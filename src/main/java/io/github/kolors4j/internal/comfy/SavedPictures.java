package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.image.PictureEncoder;
import io.github.kolors4j.internal.image.PngText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Pictures as files in one of ComfyUI's folders, numbered as ComfyUI does: {@code
 * PREFIX_00001_.png}. The prefix may name sub-folders, and {@code %width%}, {@code %height%},
 * {@code %year%}, {@code %month%}, {@code %day%}, {@code %hour%}, {@code %minute%}, {@code
 * %second%} and {@code %batch_num%} in it are filled in. Each file carries the prompt and the
 * workflow.
 */
public final class SavedPictures {
  /** As long as a keyword of a PNG file may be. */
  private static final int LONGEST_KEYWORD = 79;

  private final String type;
  private final NodeContext context;

  /**
   * @param type {@code output} or {@code temp}
   */
  public SavedPictures(String type, NodeContext context) {
    this.type = type;
    this.context = context;
  }

  /**
   * Saves them.
   *
   * @return for each {@code {filename, subfolder, type}}
   * @throws io.github.kolors4j.comfy.WorkflowException if the prefix leads out of the folder
   * @throws PictureException if the disk refuses
   */
  public JsonArray save(List<BufferedImage> pictures, String prefix) {
    Path root = context.folders().ofType(type);
    String filled = filled(prefix, pictures.get(0)).replace('\\', '/');
    Path place = ComfyFolders.confined(root, filled);
    boolean unnamed = filled.endsWith("/") || place.equals(root); // such as "", "." and "a/.."
    String name = unnamed ? "" : String.valueOf(place.getFileName());
    Path folder = unnamed ? place : place.resolveSibling("");
    JsonArray saved = new JsonArray();
    Map<String, String> texts = texts();
    int number = next(folder, name);
    for (int i = 0; i < pictures.size(); i++) {
      String file =
          "%s_%05d_.png".formatted(name.replace("%batch_num%", String.valueOf(i)), number + i);
      BufferedImage picture = pictures.get(i);
      try {
        AtomicFile.write(folder.resolve(file), out -> PictureEncoder.png(picture, texts, out));
      } catch (IOException e) {
        throw new PictureException(
            folder.resolve(file), "could not be written: " + e.getMessage(), e);
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("filename", file);
      entry.addProperty("subfolder", root.relativize(folder).toString().replace('\\', '/'));
      entry.addProperty("type", type);
      saved.add(entry);
    }
    return saved;
  }

  private static String filled(String prefix, BufferedImage picture) {
    LocalDateTime now = LocalDateTime.now();
    return prefix
        .replace("%width%", String.valueOf(picture.getWidth()))
        .replace("%height%", String.valueOf(picture.getHeight()))
        .replace("%year%", String.valueOf(now.getYear()))
        .replace("%month%", "%02d".formatted(now.getMonthValue()))
        .replace("%day%", "%02d".formatted(now.getDayOfMonth()))
        .replace("%hour%", "%02d".formatted(now.getHour()))
        .replace("%minute%", "%02d".formatted(now.getMinute()))
        .replace("%second%", "%02d".formatted(now.getSecond()));
  }

  /** One more than the highest number of the folder's files with this name. */
  private static int next(Path folder, String name) {
    if (!Files.isDirectory(folder)) {
      return 1;
    }
    Pattern numbered =
        Pattern.compile(Pattern.quote(name.toLowerCase(Locale.ROOT)) + "_(\\d{1,9})(?:_.*|\\..*)?");
    try (Stream<Path> files = Files.list(folder)) {
      return 1
          + files
              .map(file -> numbered.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT)))
              .filter(Matcher::matches)
              .mapToInt(match -> Integer.parseInt(match.group(1)))
              .max()
              .orElse(0);
    } catch (IOException e) {
      throw new PictureException(folder, "cannot be listed: " + e.getMessage(), e);
    }
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("prompt", PngText.asciiJson(ComfyJson.write(context.prompt())));
    context
        .extraPngInfo()
        .entrySet()
        .forEach(
            entry -> {
              String keyword = entry.getKey();
              if (keyword.matches("[ -~]{1," + LONGEST_KEYWORD + "}")) {
                texts.put(keyword, PngText.asciiJson(ComfyJson.write(entry.getValue())));
              } else {
                context.say("'%s' is no keyword of a PNG file: left out.".formatted(keyword));
              }
            });
    return texts;
  }
}
