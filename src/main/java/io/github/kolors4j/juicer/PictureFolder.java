package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder of pictures as a data set: one sample a picture, in the order of the names, with the
 * caption from the {@code .txt} file of the same name beside it (kohya's layout), or an empty one.
 */
record PictureFolder(Path folder, Recipe recipe) implements RowSource {
  private static final List<String> ENDINGS =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp");

  static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  @Override
  public void read(Sink sink) throws IOException {
    List<Path> pictures;
    try (Stream<Path> files = Files.list(folder)) {
      pictures = files.filter(PictureFolder::isPicture).sorted().toList();
    }
    int number = 0;
    for (Path picture : pictures) {
      String name = picture.getFileName().toString();
      Path sidecar = picture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
      String caption = Files.exists(sidecar) ? Files.readString(sidecar) : "";
      JsonArray list = new JsonArray();
      list.add(picture.toString());
      JsonObject row = new JsonObject();
      row.addProperty(
          recipe.textKeys().get(0),
          (caption.startsWith("\ufeff") ? caption.substring(1) : caption).strip());
      row.add(recipe.imageKey(), list);
      sink.accept(++number, row);
    }
  }
}
