package io.github.kolors4j.internal.comfy.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Undoes the {@code %2F} of addresses. */
final class PercentCode {
  private PercentCode() {}

  /**
   * The text that an encoded part of an address stands for.
   *
   * @throws Refusal if two hexadecimal digits do not follow a percent sign, or the bytes are no
   *     UTF-8
   */
  static String decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    byte[] plain = encoded.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] != '%') {
        bytes.write(plain[i]);
        continue;
      }
      int high = i + 2 < plain.length ? Character.digit(plain[i + 1], 16) : -1;
      int low = i + 2 < plain.length ? Character.digit(plain[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw malformed();
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static Refusal malformed() {
    return Refusal.json(Answer.BAD_REQUEST, "The address is not encoded as addresses are (%2F).");
  }
}
