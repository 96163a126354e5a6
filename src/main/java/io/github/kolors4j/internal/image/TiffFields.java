package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The numbers in the first directory of a TIFF or BigTIFF, or of EXIF data, which are laid out as
 * one.
 */
final class TiffFields {
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;
  private static final int UNDEFINED = 7;
  private static final int LONG8 = 16;
  private static final int BIG_TIFF = 43;

  /** The most numbers of a field: as many as a picture has strips or tiles. */
  private static final int MOST = 1_000_000;

  private final Path file;
  private final RandomAccessFile in;
  private final long start;
  private final ByteOrder order;
  private final boolean big;
  private final Map<Integer, Field> fields = new HashMap<>();

  /**
   * Where a field's numbers are.
   *
   * @param at the place in the file where the numbers are if there is room for them, else their
   *     place
   */
  private record Field(int type, long count, long at) {
    int size() {
      return switch (type) {
        case BYTE, UNDEFINED -> 1;
        case SHORT -> 2;
        case RATIONAL, LONG8 -> 8;
        default -> 4;
      };
    }
  }

  /**
   * Reads which fields there are.
   *
   * @param start where the TIFF begins in the file; its places count from there
   * @throws PictureException if one is there twice: decoders differ in which they take
   */
  TiffFields(Path file, RandomAccessFile in, long start) throws IOException {
    this.file = file;
    this.in = in;
    this.start = start;
    in.seek(start);
    boolean bigEndian = in.readUnsignedByte() == 'M';
    order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    in.seek(start + 2);
    big = PictureHeader.u16(in, bigEndian) == BIG_TIFF;
    in.seek(start + (big ? 8 : 4));
    seek(place());
    long count = big ? place() : PictureHeader.u16(in, bigEndian);
    if (count < 0 || count > 1 << 16) {
      throw new PictureException(file, "is damaged: it claims " + count + " fields");
    }
    for (int i = 0; i < count; i++) {
      int tag = PictureHeader.u16(in, bigEndian);
      int type = PictureHeader.u16(in, bigEndian);
      Field field = new Field(type, place(), in.getFilePointer());
      if (fields.put(tag, field) != null) {
        throw new PictureException(file, "is damaged: it has field " + tag + " twice");
      }
      in.seek(field.at + room());
    }
  }

  ByteOrder order() {
    return order;
  }

  /** Whether places have eight bytes. */
  boolean big() {
    return big;
  }

  private int room() {
    return big ? 8 : 4;
  }

  private long place() throws IOException {
    boolean bigEndian = order == ByteOrder.BIG_ENDIAN;
    if (!big) {
      return PictureHeader.u32(in, bigEndian);
    }
    long value = in.readLong();
    return bigEndian ? value : Long.reverseBytes(value);
  }

  private void seek(long place) throws IOException {
    if (place < 0 || place > in.length()) {
      throw new PictureException(file, "is truncated: its header points behind its end");
    }
    in.seek(start + place);
  }

  boolean has(int tag) {
    return fields.containsKey(tag);
  }

  /** A field's first number. */
  long number(int tag, long otherwise) throws IOException {
    long[] numbers = numbers(tag);
    return numbers.length == 0 ? otherwise : numbers[0];
  }

  /** Same, for a number that sizes or counts something here. */
  int small(int tag, int otherwise) throws IOException {
    long number = number(tag, otherwise);
    return number < 0 ? Integer.MAX_VALUE : (int) Math.min(number, Integer.MAX_VALUE);
  }

  /**
   * A field's numbers; none if it is missing.
   *
   * @throws PictureException if it holds something else, or claims more than the file can hold
   */
  long[] numbers(int tag) throws IOException {
    Field field = fields.get(tag);
    if (field == null) {
      return new long[0];
    }
    boolean whole =
        field.type == BYTE || field.type == SHORT || field.type == LONG || field.type == LONG8;
    if (!whole) {
      throw new PictureException(file, "is damaged: its field " + tag + " holds no whole numbers");
    }
    ByteBuffer buffer = content(field);
    long[] numbers = new long[(int) field.count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (field.type) {
            case BYTE -> buffer.get() & 0xff;
            case SHORT -> Short.toUnsignedInt(buffer.getShort());
            case LONG -> Integer.toUnsignedLong(buffer.getInt());
            default -> buffer.getLong();
          };
    }
    return numbers;
  }

  /** A field's bytes; none if it is missing. */
  byte[] bytes(int tag) throws IOException {
    Field field = fields.get(tag);
    return field == null || field.size() != 1 ? new byte[0] : content(field).array();
  }

  /** A field's fractions; none if it is missing. */
  double[] fractions(int tag) throws IOException {
    Field field = fields.get(tag);
    if (field == null || field.type != RATIONAL) {
      return new double[0];
    }
    ByteBuffer buffer = content(field);
    double[] fractions = new double[(int) field.count];
    for (int i = 0; i < fractions.length; i++) {
      double above = Integer.toUnsignedLong(buffer.getInt());
      fractions[i] = above / Integer.toUnsignedLong(buffer.getInt());
    }
    return fractions;
  }

  private ByteBuffer content(Field field) throws IOException {
    if (field.count < 0 || field.count > MOST || field.count * field.size() > in.length()) {
      throw new PictureException(file, "is truncated: its header is longer than the file");
    }
    byte[] bytes = new byte[(int) field.count * field.size()];
    in.seek(field.at);
    if (bytes.length > room()) {
      seek(place());
    }
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(order);
  }
}
