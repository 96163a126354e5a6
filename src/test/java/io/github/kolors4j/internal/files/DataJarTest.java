package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.JavaProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataJarTest {
  private static final Map<String, String> FILES =
      Map.of("index.json", "{}", "unet/weights", "1".repeat(100_000), "中文/一.txt", "二");

  @TempDir Path folder;
  private Path cache;

  @BeforeEach
  void aCacheOfItsOwn() {
    cache = folder.resolve("我的 cache");
    System.setProperty(CacheFolder.PROPERTY, cache.toString());
  }

  @AfterEach
  void theUsualCache() {
    System.clearProperty(CacheFolder.PROPERTY);
  }

  @Test
  void theFilesAreUnpackedOnce() throws IOException {
    Path jar = jar("a.jar", FILES, list(FILES));
    Path unpacked = unpack(jar);
    assertThat(unpacked.getParent()).isEqualTo(cache);
    assertThat(contents(unpacked)).isEqualTo(FILES);
    FileTime longAgo = FileTime.fromMillis(0);
    Files.setLastModifiedTime(unpacked.resolve("index.json"), longAgo);
    assertThat(unpack(jar)).isEqualTo(unpacked);
    assertThat(Files.getLastModifiedTime(unpacked.resolve("index.json"))).isEqualTo(longAgo);
  }

  @Test
  void whatIsMissingOrChangedIsPutRightWithASentence() throws IOException {
    Path jar = jar("a.jar", FILES, list(FILES));
    Path unpacked = unpack(jar);
    Files.delete(unpacked.resolve("index.json"));
    Files.writeString(unpacked.resolve("unet/weights"), "1".repeat(99_999) + "2");
    Files.writeString(unpacked.resolve("unet/.weights.123.part"), "half"); // of a killed run
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      unpack(jar);
    } finally {
      System.setErr(before);
    }
    assertThat(contents(unpacked)).isEqualTo(FILES);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("2 of 3 files of things are missing or changed, such as index.json");
  }

  @Test
  void anotherVersionGoesIntoAnotherFolder() throws IOException {
    Path first = unpack(jar("a.jar", FILES, list(FILES)));
    Map<String, String> newer = Map.of("index.json", "{\"version\": 2}");
    Path second = unpack(jar("b.jar", newer, list(newer)));
    assertThat(second).isNotEqualTo(first);
    assertThat(contents(first)).isEqualTo(FILES);
    assertThat(contents(second)).isEqualTo(newer);
  }

  @Test
  void aDamagedJarIsRefused() throws IOException {
    Map<String, String> other = new LinkedHashMap<>(FILES);
    other.put("unet/weights", "another's");
    Path jar = jar("a.jar", other, list(FILES));
    assertThatThrownBy(() -> unpack(jar))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("unet/weights is not what its list says", "downloads it again");
    try (Stream<Path> left = Files.walk(cache)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .doesNotContain("weights")
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void aListThatLeadsOutOfTheFolderIsRefused() throws IOException {
    for (String path : List.of("../outside", "a/../../outside", "/outside", "..\\outside")) {
      Map<String, String> files = Map.of(path, "bad");
      Path jar = jar("bad.jar", Map.of(), list(files));
      assertThatThrownBy(() -> unpack(jar))
          .as(path)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("as it was published");
    }
    assertThat(cache).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeIsNamedWithAnotherWay() throws IOException {
    Path jar = jar("a.jar", FILES, list(FILES));
    Files.writeString(cache, "a file");
    assertThatThrownBy(() -> unpack(jar))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "things cannot be unpacked to " + cache, "-Dkolors4j.cache=FOLDER", "KOLORS4J_CACHE");
  }

  @Test
  void whereThereIsNoRoomItSaysHowMuchIsWanted() {
    assertThatThrownBy(() -> DataJar.requireRoom(18_400_000, OptionalLong.of(3_000_000)))
        .isInstanceOf(IOException.class)
        .hasMessage("it needs 19 MB, and 3 MB are free there");
    assertThatCode(() -> DataJar.requireRoom(18_400_000, OptionalLong.empty()))
        .doesNotThrowAnyException();
  }

  @Test
  void severalProcessesUnpackAtOnce() throws Exception {
    Map<String, String> many = new LinkedHashMap<>(FILES);
    for (int i = 0; i < 200; i++) {
      many.put("pictures/" + i, "picture " + i + "\n".repeat(10_000));
    }
    Path jar = jar("a.jar", many, list(many));
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(otherProcess(jar));
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
    assertThat(contents(unpack(jar))).isEqualTo(many);
  }

  /** Unpacks the jar that is named; several of these run at once. */
  static final class Unpacking {
    public static void main(String[] arguments) throws IOException {
      unpack(Path.of(arguments[0]));
    }
  }

  private Process otherProcess(Path jar) throws IOException {
    ProcessBuilder process =
        JavaProcess.of(
            List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"), Unpacking.class, jar.toString());
    process.environment().put(CacheFolder.VARIABLE, cache.toString());
    return process.redirectErrorStream(true).start();
  }

  private static Path unpack(Path jar) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      return DataJar.of("things", loader).folder();
    }
  }

  private static String list(Map<String, String> files) {
    StringBuilder list = new StringBuilder();
    files.forEach(
        (path, text) ->
            list.append(Sha256.of(text)).append(" *").append(path).append(System.lineSeparator()));
    return list.toString();
  }

  private Path jar(String name, Map<String, String> files, String list) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        entry(entries, DataJar.ROOT + "things/" + file.getKey(), file.getValue());
      }
      entry(entries, DataJar.ROOT + "things.sha256", list);
    }
    return jar;
  }

  private static void entry(JarOutputStream out, String name, String text) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.closeEntry();
  }

  private static Map<String, String> contents(Path unpacked) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(unpacked)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = unpacked.relativize(file).toString().replace('\\', '/');
        contents.put(path, Files.readString(file));
      }
    }
    return contents;
  }
}
