package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pictures as PNG and JPEG. {@code ImageIO.write} would keep them in a file of the folder for
 * temporary files meanwhile, and lose them when that is full; here they stay in memory.
 */
public final class PictureEncoder {
  private static final float JPEG_QUALITY = 0.95f;
  private static final String PNG_METADATA = "javax_imageio_png_1.0";

  private PictureEncoder() {}

  /** Writes PNG to {@code out}, which is left open. */
  public static void png(BufferedImage picture, OutputStream out) throws IOException {
    png(picture, Map.of(), out);
  }

  /**
   * Same, with texts: those in ASCII as tEXt, as Pillow writes them and every reader knows them,
   * the others as iTXt in UTF-8.
   *
   * @param texts by their keywords, Latin letters
   */
  public static void png(BufferedImage picture, Map<String, String> texts, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      IIOMetadata metadata = null;
      if (!texts.isEmpty()) {
        ImageTypeSpecifier type = ImageTypeSpecifier.createFromRenderedImage(picture);
        metadata = writer.getDefaultImageMetadata(type, null);
        IIOMetadataNode root = new IIOMetadataNode(PNG_METADATA);
        root.appendChild(plainTexts(texts));
        root.appendChild(internationalTexts(texts));
        metadata.mergeTree(PNG_METADATA, root);
      }
      writer.setOutput(stream);
      writer.write(new IIOImage(picture, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  /** The bytes of a PNG file. */
  public static byte[] png(BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      png(picture, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Writes JPEG of quality 95 to {@code out}, which is left open; alpha is dropped. */
  public static void jpeg(BufferedImage picture, OutputStream out) throws IOException {
    jpeg(picture, JPEG_QUALITY, out);
  }

  /**
   * Writes JPEG to {@code out}, which is left open; alpha is dropped.
   *
   * @param quality from 0 to 1
   */
  public static void jpeg(BufferedImage picture, float quality, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(RgbConversion.toRgb(picture), null, null), parameters);
    } finally {
      writer.dispose();
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\n');
  }

  private static IIOMetadataNode plainTexts(Map<String, String> texts) {
    IIOMetadataNode node = new IIOMetadataNode("tEXt");
    texts.forEach(
        (keyword, text) -> {
          if (isAscii(text)) {
            IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("value", text);
            node.appendChild(entry);
          }
        });
    return node;
  }

  private static IIOMetadataNode internationalTexts(Map<String, String> texts) {
    IIOMetadataNode node = new IIOMetadataNode("iTXt");
    texts.forEach(
        (keyword, text) -> {
          if (!isAscii(text)) {
            IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("compressionFlag", "FALSE");
            entry.setAttribute("compressionMethod", "0");
            entry.setAttribute("languageTag", "");
            entry.setAttribute("translatedKeyword", "");
            entry.setAttribute("text", text);
            node.appendChild(entry);
          }
        });
    return node;
  }
}
