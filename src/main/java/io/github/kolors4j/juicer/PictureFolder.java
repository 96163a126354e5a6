package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder of pictures as a data set: one sample a picture, in the order of the names, with the
 * caption from the {@code .txt} file of the same name beside it (kohya's layout), or an empty one.
 * They lie in the folder itself or, if none does, in its {@code train} folder.
 */
record PictureFolder(Path folder, Recipe recipe) implements RowSource {
  private static final List<String> ENDINGS =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp");

  static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  @Override
  public void read(Consumer<Row> sink) throws IOException {
    List<Path> pictures = picturesIn(folder);
    if (pictures.isEmpty()) {
      pictures = picturesIn(folder.resolve("train"));
    }
    int number = 0;
    for (Path picture : pictures) {
      double share = (double) ++number / pictures.size();
      sink.accept(new Row(number, 0, share, () -> row(picture)));
    }
  }

  private static List<Path> picturesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(PictureFolder::isPicture).sorted().toList();
    }
  }

  private JsonObject row(Path picture) {
    JsonArray list = new JsonArray();
    list.add(picture.toString());
    JsonObject row = new JsonObject();
    row.addProperty(recipe.textKeys().get(0), caption(picture));
    row.add(recipe.imageKey(), list);
    return row;
  }

  private static String caption(Path picture) {
    String name = picture.getFileName().toString();
    Path sidecar = picture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
    if (!Files.exists(sidecar)) {
      return "";
    }
    try {
      String caption = Files.readString(sidecar);
      return (caption.startsWith("\ufeff") ? caption.substring(1) : caption).strip();
    } catch (IOException e) {
      throw new RecipeException(
          "The caption " + sidecar + " cannot be read as UTF-8 text: " + e.getMessage(), e);
    }
  }
}
