package io.github.kolors4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a file's content must hash to.
 *
 * @param kind which hash
 * @param hex its value, in lower case
 */
record Checksum(Kind kind, String hex) {
  enum Kind {
    SHA_256,
    /** Git's: SHA-1 of {@code "blob SIZE\0"} and the content; Hugging Face's for small files. */
    GIT_BLOB
  }

  static boolean isSha256(String text) {
    return text.matches("(?i)[0-9a-f]{64}");
  }

  static Checksum sha256(String hex) {
    return new Checksum(Kind.SHA_256, hex.toLowerCase(Locale.ROOT));
  }

  static Checksum gitBlob(String hex) {
    return new Checksum(Kind.GIT_BLOB, hex.toLowerCase(Locale.ROOT));
  }

  /** Of a file, for those that a hub lists no checksum for. */
  static Checksum of(Path file, StopCheck stop) throws IOException {
    return new Checksum(Kind.SHA_256, hex(Kind.SHA_256, file, stop));
  }

  /** As {@link #toString} writes it; null if it is none. */
  static @Nullable Checksum parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (Kind kind : Kind.values()) {
      if (text.startsWith(kind + ":")) {
        return new Checksum(kind, text.substring(kind.name().length() + 1));
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return kind + ":" + hex;
  }

  boolean matches(Path file, StopCheck stop) throws IOException {
    return hex(kind, file, stop).equals(hex);
  }

  private static String hex(Kind kind, Path file, StopCheck stop) throws IOException {
    MessageDigest digest = digest(kind);
    if (kind == Kind.GIT_BLOB) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
    }
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        stop.check();
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(Kind kind) {
    try {
      return MessageDigest.getInstance(kind == Kind.SHA_256 ? "SHA-256" : "SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256 and SHA-1.", e);
    }
  }
}
