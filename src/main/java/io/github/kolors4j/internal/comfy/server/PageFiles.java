package io.github.kolors4j.internal.comfy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of ComfyUI's page, which is installed apart. */
final class PageFiles {
  private final @Nullable Path folder;
  private final String policy;

  /**
   * @param folder of {@code index.html}; null if the page is not installed
   * @param origins that may show the page in a frame, beside this machine's
   */
  PageFiles(@Nullable Path folder, List<String> origins) {
    this.folder = folder;
    this.policy = policy(origins);
  }

  /** The page asks this server and no other, and a foreign page cannot lay itself over it. */
  private static String policy(List<String> origins) {
    return "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
        + " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
        + " font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:;"
        + " connect-src 'self' data: blob:; frame-src 'self' blob:; object-src 'none';"
        + " frame-ancestors 'self' http://localhost:* http://127.0.0.1:* https://localhost:*"
        + (origins.isEmpty() ? "" : " ")
        + String.join(" ", origins);
  }

  /** {@code GET /} and the files that it asks for. */
  Answer file(Call call) throws IOException {
    String name = call.parameter("path");
    Path root = folder;
    if (root == null) {
      throw name.isEmpty()
          ? Refusal.with(notInstalled())
          : Refusal.json(Answer.NOT_FOUND, "There is nothing at this address.");
    }
    if (name.isEmpty()) {
      return Answer.file(root.resolve("index.html"), ContentTypes.of("index.html"))
          .with("Cache-Control", "no-store, must-revalidate")
          .with("Content-Security-Policy", policy);
    }
    Path file = SafePath.in(root, name, Answer.NOT_FOUND);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Refusal.json(Answer.NOT_FOUND, "There is nothing at this address.");
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    String version =
        "\"%x-%x\"".formatted(attributes.size(), attributes.lastModifiedTime().toMillis());
    if (call.header("If-None-Match").orElse("").equals(version)) {
      return Answer.status(Answer.NOT_MODIFIED).with("ETag", version);
    }
    return Answer.file(file, ContentTypes.of(name))
        .with("Cache-Control", "no-cache")
        .with("ETag", version);
  }

  private static Answer notInstalled() {
    String text =
        """
        <!doctype html><meta charset="utf-8"><title>kolors4j comfyui</title>
        <p>The server runs, but ComfyUI's page is not installed. It is a package of its own under
        its own licence (GPL-3.0): <code>environment/comfyui-front-end</code> fetches it; then start
        the server again.</p>
        <p>Prompts can be posted to <code>/prompt</code> as it is.</p>
        """;
    return Answer.bytes(
        Answer.UNAVAILABLE,
        ContentTypes.of("index.html"),
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
