package io.github.kolors4j.dataset;

import io.github.kolors4j.internal.dataset.TextEncoding;
import java.util.List;
import java.util.Locale;

/**
 * Where the captions of a folder of pictures are found, and how they are written.
 *
 * <pre>{@code
 * CaptionedImages.load(Path.of("cats"), CaptionSource.USUAL.column("prompt").encoding("GBK"))
 * }</pre>
 *
 * @param column the column of {@code metadata.csv}, or the key of {@code metadata.jsonl}
 * @param extensions the endings of the files beside pictures, with their dots, the preferred first
 * @param encoding of {@code metadata.csv}, {@code metadata.jsonl} and the files beside pictures
 */
public record CaptionSource(String column, List<String> extensions, TextEncoding encoding) {
  /** {@code text} in UTF-8; files in {@code .txt} (kohya) or else {@code .caption} (sd-scripts). */
  public static final CaptionSource USUAL =
      new CaptionSource("text", List.of(".txt", ".caption"), TextEncoding.UTF_8);

  /** Copies. */
  public CaptionSource {
    extensions = List.copyOf(extensions);
  }

  /** Same, with another column or key. */
  public CaptionSource column(String name) {
    return new CaptionSource(name, extensions, encoding);
  }

  /**
   * Same, with another ending of the files beside pictures.
   *
   * @param ending with its dot or without
   */
  public CaptionSource extension(String ending) {
    String dotted = ending.startsWith(".") ? ending : "." + ending;
    return new CaptionSource(column, List.of(dotted.toLowerCase(Locale.ROOT)), encoding);
  }

  /**
   * Same, with another encoding.
   *
   * @param name such as {@code GBK} or {@code ISO-8859-1}
   * @throws DatasetException if there is none of that name
   */
  public CaptionSource encoding(String name) {
    return new CaptionSource(column, extensions, TextEncoding.of(name));
  }
}
