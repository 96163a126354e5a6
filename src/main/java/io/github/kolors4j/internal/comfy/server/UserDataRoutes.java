package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code /userdata}: saved workflows and what else the page keeps in a user's folder. */
final class UserDataRoutes {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_FILES = 10_000;
  private static final int DEEPEST = 32;
  private static final List<String> ALWAYS_THERE = List.of("workflows", "subgraphs");

  private final Path user;

  /**
   * @param user the user's folder
   */
  UserDataRoutes(Path user) throws IOException {
    this.user = user;
    for (String folder : ALWAYS_THERE) {
      Files.createDirectories(user.resolve(folder)); // the page asks for them first of all
    }
  }

  void addTo(Router router) {
    router
        .get("/users", call -> Answer.json(Json.object("storage", "server", "migrated", true)))
        .post("/users", this::addUser)
        .get("/userdata", this::list)
        .get("/v2/userdata", this::listFolder)
        .get("/userdata/{file}", this::read)
        .post("/userdata/{file}", this::write)
        .on("DELETE", "/userdata/{file}", this::delete)
        .post("/userdata/{file}/move/{dest}", this::move);
  }

  private Answer addUser(Call call) {
    call.jsonObject();
    return Answer.json(
        Answer.BAD_REQUEST,
        Json.object("error", "This server keeps one user's files; start another for another."));
  }

  private Path place(String name, int status) {
    return SafePath.in(user, name, status);
  }

  private Answer list(Call call) throws IOException {
    String name = call.queried("dir").orElse("");
    if (name.isEmpty()) {
      throw Refusal.because(Answer.BAD_REQUEST, "Directory not provided");
    }
    Path folder = place(withoutEndingSlash(name), Answer.FORBIDDEN);
    if (!Files.isDirectory(folder)) {
      throw Refusal.because(Answer.NOT_FOUND, "Directory not found");
    }
    boolean hasDetails = call.isQueriedTrue("full_info");
    boolean isSplit = call.isQueriedTrue("split");
    JsonArray list = new JsonArray();
    for (Path file : walk(folder, call.isQueriedTrue("recurse") ? DEEPEST : 1)) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      String path = relative(folder, file);
      list.add(
          hasDetails
              ? details(folder, file)
              : isSplit ? split(path) : (JsonElement) new JsonPrimitive(path));
    }
    return Answer.json(list);
  }

  private static JsonArray split(String path) {
    JsonArray parts = Json.array(path);
    Stream.of(path.split("/")).forEach(parts::add);
    return parts;
  }

  private Answer listFolder(Call call) throws IOException {
    String name = withoutEndingSlash(call.queried("path").orElse(""));
    Path folder = name.isEmpty() ? user : place(name, Answer.BAD_REQUEST);
    if (!Files.exists(folder)) {
      throw Refusal.because(Answer.NOT_FOUND, "Requested path not found");
    }
    if (!Files.isDirectory(folder)) {
      throw Refusal.because(Answer.BAD_REQUEST, "Requested path is not a directory");
    }
    Comparator<Path> foldersFirst = Comparator.comparing(file -> !Files.isDirectory(file));
    JsonArray list = new JsonArray();
    walk(folder, DEEPEST).stream()
        .sorted(
            foldersFirst.thenComparing(f -> f.getFileName().toString().toLowerCase(Locale.ROOT)))
        .forEach(file -> list.add(entry(file)));
    return Answer.json(list);
  }

  private JsonObject entry(Path file) {
    boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    JsonObject entry =
        Json.object(
            "name", file.getFileName(),
            "path", relative(user, file),
            "type", isFolder ? "directory" : "file");
    if (!isFolder) {
      try {
        entry.addProperty("size", Files.size(file));
        entry.addProperty("modified", Files.getLastModifiedTime(file).toMillis() / 1000.0);
      } catch (IOException e) {
        // it has just gone: listed with what is known, as ComfyUI does
      }
    }
    return entry;
  }

  private static List<Path> walk(Path folder, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(file -> !file.equals(folder)).limit(MOST_FILES).sorted().toList();
    }
  }

  private Answer read(Call call) throws IOException {
    String name = call.parameter("file");
    Path file = place(name, Answer.FORBIDDEN);
    if (!Files.isRegularFile(file)) {
      if (name.equals("user.css")) {
        return userCss(); // a page without any is no error
      }
      if (name.equals("comfy.templates.json")) {
        return Answer.json(new JsonArray()); // which the page always asks for
      }
      throw Refusal.because(Answer.NOT_FOUND, "File not found");
    }
    if (name.equals("user.css")) {
      return Answer.file(file, ContentTypes.of(name)).with("Content-Disposition", "inline");
    }
    String type = ContentTypes.isActive(name) ? ContentTypes.BYTES : ContentTypes.of(name);
    return Answer.file(file, type).with("Content-Disposition", "attachment");
  }

  static Answer userCss() {
    return Answer.bytes(Answer.OK, ContentTypes.of("user.css"), new byte[0]);
  }

  private Answer write(Call call) throws IOException {
    Path file = place(call.parameter("file"), Answer.FORBIDDEN);
    boolean isNew = !Files.exists(file);
    if (!isNew && call.queried("overwrite").orElse("").equals("false")) {
      throw Refusal.because(Answer.CONFLICT, "File already exists");
    }
    byte[] bytes = call.bytes(MOST_BYTES);
    try {
      AtomicFile.write(file, out -> out.write(bytes));
    } catch (FileSystemException e) {
      throw Refusal.because(Answer.BAD_REQUEST, "The file could not be written: " + reason(e));
    }
    return info(call, file);
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  private Answer info(Call call, Path file) throws IOException {
    return Answer.json(
        call.isQueriedTrue("full_info")
            ? details(user, file)
            : new JsonPrimitive(relative(user, file)));
  }

  private Answer delete(Call call) throws IOException {
    Path file = place(call.parameter("file"), Answer.FORBIDDEN);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Refusal.because(Answer.NOT_FOUND, "File not found");
    }
    Files.delete(file);
    return Answer.status(Answer.NO_CONTENT);
  }

  private Answer move(Call call) throws IOException {
    Path from = place(call.parameter("file"), Answer.FORBIDDEN);
    Path to = place(call.parameter("dest"), Answer.FORBIDDEN);
    if (!Files.exists(from) || from.equals(user)) {
      throw Refusal.because(Answer.NOT_FOUND, "File not found");
    }
    if (Files.exists(to) && call.queried("overwrite").orElse("").equals("false")) {
      throw Refusal.because(Answer.CONFLICT, "File already exists");
    }
    if (Files.isDirectory(to)) {
      throw Refusal.because(Answer.CONFLICT, "A folder has this name");
    }
    try {
      Files.createDirectories(to.getParent());
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw Refusal.because(Answer.BAD_REQUEST, "The file could not be moved: " + reason(e));
    }
    return info(call, to);
  }

  private static JsonObject details(Path folder, Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return Json.object(
        "path", relative(folder, file),
        "size", attributes.size(),
        "modified", attributes.lastModifiedTime().toMillis(),
        "created", attributes.creationTime().toMillis());
  }

  private static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static String withoutEndingSlash(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }
}
