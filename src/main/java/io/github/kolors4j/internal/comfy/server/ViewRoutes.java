package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** {@code /view}: pictures that were saved, uploaded or shown, as they are or smaller. */
final class ViewRoutes {
  private static final int STANDARD_QUALITY = 90;
  private static final int OPAQUE = 0xff000000;

  private final ComfyFolders folders;

  ViewRoutes(ComfyFolders folders) {
    this.folders = folders;
  }

  void addTo(Router router) {
    router.get("/view", this::view);
  }

  private Answer view(Call call) throws IOException {
    Path file =
        ViewedFile.find(
            folders,
            call.queried("filename")
                .orElseThrow(() -> Refusal.because(Answer.NOT_FOUND, "filename is missing")),
            call.queried("subfolder").orElse(""),
            call.queried("type").orElse("output"));
    String channel = call.queried("channel").orElse("rgba");
    try {
      if (call.queried("preview").isPresent()) {
        return named(
            file, preview(file, call.queried("preview").get(), call.queried("channel").orElse("")));
      }
      return switch (channel) {
        case "rgb" -> named(file, png(PictureFile.read(file)));
        case "a" -> named(file, png(alpha(AlphaPicture.read(file))));
        default -> plain(file, call);
      };
    } catch (PictureException e) {
      throw Refusal.because(Answer.BAD_REQUEST, "The file is no picture that can be shown.");
    }
  }

  /** As it is. What a browser would run is only to be saved. */
  private static Answer plain(Path file, Call call) throws IOException {
    String name = file.getFileName().toString();
    String version =
        "\"%x-%x\"".formatted(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    if (call.header("If-None-Match").orElse("").equals(version)) {
      return Answer.status(Answer.NOT_MODIFIED).with("ETag", version);
    }
    if (ContentTypes.isActive(name)) {
      return named(file, Answer.file(file, ContentTypes.BYTES).with("Cache-Control", "no-store"))
          .with("Content-Disposition", "attachment; " + fileName(file));
    }
    return named(file, Answer.file(file, ContentTypes.of(name)))
        .with("Cache-Control", "no-cache")
        .with("ETag", version);
  }

  private static Answer named(Path file, Answer answer) {
    return answer.with("Content-Disposition", fileName(file));
  }

  /** Letters beyond ASCII come encoded, behind a name without them. */
  private static String fileName(Path file) {
    String name = file.getFileName().toString();
    String plain =
        name.replaceAll("[^\\x20-\\x7e]", "_").replace("\\", "\\\\").replace("\"", "\\\"");
    if (plain.equals(name)) {
      return "filename=\"" + plain + "\"";
    }
    String encoded =
        java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
            .replace("+", "%20");
    return "filename=\"%s\"; filename*=UTF-8''%s".formatted(plain, encoded);
  }

  private static Answer png(BufferedImage picture) {
    return Answer.bytes(Answer.OK, "image/png", PictureEncoder.png(picture));
  }

  /** Black, with the picture's alpha. */
  private static BufferedImage alpha(BufferedImage picture) {
    int width = picture.getWidth();
    BufferedImage alpha =
        new BufferedImage(width, picture.getHeight(), BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[width];
    for (int y = 0; y < picture.getHeight(); y++) {
      picture.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        row[x] &= OPAQUE;
      }
      alpha.setRGB(0, y, width, 1, row, 0, width);
    }
    return alpha;
  }

  /**
   * A copy of less bytes.
   *
   * @param wanted such as {@code webp;90} or {@code jpeg;75}
   */
  private static Answer preview(Path file, String wanted, String channel) throws IOException {
    String[] parts = wanted.split(";", -1);
    String last = parts[parts.length - 1];
    int quality =
        last.matches("\\d{1,3}") ? Math.min(100, Integer.parseInt(last)) : STANDARD_QUALITY;
    boolean isJpeg = parts[0].equals("jpeg") && !channel.contains("a");
    String format = isJpeg ? "jpeg" : "webp";
    BufferedImage picture =
        isJpeg || channel.equals("rgb") ? PictureFile.read(file) : AlphaPicture.read(file);
    return Answer.bytes(Answer.OK, "image/" + format, encode(picture, format, quality));
  }

  private static byte[] encode(BufferedImage picture, String format, int quality)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      if (format.equals("webp")) {
        parameters.setCompressionType("Lossy");
      }
      parameters.setCompressionQuality(quality / 100f);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
