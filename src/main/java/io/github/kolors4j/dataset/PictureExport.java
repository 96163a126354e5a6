package io.github.kolors4j.dataset;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.ShownPath;
import io.github.kolors4j.internal.progress.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an export wrote and what it had to leave out.
 *
 * @param folder where the pictures are
 * @param metadata the file that lists them with their captions
 * @param written the exported pictures with their captions, in order
 * @param skipped the pictures that do not decode
 * @param lying the pictures that lie on their side or are mirrored now: what their cameras noted of
 *     it (EXIF) was not followed, and is not in the exported files
 */
public record PictureExport(
    Path folder,
    Path metadata,
    List<CaptionedPicture> written,
    List<Skipped> skipped,
    List<Path> lying) {
  /**
   * A picture that was left out.
   *
   * @param file the picture
   * @param reason what is wrong with it
   */
  public record Skipped(Path file, String reason) {}

  private static final Pattern NAMES = Pattern.compile("\\d+\\.jpg|metadata\\.(csv|jsonl)");

  /** Copies. */
  public PictureExport {
    written = List.copyOf(written);
    skipped = List.copyOf(skipped);
    lying = List.copyOf(lying);
  }

  /**
   * Saves each picture in RGB as {@code folder/INDEX.jpg}, INDEX being its position in the list.
   * One that does not decode is skipped, and its number stays free. Pictures stay as they are
   * stored, as in the course: a photograph whose camera was turned lies on its side.
   *
   * @param upright whether each picture is turned as its camera was, as Pillow's {@code
   *     exif_transpose} does
   * @param heading what {@code metadata} begins with
   * @param line a picture's part of it
   * @throws DatasetException or {@link PictureException} if the disk refuses
   * @throws StoppedException if a person stopped it, or its thread was interrupted
   */
  public static PictureExport write(
      List<CaptionedPicture> pictures,
      Path folder,
      boolean upright,
      Path metadata,
      String heading,
      Function<CaptionedPicture, String> line) {
    Path absolute = folder.toAbsolutePath().normalize();
    AsideName.sweep(absolute, NAMES);
    List<Skipped> skipped = new ArrayList<>();
    List<CaptionedPicture> written = new ArrayList<>();
    List<Path> lying = new ArrayList<>();
    // Decoding and encoding take nearly all the time; the order of the results is kept.
    List<Optional<String>> problems;
    try (Work work = Work.begin("写出图片 (writing pictures)", "pictures", pictures.size())) {
      problems =
          IntStream.range(0, pictures.size())
              .parallel()
              .mapToObj(i -> writeOne(pictures.get(i), absolute, i + ".jpg", upright, work))
              .toList();
    }
    for (int i = 0; i < pictures.size(); i++) {
      CaptionedPicture picture = pictures.get(i);
      if (problems.get(i).isPresent()) {
        skipped.add(new Skipped(picture.file(), problems.get(i).get()));
      } else {
        if (!upright && PictureFile.isTurned(picture.file())) {
          lying.add(picture.file());
        }
        written.add(
            new CaptionedPicture(
                absolute.resolve(i + ".jpg"), picture.caption(), picture.attributes()));
      }
    }
    String lines = written.stream().map(line).collect(Collectors.joining());
    try {
      AtomicFile.writeText(metadata, heading + lines);
    } catch (IOException e) {
      throw new DatasetException(metadata + " cannot be written: " + e.getMessage(), e);
    }
    return new PictureExport(absolute, metadata, written, skipped, lying);
  }

  /** Empty if all went well, or what is wrong with the picture. */
  private static Optional<String> writeOne(
      CaptionedPicture picture, Path folder, String name, boolean upright, Work work) {
    if (work.stopRequested()) {
      throw new StoppedException(
          "写到一半停下了：%d 张里写好了 %d 张，在 %s；再运行一次，从头写。(Stopped after %d of %d pictures: run it again to write them all.)"
              .formatted(
                  work.total(), work.done(), ShownPath.of(folder), work.done(), work.total()));
    }
    java.awt.image.BufferedImage pixels;
    try {
      pixels = upright ? PictureFile.readUpright(picture.file()) : picture.read();
    } catch (PictureException e) {
      work.advance();
      return Optional.of(e.reason());
    }
    PictureFile.write(pixels, folder.resolve(name));
    work.advance();
    return Optional.empty();
  }

  /** The first lines of {@link #metadata}, with paths relative to the working directory. */
  public String preview(int lines) {
    try {
      return ShownPath.firstLines(metadata, lines);
    } catch (IOException e) {
      throw new DatasetException(metadata + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("已写出 ").append(written.size()).append(" 张图片到 ").append(ShownPath.of(folder));
    text.append(" (").append(written.size());
    text.append(written.size() == 1 ? " picture written)" : " pictures written)");
    for (Skipped one : skipped) {
      text.append("\n跳过 (skipped) ").append(one.file().getFileName());
      text.append(": ").append(one.reason());
    }
    if (!lying.isEmpty()) {
      text.append("\n注意：").append(lying.size()).append(" 张照片拍摄时相机是转过来的 (EXIF)，");
      text.append("和原课程一样照存储的样子写出，例如 ").append(lying.get(0).getFileName());
      text.append("；想让它们正过来，用 exportUpright (");
      text.append(
          lying.size() == 1
              ? "1 picture lies on its side as stored; exportUpright turns it)"
              : lying.size() + " pictures lie on their side as stored; exportUpright turns them)");
    }
    return text.toString();
  }
}
