package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of a TIFF mean. Those arrangements are read that Pillow knows ({@code OPEN_INFO}
 * in {@code TiffImagePlugin.py}), to the same colours; each other is refused.
 */
final class TiffSamples {
  private static final int WHITE_IS_ZERO = 0;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int INKS = 5;
  private static final int LUMA_CHROMA = 6;

  private static final int WHOLE = 1;
  private static final int SIGNED = 2;
  private static final int FRACTION = 3;
  private static final int COLOUR_MAP = 320;

  private enum Kind {
    GREY,
    INDEX,
    GREY_12,
    GREY_16,
    SIGNED_16,
    SIGNED_32,
    FLOAT_32,
    COLOURS,
    INKS,
    LUMA_CHROMA
  }

  private final Path file;
  private final TiffDirectory directory;
  private final Kind kind;
  private final int[] palette;
  private final boolean multiplied;

  /**
   * @throws PictureException if they are not read
   */
  TiffSamples(Path file, TiffDirectory directory, TiffFields fields) throws IOException {
    this.file = file;
    this.directory = directory;
    Kind known = kind();
    if (known == null) {
      int photometric = directory.photometric();
      throw unread(photometric >= 8 && photometric <= 10 ? ": they are of Lab colours" : "");
    }
    this.kind = known;
    boolean raw = directory.compression() == TiffCompression.NONE;
    if (raw && directory.planar()) {
      requirePlanes();
    }
    palette = kind == Kind.INDEX ? palette(fields) : new int[0];
    multiplied = kind == Kind.COLOURS && directory.extra().length > 0 && directory.extra()[0] == 1;
  }

  private PictureException unread(String why) {
    return new PictureException(
        file,
        String.format(
            "has samples that are not read%s (TIFF's photometric interpretation %d, bits %s,"
                + " format %d, extra samples %s%s)",
            why,
            directory.photometric(),
            Arrays.toString(directory.bits()),
            directory.format(),
            Arrays.toString(directory.extra()),
            directory.planar() ? ", in planes" : ""));
  }

  /** Null for those that are not read. */
  private @Nullable Kind kind() {
    int bits = directory.bits()[0];
    for (int other : directory.bits()) {
      if (other != bits) {
        return null;
      }
    }
    boolean colours = directory.photometric() == RGB || directory.photometric() == INKS;
    boolean sixteen = colours && bits == 16;
    boolean reversed = directory.reversed() && directory.compression() == TiffCompression.NONE;
    if (reversed && directory.samples() > 1 && directory.photometric() != RGB) {
      return null;
    }
    if (directory.samples() > 1 && (directory.format() != WHOLE || bits != 8 && !sixteen)) {
      return null;
    }
    return switch (directory.photometric()) {
      case WHITE_IS_ZERO, BLACK_IS_ZERO -> grey(bits, reversed);
      case RGB -> colours(bits, reversed);
      case PALETTE -> index(bits, reversed);
      case INKS -> extra(4, bits == 8 ? 2 : 0) ? Kind.INKS : null;
      case LUMA_CHROMA -> lumaChroma(bits);
      default -> null;
    };
  }

  /** Whether the samples beyond the colours are so many at most, and nothing at all. */
  private boolean extra(int colours, int most) {
    int count = directory.extra().length;
    return directory.samples() == colours + count
        && count <= most
        && Arrays.stream(directory.extra()).allMatch(kind -> kind == 0);
  }

  private @Nullable Kind grey(int bits, boolean reversed) {
    boolean blackIsZero = directory.photometric() == BLACK_IS_ZERO;
    boolean littleEndian = directory.order() == ByteOrder.LITTLE_ENDIAN;
    if (directory.samples() == 2) {
      boolean known =
          directory.extra().length == 1
              && directory.extra()[0] % 2 == 0
              && directory.extra()[0] <= 2;
      return known && blackIsZero ? Kind.GREY : null;
    }
    if (directory.samples() != 1 || directory.extra().length > 0) {
      return null;
    }
    if (directory.format() == FRACTION) {
      return bits == 32 && !directory.reversed() ? Kind.FLOAT_32 : null;
    }
    if (directory.format() == SIGNED) {
      Kind kind =
          switch (bits) {
            case 8 -> Kind.GREY;
            case 16 -> Kind.SIGNED_16;
            case 32 -> Kind.SIGNED_32;
            default -> null;
          };
      return blackIsZero && !directory.reversed() ? kind : null;
    }
    if (directory.format() != WHOLE) {
      return null;
    }
    return switch (bits) {
      case 1, 2, 4 -> Kind.GREY;
      case 8 -> reversed && !blackIsZero ? null : Kind.GREY;
      case 12 -> littleEndian && blackIsZero && !directory.reversed() ? Kind.GREY_12 : null;
      case 16 -> {
        boolean plain = !directory.reversed() && (littleEndian || blackIsZero);
        yield plain || littleEndian && blackIsZero ? Kind.GREY_16 : null;
      }
      case 32 -> littleEndian && blackIsZero && !directory.reversed() ? Kind.SIGNED_32 : null;
      default -> null;
    };
  }

  private @Nullable Kind colours(int bits, boolean reversed) {
    int[] extra = directory.extra();
    int count = extra.length;
    boolean named = count > 0 && (extra[0] <= 2 || extra[0] == 999 && bits == 8 && count == 1);
    boolean othersEmpty = count < 2 || Arrays.stream(extra, 1, count).allMatch(kind -> kind == 0);
    boolean known =
        switch (directory.samples()) {
          case 3 -> count == 0;
          case 4 -> count == 0 || count == 1 && named;
          case 5, 6 -> bits == 8 && count == directory.samples() - 3 && named && othersEmpty;
          default -> false;
        };
    boolean turned = directory.reversed() && (directory.samples() != 3 || bits != 8);
    return known && !turned ? Kind.COLOURS : null;
  }

