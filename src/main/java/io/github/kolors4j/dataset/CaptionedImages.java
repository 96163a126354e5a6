package io.github.kolors4j.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.files.ShippedData;
import io.github.kolors4j.internal.image.PictureHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A set of captioned pictures, in a fixed order.
 *
 * <pre>{@code
 * var pictures = CaptionedImages.load("kolors4j/avatars");
 * pictures.gallery(12)
 * pictures.summary()
 * pictures.export(Path.of("data/lora_dataset"))
 * }</pre>
 */
public final class CaptionedImages implements Iterable<CaptionedPicture> {
  /** The set that comes with the project. */
  private static final String AVATARS = "kolors4j/avatars";

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private final String name;
  private final List<CaptionedPicture> pictures;
  private final List<String> notices;
  private final String lookedFor;

  private CaptionedImages(String name, ImageFolder.Content content) {
    this.name = name;
    this.pictures = List.copyOf(content.pictures());
    this.notices = content.notices();
    this.lookedFor = content.lookedFor();
  }

  private static CaptionedImages read(
      String name, Path folder, CaptionSource source, boolean ours) {
    return new CaptionedImages(name, new ImageFolder(folder, source, ours).read());
  }

  /**
   * The set of that name: {@code "kolors4j/avatars"} comes with the project, in a checkout or on
   * the class path; anything else is taken for a folder.
   *
   * @throws DatasetException if it is not there
   */
  public static CaptionedImages load(String name) {
    if (name.equals(AVATARS)) {
      Path folder = ShippedData.AVATARS.folder(DatasetException::new);
      return read(name, folder, CaptionSource.USUAL, true);
    }
    if (!Files.isDirectory(Path.of(name))) {
      throw new DatasetException(
          "There is no picture set "
              + name
              + ". The project ships "
              + AVATARS
              + "; a set of your own is loaded by its folder: CaptionedImages.load(Path.of(…)).");
    }
    return load(Path.of(name));
  }

  /**
   * The set in a folder: with {@code metadata.jsonl} or {@code metadata.csv} ({@code file_name},
   * {@code text}), or pictures with their captions in {@code .txt} or {@code .caption} files of the
   * same names. Pictures without captions are part of it; how many there are, {@link #notices} say.
   *
   * @throws DatasetException if the folder is missing or empty, or its metadata is damaged (the
   *     line is named)
   */
  public static CaptionedImages load(Path folder) {
    return load(folder, CaptionSource.USUAL);
  }

  /** Same, with captions under another name, in other files, or in another encoding. */
  public static CaptionedImages load(Path folder, CaptionSource source) {
    return read(folder.toString(), folder, source, true);
  }

  /**
   * A data set of ModelScope: its files are downloaded to {@code data/hub} of the working directory
   * if they are not there yet, and its pictures unpacked.
   *
   * <pre>{@code
   * CaptionedImages.load("AI-ModelScope/lowres_anime", "default", "train")
   * }</pre>
   *
   * @param name {@code owner/name}
   * @param subset as the hub's page names it, often {@code default}
   * @param split such as {@code train}
   * @throws io.github.kolors4j.hub.HubException if it cannot be downloaded
   * @throws DatasetException if it has no such subset, split or no pictures
   */
  public static CaptionedImages load(String name, String subset, String split) {
    return load(name, subset, split, Path.of("data", "hub"));
  }

  /**
   * Same, below another folder than {@code data/hub}: the course's {@code cache_dir}.
   *
   * <pre>{@code
   * CaptionedImages.load("AI-ModelScope/lowres_anime", "default", "train", Path.of("/mnt/workspace/kolors/data"))
   * }</pre>
   */
  public static CaptionedImages load(String name, String subset, String split, Path cacheDir) {
    return load(Hub.modelScope().folder(cacheDir), name, subset, split);
  }

  /** Same, from a hub with settings of its own, such as Hugging Face, into its folder. */
  public static CaptionedImages load(Hub hub, String name, String subset, String split) {
    return load(hub, name, subset, split, CaptionSource.USUAL);
  }

  /** Same, with captions under another name or in another encoding. */
  public static CaptionedImages load(
      Hub hub, String name, String subset, String split, CaptionSource source) {
    Path folder = new HubDataset(hub, name, subset, split, source).fetch();
    // What was unpacked is in UTF-8.
    boolean unpacked = Files.exists(folder.resolve(HubDataset.ORIGIN));
    CaptionSource there = unpacked ? CaptionSource.USUAL.column(source.column()) : source;
    return read(name + " " + split, folder, there, false);
  }

  /** A set of the given pictures, which may be none. */
  public static CaptionedImages of(String name, List<CaptionedPicture> pictures) {
    return new CaptionedImages(name, new ImageFolder.Content(pictures, List.of(), ""));
  }

  /** The number of pictures. */
  public int size() {
    return pictures.size();
  }

  /** All pictures. */
  public List<CaptionedPicture> pictures() {
    return pictures;
  }

