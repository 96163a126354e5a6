package io.github.kolors4j.internal.comfy.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/** A form with a file, {@code multipart/form-data}. Large parts lie on disk until it is closed. */
final class UploadForm implements AutoCloseable {
  private static final int MOST_PARTS = 32;
  private static final int MOST_IN_MEMORY = 1 << 20;
  private static final int MOST_HEADER_BYTES = 8 << 10;
  private static final int MOST_TEXT_BYTES = 1 << 20;

  private final MultiPartFormData.Parts parts;

  private UploadForm(MultiPartFormData.Parts parts) {
    this.parts = parts;
  }

  /**
   * Reads a request's form.
   *
   * @param temporary where large parts lie meanwhile
   * @param most bytes of a part
   * @throws Refusal if it is none, or too large
   */
  static UploadForm read(Call call, Path temporary, long most) throws IOException {
    String type = call.header("Content-Type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw Refusal.json(Answer.BAD_REQUEST, "The file comes in a form, multipart/form-data.");
    }
    if (call.body().length() > most + MOST_TEXT_BYTES) {
      throw Call.tooLarge(most);
    }
    Files.createDirectories(temporary);
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .location(temporary)
            .maxParts(MOST_PARTS)
            .maxSize(most + MOST_TEXT_BYTES)
            .maxPartSize(most)
            .maxMemoryPartSize(MOST_IN_MEMORY)
            .maxHeadersSize(MOST_HEADER_BYTES)
            .useFilesForPartsWithoutFileName(false)
            .build();
    try {
      return new UploadForm(
          MultiPartFormData.getParts(
              Content.Source.from(withoutClose(call.body().stream())),
              new Attributes.Mapped(),
              type,
              config));
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      throw reason.contains("max length exceeded") || reason.contains("size exceeded")
          ? Call.tooLarge(most)
          : Refusal.json(Answer.BAD_REQUEST, "The form is damaged.");
    }
  }

  /** The parser closes what it refuses, of which the rest is still to be read. */
  private static InputStream withoutClose(InputStream stream) {
    return new FilterInputStream(stream) {
      @Override
      public void close() {
        // The server does.
      }
    };
  }

  /** A field's text. */
  Optional<String> text(String name) {
    MultiPart.@Nullable Part part = parts.getFirst(name);
    if (part == null) {
      return Optional.empty();
    }
    if (part.getLength() > MOST_TEXT_BYTES) {
      throw Refusal.json(Answer.TOO_LARGE, "The field %s is too long.".formatted(name));
    }
    return Optional.of(part.getContentAsString(StandardCharsets.UTF_8));
  }

  /** The name of a field's file; nothing if there is no such field, or it is no file. */
  Optional<String> fileName(String name) {
    MultiPart.@Nullable Part part = parts.getFirst(name);
    return Optional.ofNullable(part == null ? null : part.getFileName())
        .filter(file -> !file.isEmpty());
  }

  /** The content of a field's file, from its start. */
  InputStream open(String name) {
    return Content.Source.asInputStream(parts.getFirst(name).newContentSource(null, 0, -1));
  }

  @Override
  public void close() {
    for (MultiPart.Part part : parts) {
      try {
        part.delete();
      } catch (IOException e) {
        // It lies in the folder for temporary files.
      }
    }
    parts.close();
  }
}
