package io.github.kolors4j.internal.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protocol-buffer message that lies in memory. Every length is checked
 * against the bytes that are there before anything is taken, so a damaged file ends in a {@link
 * TokenizerException} and never in a large allocation.
 *
 * <p>Use: {@code while (reader.next()) switch (reader.field()) …}; a value that is not asked for is
 * skipped.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers encoding</a>
 */
public final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private final String name;
  private int position;

  private int fieldStart;
  private int field;
  private int wireType;
  private long number;
  private int valueStart;

  /**
   * @param name what is read, for error messages
   */
  public ProtobufReader(byte[] bytes, String name) {
    this(bytes, 0, bytes.length, name);
  }

  private ProtobufReader(byte[] bytes, int start, int end, String name) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.name = name;
  }

  /** Goes to the next field; false at the message's end. */
  public boolean next() {
    if (position == end) {
      return false;
    }
    fieldStart = position;
    long key = varint();
    field = (int) (key >>> 3);
    wireType = (int) (key & 7);
    if (field <= 0) {
      throw damaged("a field without a number");
    }
    switch (wireType) {
      case VARINT -> number = varint();
      case FIXED64 -> skip(8);
      case FIXED32 -> skip(4);
      case LENGTH_DELIMITED -> skip(varint());
      default -> throw damaged("an unknown wire type " + wireType);
    }
    return true;
  }

  /** Number of the current field. */
  public int field() {
    return field;
  }

  /** Bytes of the current field, its key included, as they stand in the file. */
  public ByteBuffer fieldBytes() {
    return ByteBuffer.wrap(bytes, fieldStart, position - fieldStart).slice();
  }

  long asLong() {
    require(VARINT);
    return number;
  }

  boolean asBoolean() {
    return asLong() != 0;
  }

  float asFloat() {
    require(FIXED32);
    int bits = 0;
    for (int i = 3; i >= 0; i--) {
      bits = bits << 8 | bytes[valueStart + i] & 0xFF;
    }
    return Float.intBitsToFloat(bits);
  }

  String asString() {
    require(LENGTH_DELIMITED);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, valueStart, position - valueStart))
          .toString();
    } catch (CharacterCodingException e) {
      throw damaged("text that is not UTF-8");
    }
  }

  /** A reader for the message that the current field holds. */
  ProtobufReader asMessage() {
    require(LENGTH_DELIMITED);
    return new ProtobufReader(bytes, valueStart, position, name);
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw damaged(
          "a field " + field + " of the wire type " + wireType + " instead of " + expected);
    }
  }

  private void skip(long length) {
    if (length < 0 || length > end - position) {
      throw damaged("a field that is longer than what is left of it");
    }
    valueStart = position;
    position += (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position == end) {
        throw damaged("the end in the middle of a number");
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than ten bytes");
  }

  private TokenizerException damaged(String what) {
    return new TokenizerException(
        name
            + " is damaged: it has "
            + what
            + " near byte "
            + fieldStart
            + ". Download the file again; a SentencePiece model is a binary file, so a copy that"
            + " changed line ends or a Git LFS pointer will not do.");
  }
}