  /**
   * What a person should know of the set, in words: how many pictures have no caption and where one
   * was looked for, which files were passed over.
   */
  public List<String> notices() {
    return notices;
  }

  /**
   * Makes sure that there is something to learn from.
   *
   * @throws DatasetException if none of the pictures has a caption; it says where they were looked
   *     for
   */
  public void requireCaptions() {
    if (pictures.stream().allMatch(picture -> picture.caption().isBlank())) {
      throw new DatasetException(
          "None of the "
              + size()
              + " pictures of "
              + name
              + " has a caption"
              + (lookedFor.isEmpty() ? "" : "; looked for " + lookedFor)
              + ". Write a .txt file beside each picture, or say where the captions are:"
              + " --caption_column, --caption_extension; captionColumn(…), captionExtension(…). To"
              + " train without any, drop all of them: --caption_dropout 1, captionDropout(1).");
    }
  }

  /** The picture at a position, counted from 0. */
  public CaptionedPicture get(int index) {
    return pictures.get(index);
  }

  /** How many captions have a word in them. */
  public int countCaptions(String word) {
    return (int) pictures.stream().filter(picture -> picture.caption().contains(word)).count();
  }

  @Override
  public Iterator<CaptionedPicture> iterator() {
    return pictures.iterator();
  }

  /**
   * Up to {@code count} pictures, evenly spread over the set, with their captions. A picture that
   * does not decode is shown as a grey card with the reason.
   */
  public Gallery gallery(int count) {
    int shown = Math.min(count, size());
    List<CaptionedPicture> chosen = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      chosen.add(pictures.get((int) ((long) i * size() / shown)));
    }
    return Gallery.of(chosen);
  }

  /**
   * Saves every picture as {@code folder/train/0.jpg}, {@code 1.jpg}, … in RGB, and {@code
   * folder/metadata.jsonl} with {@code {"text": …, "image": [absolute path]}} a line: the course's
   * step 3. Broken pictures are skipped and named in the report.
   */
  public PictureExport export(Path folder) {
    return export(folder, folder.resolve("metadata.jsonl"));
  }

  /**
   * As {@link #export(Path)}, with each picture turned as its camera was held (EXIF), where the
   * course leaves it lying on its side.
   */
  public PictureExport exportUpright(Path folder) {
    return export(folder, folder.resolve("metadata.jsonl"), true);
  }

  /** As {@link #export(Path)}, with the metadata where a recipe expects it. */
  public PictureExport export(Path folder, Path metadata) {
    return export(folder, metadata, false);
  }

  private PictureExport export(Path folder, Path metadata, boolean upright) {
    return PictureExport.write(
        pictures, folder.resolve("train"), upright, metadata, "", CaptionedImages::metadataLine);
  }

  private static String metadataLine(CaptionedPicture picture) {
    String text = JSON.toJson(picture.caption());
    String file = JSON.toJson(picture.file().toString());
    return "{\"text\": " + text + ", \"image\": [" + file + "]}\n";
  }

  /**
   * One row a picture: {@code file, format, image_width, image_height, aspect_ratio (width /
   * height), bytes, caption, caption_length (characters), problem}. Sizes come from the headers
   * alone. A file that is no picture has missing sizes, and the reason as its {@code problem}.
   */
  public Table table() {
    StringColumn file = StringColumn.create("file");
    StringColumn format = StringColumn.create("format");
    IntColumn width = IntColumn.create("image_width");
    IntColumn height = IntColumn.create("image_height");
    DoubleColumn ratio = DoubleColumn.create("aspect_ratio");
    LongColumn bytes = LongColumn.create("bytes");
    StringColumn caption = StringColumn.create("caption");
    IntColumn length = IntColumn.create("caption_length");
    StringColumn problem = StringColumn.create("problem");
    for (CaptionedPicture picture : pictures) {
      file.append(picture.file().getFileName().toString());
      caption.append(picture.caption());
      length.append(picture.caption().codePointCount(0, picture.caption().length()));
      bytes.append(picture.file().toFile().length());
      try {
        PictureHeader header = PictureHeader.read(picture.file());
        format.append(header.format());
        width.append(header.width());
        height.append(header.height());
        ratio.append(header.aspectRatio());
        problem.append("");
      } catch (PictureException e) {
        format.appendMissing();
        width.appendMissing();
        height.appendMissing();
        ratio.appendMissing();
        problem.append(e.reason());
      }
    }
    return Table.create(name, file, format, width, height, ratio, bytes, caption, length, problem);
  }

  /**
   * The numeric columns of {@link #table} in short, as pandas' {@code describe()}: {@code
   * statistic} and a column for each, with the rows count, missing, mean, std, min, 25%, 50%, 75%
   * and max. What is missing, the sizes of files that are no pictures, counts in {@code missing}
   * alone.
   */
  public Table summary() {
    return SetSummary.of(table());
  }

  @Override
  public String toString() {
    String first = name + "：" + size() + " 张图片 (" + size() + " pictures)";
    return notices.isEmpty() ? first : first + "\n  " + String.join("\n  ", notices);
  }
}