  private @Nullable Kind index(int bits, boolean reversed) {
    int[] extra = directory.extra();
    if (directory.format() != WHOLE) {
      return null;
    }
    if (directory.samples() == 2) {
      return extra.length == 1 && (extra[0] == 0 || extra[0] == 2) ? Kind.INDEX : null;
    }
    boolean known = bits == 8 || !reversed && (bits == 1 || bits == 2 || bits == 4);
    return directory.samples() == 1 && extra.length == 0 && known ? Kind.INDEX : null;
  }

  private @Nullable Kind lumaChroma(int bits) {
    boolean known =
        bits == 8
            && directory.samples() == 3
            && directory.extra().length == 0
            && directory.format() == WHOLE
            && !directory.reversed()
            && !directory.planar();
    return known ? Kind.LUMA_CHROMA : null;
  }

  /** Pillow copies planes that are not compressed byte by byte. */
  private void requirePlanes() {
    boolean bytes = directory.bits()[0] == 8;
    boolean alone = directory.samples() == 1;
    boolean plain = directory.photometric() != WHITE_IS_ZERO && !directory.reversed();
    boolean known = bytes && plain && !(directory.extra().length > 0 && directory.extra()[0] == 1);
    boolean line =
        alone && directory.bits()[0] == 1 && plain && directory.photometric() == BLACK_IS_ZERO;
    if (!known && !line) {
      throw unread(" without compression");
    }
  }

  /** Indices beyond it stand for black, in Pillow. */
  private int[] palette(TiffFields fields) throws IOException {
    long[] map = fields.numbers(COLOUR_MAP);
    int count = map.length / 3;
    if (map.length == 0 || count > 256) {
      throw new PictureException(
          file, map.length == 0 ? "is damaged: its palette is missing" : "has too large a palette");
    }
    int[] rgb = new int[256];
    for (int i = 0; i < count; i++) {
      rgb[i] = (int) (map[i] / 256 << 16 | map[count + i] / 256 << 8 | map[2 * count + i] / 256);
    }
    return rgb;
  }

  /** Whether a JPEG's samples are to be turned into red, green and blue. */
  boolean lumaChroma() {
    return kind == Kind.LUMA_CHROMA;
  }

  /**
   * Turns a row of samples into pixels.
   *
   * @param row its bytes, the samples of a pixel beside each other
   */
  void unpack(byte[] row, int from, int count, int[] rgb, int to) {
    ByteBuffer numbers = ByteBuffer.wrap(row).order(directory.order());
    for (int x = 0; x < count; x++) {
      rgb[to + x] =
          switch (kind) {
            case GREY, INDEX -> small(row, from, x);
            case GREY_12 -> grey(twelve(row, from, x));
            case GREY_16 -> grey(numbers.getShort(from + 2 * x) & 0xffff);
            case SIGNED_16 -> grey(numbers.getShort(from + 2 * x));
            case SIGNED_32 -> grey(numbers.getInt(from + 4 * x));
            case FLOAT_32 -> grey((int) numbers.getFloat(from + 4 * x));
            case COLOURS -> colour(row, from, x);
            case INKS -> {
              int at = at(from, x);
              int step = directory.bits()[0] / 8;
              yield JpegInks.rgb(
                  row[at] & 0xff,
                  row[at + step] & 0xff,
                  row[at + 2 * step] & 0xff,
                  row[at + 3 * step] & 0xff);
            }
            case LUMA_CHROMA -> {
              int at = at(from, x);
              yield LumaChroma.toRgb(row[at] & 0xff, row[at + 1] & 0xff, row[at + 2] & 0xff);
            }
          };
    }
  }

  /** Pillow clips what is no byte. */
  private static int grey(int value) {
    return Math.max(0, Math.min(255, value)) * 0x010101;
  }

  private int small(byte[] row, int from, int x) {
    int bits = directory.bits()[0];
    int most = (1 << bits) - 1;
    int bit = x * directory.samples() * bits;
    int value = row[from + (bit >> 3)] >> (8 - bits - (bit & 7)) & most;
    if (kind == Kind.INDEX) {
      return palette[value];
    }
    int grey = directory.photometric() == WHITE_IS_ZERO ? most - value : value;
    return grey * (255 / most) * 0x010101;
  }

  private static int twelve(byte[] row, int from, int x) {
    int at = from + x * 3 / 2;
    int first = row[at] & 0xff;
    int second = row[at + 1] & 0xff;
    return x % 2 == 0 ? first << 4 | second >> 4 : (first & 15) << 8 | second;
  }

  /** Where the higher byte of a pixel's first sample is. */
  private int at(int from, int x) {
    int size = directory.bits()[0] / 8;
    boolean behind = size == 2 && directory.order() == ByteOrder.LITTLE_ENDIAN;
    return from + x * directory.samples() * size + (behind ? 1 : 0);
  }

  private int colour(byte[] row, int from, int x) {
    int step = directory.bits()[0] / 8;
    int at = at(from, x);
    int red = row[at] & 0xff;
    int green = row[at + step] & 0xff;
    int blue = row[at + 2 * step] & 0xff;
    if (multiplied) {
      int alpha = row[at + 3 * step] & 0xff;
      red = divided(red, alpha);
      green = divided(green, alpha);
      blue = divided(blue, alpha);
    }
    return red << 16 | green << 8 | blue;
  }

  private static int divided(int colour, int alpha) {
    return alpha == 0 ? 0 : Math.min(255, colour * 255 / alpha);
  }
}
