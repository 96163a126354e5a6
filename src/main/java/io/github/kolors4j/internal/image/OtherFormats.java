package io.github.kolors4j.internal.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Names files by their first bytes that are none of the pictures that are read. */
final class OtherFormats {
  private static final int LOOKED_AT = 512;

  /** What Pillow and other programs can turn into PNG. */
  private static final Map<String, String> PICTURES =
      Map.ofEntries(
          Map.entry("\0\0\1\0", "an icon (ICO)"),
          Map.entry("\0\0\2\0", "a mouse pointer (CUR)"),
          Map.entry("\0\0\0\fjP  ", "a JPEG 2000 picture"),
          Map.entry("\u00ff\u004f\u00ff\u0051", "a JPEG 2000 picture"),
          Map.entry("\u00ff\n", "a JPEG XL picture"),
          Map.entry("\0\0\0\fJXL ", "a JPEG XL picture"),
          Map.entry("\u00ff\u00d8\u00ff\u00f7", "a JPEG-LS picture"),
          Map.entry("8BPS", "a Photoshop picture (PSD)"),
          Map.entry("icns", "an icon of macOS (ICNS)"),
          Map.entry("DDS ", "a DirectDraw picture (DDS)"),
          Map.entry("qoif", "a QOI picture"),
          Map.entry("\1\u00da", "an SGI picture"),
          Map.entry("BLP", "a Blizzard picture (BLP)"),
          Map.entry("%!PS", "PostScript (EPS)"),
          Map.entry("%PDF", "a PDF document"),
          Map.entry("Image type:", "an IFUNC picture (IM)"),
          Map.entry("DanM", "a Windows Paint picture (MSP)"),
          Map.entry("LinS", "a Windows Paint picture (MSP)"),
          Map.entry("#define", "an X bitmap (XBM)"),
          Map.entry("/* XPM */", "an X pixmap (XPM)"),
          Map.entry("<svg", "an SVG drawing"),
          Map.entry("gimp xcf", "a picture of GIMP (XCF)"),
          Map.entry("\u00d7\u00cd\u00c6\u009a", "a Windows metafile (WMF)"));

  private static final Map<String, String> OTHERS =
      Map.of(
          "version https://git-lfs", "a pointer of Git LFS: run `git lfs pull` for the picture",
          "<!doctype html", "a web page: the download went wrong",
          "<html", "a web page: the download went wrong",
          "{\"", "JSON text, perhaps a server's answer: the download went wrong",
          "PK\3\4", "a zip archive: unpack it",
          "\u001f\u008b", "compressed with gzip: unpack it",
          "Rar!", "a RAR archive: unpack it",
          "7z\u00bc\u00af", "a 7-Zip archive: unpack it",
          "\u001aE\u00df\u00a3", "a video (Matroska)");

  private OtherFormats() {}

  /** What the file is and what to do, as the end of a sentence that begins with its name. */
  static String describe(RandomAccessFile in) throws IOException {
    byte[] bytes = new byte[(int) Math.min(LOOKED_AT, in.length())];
    in.seek(0);
    in.readFully(bytes);
    String start = new String(bytes, StandardCharsets.ISO_8859_1);
    String picture = picture(start, in);
    if (!picture.isEmpty()) {
      return "is " + picture + ", which is not read: save it as PNG with another program";
    }
    if (start.startsWith("ftyp", 4)) {
      return "is no picture but a video (MP4)";
    }
    String text = start.stripLeading().toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      if (start.startsWith(other.getKey()) || text.startsWith(other.getKey())) {
        return "is no picture but " + other.getValue();
      }
    }
    if (start.chars().allMatch(c -> c == 0)) {
      return "is no picture: it begins with zeros alone (a download that was broken off?)";
    }
    return "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture (its first bytes match none)";
  }

  private static String picture(String start, RandomAccessFile in) throws IOException {
    if (isTarga(in)) {
      return "a Targa picture (TGA)";
    }
    for (Map.Entry<String, String> known : PICTURES.entrySet()) {
      if (start.startsWith(known.getKey())) {
        return known.getValue();
      }
    }
    if (start.startsWith("ftyp", 4)) {
      String brands = start.substring(8, Math.min(start.length(), 40));
      if (brands.startsWith("avif") || brands.startsWith("avis")) {
        return "an AVIF picture";
      }
      if (brands.matches("(?s)(hei.|hev.|mif1|msf1).*")) {
        return "a HEIC picture, as iPhones take them";
      }
    }
    if (start.matches("(?s)P[1-7][\\s#].*")) {
      return "a Netpbm picture (PBM, PGM, PPM or PAM)";
    }
    if (start.matches("(?s)P[fF][\\s#].*")) {
      return "a picture of fractions (PFM)";
    }
    if (start.matches("(?s)\n[\0\2\3\4\5]\1[\1\2\4\b].*")) {
      return "a PC Paintbrush picture (PCX)";
    }
    if (start.matches("(?s)<\\?xml.*<svg.*")) {
      return "an SVG drawing";
    }
    if (start.matches("(?s)[\f(@lp|8]\0\0\0.{8}\1\0.*")) {
      return "a bitmap without its file header (DIB)";
    }
    return "";
  }

  /** Which is marked at its end, if at all. */
  private static boolean isTarga(RandomAccessFile in) throws IOException {
    byte[] end = new byte[18];
    if (in.length() < end.length) {
      return false;
    }
    in.seek(in.length() - end.length);
    in.readFully(end);
    return new String(end, StandardCharsets.ISO_8859_1).startsWith("TRUEVISION-XFILE");
  }
}
