package io.github.kolors4j.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The numbers in the first directory of a TIFF, or of EXIF data, which are laid out as one. */
final class TiffFields {
  private static final int SHORT = 3;
  private static final int LONG = 4;

  /** The most numbers of a field: as many as a picture has strips or tiles. */
  private static final int MOST = 1_000_000;

  private final Path file;
  private final RandomAccessFile in;
  private final long start;
  private final ByteOrder order;
  private final Map<Integer, Field> fields = new HashMap<>();

  /**
   * Where a field's numbers are.
   *
   * @param at the place of four bytes in the file: the numbers, if there is room for them, else
   *     their place
   */
  record Field(int type, long count, long at) {
    int size() {
      return type == SHORT ? 2 : 4;
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
    in.seek(start + 4);
    in.seek(start + PictureHeader.u32(in, bigEndian));
    int count = PictureHeader.u16(in, bigEndian);
    for (int i = 0; i < count; i++) {
      int tag = PictureHeader.u16(in, bigEndian);
      int type = PictureHeader.u16(in, bigEndian);
      Field field = new Field(type, PictureHeader.u32(in, bigEndian), in.getFilePointer());
      if (fields.put(tag, field) != null) {
        throw new PictureException(file, "is damaged: it has field " + tag + " twice");
      }
      in.seek(field.at + 4);
    }
  }

  ByteOrder order() {
    return order;
  }

  /** Where it is, or null. */
  Field field(int tag) {
    return fields.get(tag);
  }

  /** A field's first number. */
  long number(int tag, long otherwise) throws IOException {
    long[] numbers = numbers(tag);
    return numbers.length == 0 ? otherwise : numbers[0];
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
    if (field.type != SHORT && field.type != LONG) {
      throw new PictureException(file, "is damaged: its field " + tag + " holds no whole numbers");
    }
    long length = field.count * field.size();
    if (field.count > MOST || length > in.length()) {
      throw new PictureException(file, "is truncated: its header is longer than the file");
    }
    in.seek(field.at);
    if (length > 4) {
      in.seek(start + PictureHeader.u32(in, order == ByteOrder.BIG_ENDIAN));
    }
    byte[] bytes = new byte[(int) length];
    in.readFully(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    long[] numbers = new long[(int) field.count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          field.type == SHORT
              ? Short.toUnsignedInt(buffer.getShort())
              : Integer.toUnsignedLong(buffer.getInt());
    }
    return numbers;
  }
}
