package io.github.kolors4j.internal.juicer.operators;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Cryptographic digests, used as hashes. */
final class Digests {
  private Digests() {}

  /** The digest by an algorithm that every Java has (MD5, SHA-1). */
  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no " + algorithm + ".", e);
    }
  }

  static String hexadecimal(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
