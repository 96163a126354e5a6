package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.internal.model.SentencePieceModel;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.TorchFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.juicer.Juicer;
import io.github.kolors4j.juicer.Recipe;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegularFileTest {
  private static final Path SOURCES = Path.of("src/main/java/io/github/kolors4j");

  /** Ways to open a file, with what they are called with. */
  private static final Pattern OPENING =
      Pattern.compile(
          "(?:Files\\.(?:newInputStream|readString|readAllBytes|readAllLines|lines|newBufferedReader)"
              + "|new (?:RandomAccessFile|FileInputStream|FileReader|ZipFile|LocalInputFile))\\("
              + "([^;]*)");

  /** These read what the library has written itself, or what was looked at before. */
  private static final List<String> OWN_FILES =
      List.of(
          "files",
          "hub",
          "image/PictureDecoder",
          "image/PictureEnding",
          "image/ExifOrientation",
          "image/WebPFile",
          "image/PngFile",
          "image/JpegFile",
          "launch/GpuLibraries",
          "pipeline/MachineMemory",
          "juicer/ResultFiles");

  @TempDir Path folder;

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  @Test
  void aPipeUnderAFilesNameIsRefusedAndBlocksNobody() throws Exception {
    List<Runnable> readers = new ArrayList<>();
    Path png = pipe("a.png");
    readers.add(() -> PictureFile.read(png));
    readers.add(() -> PictureHeader.read(png));
    readers.add(() -> PngText.read(png));
    Path safetensors = pipe("a.safetensors");
    readers.add(() -> SafetensorsFile.open(safetensors));
    readers.add(() -> WeightFolder.openPath(safetensors));
    Path checkpoint = pipe("a.ckpt");
    readers.add(() -> TorchFile.open(checkpoint));
    readers.add(() -> WeightFolder.openFile(checkpoint));
    Path tokenizer = pipe("tokenizer.model");
    readers.add(() -> SentencePieceModel.read(tokenizer));
    Path recipe = pipe("recipe.yaml");
    readers.add(() -> Recipe.read(recipe));
    for (String set : List.of("set.csv", "set.jsonl", "set.json", "set.parquet", "set.tsv")) {
      Path data = pipe(set);
      Path config = folder.resolve(set + ".yaml");
      Files.writeString(
          config,
          "dataset_path: '%s'\nexport_path: '%s'\nprocess:\n  - text_length_filter:\n"
              .formatted(data, folder.resolve("out.jsonl")));
      readers.add(() -> Juicer.run(config));
    }

    for (Runnable reader : readers) {
      assertThatThrownBy(reader::run)
          .isInstanceOf(RuntimeException.class)
          .hasMessageMatching("(?s).*(a pipe, a socket or a device|neither a file nor a folder).*");
    }
    Path scheduler = pipe("scheduler_config.json");
    assertThatThrownBy(() -> SchedulerConfig.read(scheduler)).hasMessageContaining("is a pipe");
  }

  @Test
  void aPipeAmongASetsFilesBlocksNobodyAndIsNoTableOfCaptions() throws Exception {
    Path image = Path.of("src/test/resources/image/in_rgb.png");
    for (String name : List.of("metadata.csv", "metadata.jsonl", "a.txt")) {
      Path set = Files.createDirectories(folder.resolve("set of " + name));
      Files.copy(image, set.resolve("a.png"));
      pipe("set of " + name + "/" + name);

      CaptionedImages images = CaptionedImages.load(set);

      assertThat(images.size()).as(name).isEqualTo(1);
      assertThat(images.notices().toString()).as(name).contains("have no caption");
    }
  }

  @Test
  void aDeviceIsRefusedAndALinkToAFileIsRead() throws IOException {
    assertThatThrownBy(() -> RegularFile.require(Path.of("/dev/zero")))
        .hasMessageContaining("/dev/zero")
        .hasMessageContaining("device");
    Path file = Files.writeString(folder.resolve("a.txt"), "a");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);

    assertThat(RegularFile.require(link)).isEqualTo(link);
    assertThat(RegularFile.require(folder.resolve("none"))).hasFileName("none");
  }

  @Test
  void everyPlaceThatOpensAPersonsFileLooksFirst() throws IOException {
    List<String> unguarded = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        String place =
            SOURCES
                .relativize(source)
                .toString()
                .replace(".java", "")
                .replaceFirst("^internal/", ""); // a room and what is internal of it
        if (OWN_FILES.stream().anyMatch(place::startsWith)) {
          continue;
        }
        String code = Files.readString(source, StandardCharsets.UTF_8);
        Matcher opening = OPENING.matcher(code);
        while (opening.find() && !code.contains("ForeignFile.requireRegular(")) {
          if (!opening.group(1).contains("RegularFile.require(")) {
            unguarded.add(place + ": " + opening.group().lines().findFirst().orElse(""));
          }
        }
      }
    }
    assertThat(unguarded).as("wrap the path in RegularFile.require").isEmpty();
  }
}
