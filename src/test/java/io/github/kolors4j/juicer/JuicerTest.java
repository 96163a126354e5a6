package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.dataset.PictureExport;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class JuicerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/juicer");

  @TempDir Path folder;

  @BeforeEach
  void copyTheDataSet() throws IOException {
    Files.createDirectory(folder.resolve("img"));
    try (Stream<Path> pictures = Files.list(GOLDEN.resolve("img"))) {
      for (Path picture : pictures.toList()) {
        Files.copy(picture, folder.resolve("img").resolve(picture.getFileName().toString()));
      }
    }
    Files.copy(GOLDEN.resolve("metadata.jsonl"), folder.resolve("metadata.jsonl"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"course", "defaults", "max", "size", "text", "all", "dedup"})
  void theResultIsByteForByteWhatDataJuicerWrites(String recipe) throws IOException {
    Juicer.run(GOLDEN.resolve(recipe + ".yaml"), folder);

    // The expected files have relative paths, without data-juicer's escaped slashes.
    String prefix = folder.toAbsolutePath().toString().replace("/", "\\/") + "\\/";
    String result = Files.readString(folder.resolve("output/result.jsonl"));
    String expected = Files.readString(GOLDEN.resolve("expected/" + recipe + ".result.jsonl"));
    assertThat(result).contains("\"" + prefix + "img\\/a.jpg\"");
    assertThat(result.replace(prefix, "").replace("\\/", "/")).isEqualTo(expected);
    // A recipe without filters has no statistics, and data-juicer writes no file for them.
    Path statistics = GOLDEN.resolve("expected/" + recipe + ".stats.jsonl");
    if (recipe.equals("dedup")) {
      assertThat(folder.resolve("output/result_stats.jsonl")).doesNotExist();
    } else {
      assertThat(folder.resolve("output/result_stats.jsonl")).hasSameTextualContentAs(statistics);
    }
  }

  @Test
  void everyRejectionSaysWhatWasMeasuredAndWhichBoundItBroke() {
    JuicerResult result = Juicer.run(GOLDEN.resolve("course.yaml"), folder);

    assertThat(result.rejected().size()).isEqualTo(7);
    Rejection small = result.rejected().all().get(0);
    assertThat(small.operator()).isEqualTo("image_shape_filter");
    assertThat(small.reason())
        .isEqualTo(
            new Reason(
                "1023×1024",
                "min_width = 1024",
                "宽 1023 像素，小于下限 min_width = 1024",
                "width 1023 pixels is below min_width = 1024"));
    assertThat(result.rejected().table().stringColumn("reason_en").asList())
        .contains("width / height 2.002 is above max_ratio = 2");
    assertThat(result.summary().intColumn("rejected").sum()).isEqualTo(7);
  }

  @Test
  void theTableHasARowForEachPicture() {
    Table table = Juicer.run(GOLDEN.resolve("course.yaml"), folder).table();

    assertThat(table.rowCount()).isEqualTo(26);
    assertThat(table.columnNames())
        .contains("image_width", "image_height", "aspect_ratio", "caption_length", "kept");
    assertThat(table.where(table.booleanColumn("kept").isFalse()).stringColumn("file").asList())
        .contains("b.jpg", "d.png", "s.png");
  }

  @Test
  void theRejectedPicturesAreShownWithTheirReasons() {
    var gallery = Juicer.run(GOLDEN.resolve("course.yaml"), folder).rejected().gallery();

    assertThat(gallery.size()).isEqualTo(7);
    assertThat(gallery.captions())
        .anyMatch(caption -> caption.contains("宽高比 2.002，大于上限") && caption.contains("is above"));
    assertThat(gallery.render().getWidth()).isGreaterThan(800);
  }

  @Test
  void theLoraDatasetHasNumberedJpegsAndACsvWithAByteOrderMark() throws IOException {
    Files.writeString(
        folder.resolve("metadata.jsonl"),
        """
        {"text": "二次元", "image": ["img/h.png"]}
        {"text": "a \\"quoted\\" text, with a comma", "image": ["img/a.jpg"]}
        {"text": "too small", "image": ["img/q.jpg"]}
        """);
    JuicerResult result = Juicer.run(GOLDEN.resolve("course.yaml"), folder);

    PictureExport export = result.exportLoraDataset(folder.resolve("lora_dataset_processed"));

    Path train = folder.resolve("lora_dataset_processed/train");
    assertThat(train.toFile().list()).containsExactlyInAnyOrder("0.jpg", "1.jpg", "metadata.csv");
    assertThat(Files.readString(train.resolve("metadata.csv")))
        .isEqualTo(
            "\ufefffile_name,text\n0.jpg,二次元\n1.jpg,\"a \"\"quoted\"\" text, with a comma\"\n");
    assertThat(export.written()).hasSize(2);
    assertThat(export.skipped()).isEmpty();
    assertThat(export.preview(2)).isEqualTo("\ufefffile_name,text\n0.jpg,二次元");
  }

  @Test
  void aBrokenPictureIsReportedAndTheOthersGoOn() throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve("img/a.jpg"));
    Files.write(folder.resolve("img/a.jpg"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Files.delete(folder.resolve("img/g.png"));

    JuicerResult result = Juicer.run(GOLDEN.resolve("course.yaml"), folder);

    List<String> reasons = result.rejected().table().stringColumn("reason_en").asList();
    assertThat(reasons)
        .anyMatch(reason -> reason.contains("a.jpg") && reason.contains("truncated"));
    assertThat(reasons).anyMatch(reason -> reason.contains("g.png") && reason.contains("no such"));
    assertThat(result.kept().size()).isEqualTo(11);
    // Neither filter found them too small or too wide.
    assertThat(result.rejected().counts()).containsEntry("无法读取 (unreadable)", 5);
    assertThat(result.rejected().counts().values().stream().mapToInt(n -> n).sum())
        .isEqualTo(result.rejected().size());
    assertThat(result.summary().intColumn("unreadable").asList()).containsExactly(5, 0);
    assertThat(result.summary().intColumn("rejected").sum())
        .isEqualTo(result.rejected().size() - 5);
  }

  @Test
  void aResultIsPreviewedWithPathsRelativeToTheWorkingDirectory() throws IOException {
    Path picture = Path.of("data/a.jpg").toAbsolutePath();
    Files.writeString(
        folder.resolve("in.jsonl"),
        "{\"text\": \"a\", \"images\": [\"%s\"]}\n{\"text\": \"b\"}\n".formatted(picture));

    assertThat(Recipe.builder("in.jsonl").exportPath("out.jsonl").run(folder).preview(1))
        .isEqualTo("{\"text\":\"a\",\"images\":[\"data/a.jpg\"]}");
    JuicerResult parquet = Recipe.builder("in.jsonl").exportPath("out.parquet").run(folder);
    assertThatThrownBy(() -> parquet.preview(1)).isInstanceOf(RecipeException.class);
  }

  @Test
  void theBoundsOfAColumnAreThoseOfTheRecipe() {
    JuicerResult result = Juicer.run(GOLDEN.resolve("course.yaml"), folder);

    assertThat(result.bounds("image_width").lower()).isEqualTo(1024);
    assertThat(result.bounds("aspect_ratio")).isEqualTo(new Bounds(0.5, 2));
    assertThat(result.bounds("caption_length")).isEqualTo(Bounds.NONE);
  }

  @Test
  void aSampleWithoutTextIsRejected() throws IOException {
    Files.writeString(
        folder.resolve("metadata.jsonl"),
        "{\"text\": null, \"image\": [\"img/a.jpg\"]}\n{\"text\": \"x\", \"image\": []}\n");

    JuicerResult result = Juicer.run(GOLDEN.resolve("course.yaml"), folder);

    assertThat(result.rejected().all().get(0).reason().english()).contains("no text");
    assertThat(Files.readString(result.file())).isEqualTo("{\"text\":\"x\",\"image\":[]}\n");
  }

  @Test
  void aMissingOrEmptyOrDamagedDataSetIsNamed() throws IOException {
    Path metadata = folder.resolve("metadata.jsonl");
    Files.writeString(metadata, "{\"text\": \"x\", \"image\": []}\nnot json\n");
    assertThatThrownBy(() -> Juicer.run(GOLDEN.resolve("course.yaml"), folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("not json");
    Files.writeString(metadata, "\n");
    assertThatThrownBy(() -> Juicer.run(GOLDEN.resolve("course.yaml"), folder))
        .hasMessageContaining("is empty");
    Files.delete(metadata);
    assertThatThrownBy(() -> Juicer.run(GOLDEN.resolve("course.yaml"), folder))
        .hasMessageContaining("does not exist")
        .hasMessageContaining("Export the pictures there first");
  }

  @Test
  void theCoursesRecipeAsShippedReadsWithItsBounds() {
    Recipe recipe = Recipe.read(Path.of("data/data-juicer/data_juicer_config.yaml"));

    assertThat(recipe.process())
        .extracting(Operator::name)
        .containsExactly("image_shape_filter", "image_aspect_ratio_filter");
    assertThat(recipe.datasetPath()).isEqualTo("./data/data-juicer/input/metadata.jsonl");
    assertThat(recipe.notices()).isEmpty();
  }
}
