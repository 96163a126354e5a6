package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.RegularFile;
import io.github.kolors4j.internal.image.PictureEncoder;
import io.github.kolors4j.internal.image.PngText;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** {@code /upload/image} and {@code /upload/mask}. */
final class UploadRoutes {
  private static final int MOST_OF_ONE_NAME = 10_000;

  private final ComfyFolders folders;
  private final long mostBytes;

  UploadRoutes(ComfyFolders folders, long mostBytes) {
    this.folders = folders;
    this.mostBytes = mostBytes;
  }

  void addTo(Router router) {
    router.post("/upload/image", this::image).post("/upload/mask", this::mask);
  }

  private UploadForm form(Call call) throws IOException {
    return UploadForm.read(call, folders.temp().resolve("uploads"), mostBytes);
  }

  private Answer image(Call call) throws IOException {
    try (UploadForm form = form(call)) {
      requireFile(form);
      return keep(form, out -> copy(form, out));
    }
  }

  private static void requireFile(UploadForm form) {
    if (form.fileName("image").isEmpty()) {
      throw Refusal.because(Answer.BAD_REQUEST, "The form has no file in its field image.");
    }
  }

  private static void copy(UploadForm form, java.io.OutputStream out) throws IOException {
    try (InputStream in = form.open("image")) {
      in.transferTo(out);
    }
  }

  /** The form's mask as the alpha of a picture that is here. */
  private Answer mask(Call call) throws IOException {
    try (UploadForm form = form(call)) {
      requireFile(form);
      Path original = original(form);
      Path mask = Files.createTempFile(folders.temp().resolve("uploads"), "mask", ".png");
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      try {
        try (var out = Files.newOutputStream(mask)) {
          copy(form, out);
        }
        BufferedImage colours = AlphaPicture.read(original);
        BufferedImage alpha = AlphaPicture.read(mask);
        if (colours.getWidth() != alpha.getWidth() || colours.getHeight() != alpha.getHeight()) {
          throw Refusal.because(
              Answer.BAD_REQUEST, "The mask is of another size than its picture.");
        }
        PictureEncoder.png(AlphaPicture.withAlphaOf(colours, alpha), PngText.read(original), png);
      } catch (PictureException e) {
        throw Refusal.because(Answer.BAD_REQUEST, "The mask or its picture cannot be read.");
      } finally {
        Files.deleteIfExists(mask);
      }
      return keep(form, png::writeTo);
    }
  }

  private Path original(UploadForm form) {
    JsonObject reference;
    try {
      reference =
          ComfyJson.parse(form.text("original_ref").orElse("")) instanceof JsonObject object
              ? object
              : new JsonObject();
    } catch (ComfyJson.Malformed e) {
      throw Refusal.because(Answer.BAD_REQUEST, "original_ref is no JSON object.");
    }
    return ViewedFile.find(
        folders,
        Json.text(reference, "filename").orElse(""),
        Json.text(reference, "subfolder").orElse(""),
        Json.text(reference, "type").orElse("output"));
  }

  /** Gives a file its place: one that is the same keeps the name, another gets a number. */
  private synchronized Answer keep(UploadForm form, AtomicFile.Content content) throws IOException {
    String type = form.text("type").filter(text -> !text.isEmpty()).orElse("input");
    String subfolder = form.text("subfolder").orElse("");
    String name = form.fileName("image").orElseThrow();
    Path root = ViewedFile.folder(folders, type);
    Path folder = subfolder.isEmpty() ? root : SafePath.in(root, subfolder, Answer.BAD_REQUEST);
    Path file = SafePath.in(folder, name, Answer.BAD_REQUEST);
    boolean replaces =
        form.text("overwrite").filter(o -> o.equals("true") || o.equals("1")).isPresent();
    if (!replaces && Files.exists(file)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      content.writeTo(bytes);
      String free = freeName(folder, name, bytes.toByteArray());
      if (Files.exists(folder.resolve(free))) {
        return answer(free, subfolder, type); // the same
      }
      name = free;
      file = folder.resolve(free);
    }
    try {
      AtomicFile.write(file, content);
    } catch (FileSystemException e) {
      throw Refusal.because(Answer.BAD_REQUEST, "The file could not be written.");
    }
    return answer(name, subfolder, type);
  }

  private static Answer answer(String name, String subfolder, String type) {
    return Answer.json(Json.object("name", name, "subfolder", subfolder, "type", type));
  }

  /** A name that no file has, or a file of the same content. */
  private static String freeName(Path folder, String name, byte[] content) throws IOException {
    int dot = name.lastIndexOf('.');
    String stem = dot <= 0 ? name : name.substring(0, dot);
    String ending = dot <= 0 ? "" : name.substring(dot);
    String tried = name;
    for (int i = 1; i <= MOST_OF_ONE_NAME; i++) {
      Path file = folder.resolve(tried);
      if (!Files.exists(file) || isSame(file, content)) {
        return tried;
      }
      tried = "%s (%d)%s".formatted(stem, i, ending);
    }
    throw Refusal.because(Answer.CONFLICT, "Too many files have this name.");
  }

  private static boolean isSame(Path file, byte[] content) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == content.length
        && Arrays.equals(Files.readAllBytes(RegularFile.require(file)), content);
  }
}
