package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.dataset.CaptionSource;
import io.github.kolors4j.internal.dataset.PictureListing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A folder of pictures as a data set: one sample a picture, in the order of the names, with the
 * caption from the {@code .txt} or {@code .caption} file of the same name beside it (kohya's
 * layout), or an empty one. They lie in the folder itself or, if none does, in its {@code train}
 * folder.
 */
final class PictureFolder implements RowSource {
  private static final int SHOWN = 3;

  private final Path folder;
  private final Recipe recipe;
  private final CaptionSource source;
  private final AtomicInteger without = new AtomicInteger();
  private List<Path> within = List.of();
  private int number;

  PictureFolder(Path folder, Recipe recipe) {
    this.folder = folder;
    this.recipe = recipe;
    this.source =
        new CaptionSource(
            recipe.textKeys().get(0), CaptionSource.USUAL.extensions(), recipe.encoding());
  }

  @Override
  public void read(Consumer<Row> sink) throws IOException {
    PictureListing here = PictureListing.of(folder);
    Path place = here.pictures().isEmpty() ? folder.resolve("train") : folder;
    PictureListing listing = here.pictures().isEmpty() ? PictureListing.of(place) : here;
    within = PictureListing.foldersWithPictures(place);
    List<Path> pictures = listing.pictures();
    if (pictures.isEmpty()) {
      throw new RecipeException(
          "The folder %s has pictures only in folders within it, such as %s. Name one that has them."
              .formatted(folder, shown(PictureListing.foldersWithPictures(folder))));
    }
    for (Path picture : pictures) {
      double share = (double) ++number / pictures.size();
      sink.accept(new Row(number, 0, share, () -> row(picture, listing)));
    }
  }

  @Override
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (without.get() > 0) {
      notices.add(
          "%2$d 张图片中有 %1$d 张没有描述 (%1$d of %2$d pictures have no caption; looked for files of their names with %3$s)"
              .formatted(without.get(), number, String.join(", ", source.extensions())));
    }
    if (!within.isEmpty()) {
      notices.add(
          "子文件夹里的图片没有读取：%1$s (pictures of folders within are not read: %1$s)"
              .formatted(shown(within)));
    }
    return notices;
  }

  private static String shown(List<Path> folders) {
    return folders.stream().map(Path::toString).limit(SHOWN).collect(Collectors.joining(", "))
        + (folders.size() > SHOWN ? ", …" : "");
  }

  private JsonObject row(Path picture, PictureListing listing) {
    JsonArray list = new JsonArray();
    list.add(picture.toString());
    JsonObject row = new JsonObject();
    row.addProperty(source.column(), caption(picture, listing));
    row.add(recipe.imageKey(), list);
    return row;
  }

  private String caption(Path picture, PictureListing listing) {
    try {
      Optional<PictureListing.Caption> caption = listing.caption(picture, source);
      String text = caption.map(PictureListing.Caption::text).orElse("");
      if (text.isEmpty()) {
        without.incrementAndGet();
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
