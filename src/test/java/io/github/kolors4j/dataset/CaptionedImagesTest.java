package io.github.kolors4j.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class CaptionedImagesTest {
  @TempDir Path folder;

  @AfterEach
  void forgetTheHome() {
    System.clearProperty("kolors4j.home");
  }

  @Test
  void aFolderWithMetadataLinesLoadsWithCaptionsAndAttributes() throws IOException {
    picture("train/0001.jpg", 30, 20);
    picture("0002.png", 10, 10);
    metadata(
        """
        {"file_name": "0001.jpg", "text": "蓝色头发", "attributes": {"hair": "blue", "glasses": null}}
        {"file_name": "0002.png", "text": "b"}
        """);

    CaptionedImages pictures = CaptionedImages.load(folder);

    assertThat(pictures.size()).isEqualTo(2);
    assertThat(pictures.get(0).caption()).isEqualTo("蓝色头发");
    assertThat(pictures.get(0).attributes()).containsEntry("hair", "blue");
    assertThat(pictures.get(0).read().getWidth()).isEqualTo(30);
    assertThat(pictures.get(1).read().getWidth()).isEqualTo(10);
  }

  @Test
  void aCsvWithAByteOrderMarkLoads() throws IOException {
    picture("train/0.jpg", 8, 8);
    Files.writeString(
        folder.resolve("train/metadata.csv"), "\ufefffile_name,text\n0.jpg,\"二次元, \"\"x\"\"\"\n");

    CaptionedImages pictures = CaptionedImages.load(folder);

    assertThat(pictures.get(0).caption()).isEqualTo("二次元, \"x\"");
    assertThat(PictureHeader.read(pictures.get(0).file()).width()).isEqualTo(8);
  }

  @Test
  void picturesWithSidecarCaptionsLoadInTheOrderOfTheirNames() throws IOException {
    picture("b.png", 8, 8);
    picture("a.png", 8, 8);
    Files.writeString(folder.resolve("a.txt"), "一只猫\n");

    CaptionedImages pictures = CaptionedImages.load(folder);

    assertThat(pictures.pictures())
        .extracting(CaptionedPicture::caption)
        .containsExactly("一只猫", "");
    assertThat(pictures.countCaptions("猫")).isEqualTo(1);
  }

  @Test
  void theShippedSetIsFoundUnderTheHomeProperty() throws IOException {
    picture("data/avatars/train/0001.jpg", 8, 8);
    Files.writeString(
        folder.resolve("data/avatars/metadata.jsonl"),
        "{\"file_name\": \"0001.jpg\", \"text\": \"二次元\"}\n");
    System.setProperty("kolors4j.home", folder.toString());

    CaptionedImages pictures = CaptionedImages.load("kolors4j/avatars");

    assertThat(pictures.get(0).file()).startsWith(folder);
    assertThat(pictures.toString()).contains("kolors4j/avatars", "1 张图片");
  }

  @Test
  void anUnknownNameSaysWhichSetsThereAre() {
    assertThatThrownBy(() -> CaptionedImages.load("kolors4j/cats"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("kolors4j/avatars");
  }

  @Test
  void anEmptyOrMissingFolderIsRefused() {
    assertThatThrownBy(() -> CaptionedImages.load(folder)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> CaptionedImages.load(folder.resolve("none")))
        .hasMessageContaining("There is no folder");
  }

  @Test
  void damagedMetadataIsNamedWithItsLine() throws IOException {
    metadata("{\"file_name\": \"a.jpg\", \"text\": \"a\"}\n[1, 2]\n");
    assertThatThrownBy(() -> CaptionedImages.load(folder)).hasMessageContaining("line 2");
    metadata("{\"file_name\": \"../../etc/passwd\", \"text\": \"a\"}\n");
    assertThatThrownBy(() -> CaptionedImages.load(folder))
        .hasMessageContaining("line 1")
        .hasMessageContaining("leads out of the folder");
    metadata("{\"text\": \"a\"}\n");
    assertThatThrownBy(() -> CaptionedImages.load(folder)).hasMessageContaining("file_name");
  }

  @Test
  void exportingWritesNumberedJpegsAndMetadataAndReportsBrokenPictures() throws IOException {
    picture("a.png", 30, 20);
    Files.writeString(folder.resolve("b.png"), "broken");
    picture("c.png", 12, 12);
    metadata(
        """
        {"file_name": "a.png", "text": "二次元 <1>"}
        {"file_name": "b.png", "text": "broken"}
        {"file_name": "c.png", "text": "c"}
        """);
    Path target = folder.resolve("out/lora_dataset");
    Path input = folder.resolve("out/input/metadata.jsonl");

    PictureExport export = CaptionedImages.load(folder).export(target, input);

    assertThat(export.written()).hasSize(2);
    assertThat(export.skipped())
        .singleElement()
        .satisfies(
            skipped -> assertThat(skipped.file().getFileName().toString()).isEqualTo("b.png"));
    assertThat(export.toString()).contains("2 pictures written", "b.png");
    assertThat(target.resolve("train").toFile().list()).containsExactlyInAnyOrder("0.jpg", "2.jpg");
    List<String> lines = Files.readAllLines(input);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"text\": \"二次元 <1>\", \"image\": [\"" + target.resolve("train/0.jpg") + "\"]}");
    JsonObject second = JsonParser.parseString(lines.get(1)).getAsJsonObject();
    Path file = Path.of(second.getAsJsonArray("image").get(0).getAsString());
    assertThat(PictureFile.read(file).getWidth()).isEqualTo(12);
  }

  @Test
  void whatAKilledExportLeftAsideIsTidiedUpByTheNext() throws IOException {
    picture("a.png", 30, 20);
    Path train = Files.createDirectories(folder.resolve("out/train"));
    Files.writeString(train.resolve(".0.jpg.123.part"), "half");
    Files.writeString(train.resolve(".mine.jpg.123.part"), "of something else");

    CaptionedImages.load(folder).export(folder.resolve("out"));

    assertThat(train.toFile().list()).containsExactlyInAnyOrder("0.jpg", ".mine.jpg.123.part");
  }

  @Test
  void anExportedFolderLoadsAgain() throws IOException {
    picture("a.png", 30, 20);
    CaptionedImages.load(folder).export(folder.resolve("out"));

    CaptionedImages again = CaptionedImages.load(folder.resolve("out"));

    assertThat(PictureHeader.read(again.get(0).file()).width()).isEqualTo(30);
  }

  @Test
  void theTableHasSizesAndNamesWhatIsBroken() throws IOException {
    picture("a.png", 30, 20);
    Files.writeString(folder.resolve("b.png"), "broken");
    Files.writeString(folder.resolve("a.txt"), "二次元");

    Table table = CaptionedImages.load(folder).table();

    assertThat(table.intColumn("image_width").get(0)).isEqualTo(30);
    assertThat(table.doubleColumn("aspect_ratio").get(0)).isEqualTo(1.5);
    assertThat(table.intColumn("caption_length").get(0)).isEqualTo(3);
    assertThat(table.intColumn("image_width").isMissing(1)).isTrue();
    assertThat(table.stringColumn("problem").get(1)).contains("is not a PNG");
  }

  @Test
  void theSummaryCountsAndAveragesWhatIsThereAlone() throws IOException {
    picture("a.png", 30, 20);
    picture("b.png", 50, 20);
    Files.writeString(folder.resolve("c.png"), "broken");

    Table summary = CaptionedImages.load(folder).summary();

    assertThat(summary.columnNames())
        .containsExactly(
            "statistic", "image_width", "image_height", "aspect_ratio", "bytes", "caption_length");
    assertThat(summary.stringColumn("statistic").asList())
        .containsExactly("count", "missing", "mean", "std", "min", "25%", "50%", "75%", "max");
    assertThat(summary.doubleColumn("image_width").asDoubleArray())
        .containsExactly(2, 1, 40, Math.sqrt(200), 30, 35, 40, 45, 50);
    assertThat(summary.doubleColumn("caption_length").get(0)).isEqualTo(3);
  }

  @Test
  void aGalleryShowsABrokenPictureAsACard() throws IOException {
    picture("a.png", 400, 300);
    Files.writeString(folder.resolve("b.png"), "broken");

    Gallery gallery = CaptionedImages.load(folder).gallery(12);

    assertThat(gallery.size()).isEqualTo(2);
    assertThat(gallery.pictures().get(0).getWidth()).isEqualTo(Gallery.CELL);
    assertThat(gallery.render().getWidth()).isEqualTo(2 * Gallery.CELL + 3 * 8);
    assertThat(CaptionedImages.of("none", List.of()).gallery(3).render()).isNotNull();
  }

  private void picture(String name, int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    PictureFile.write(picture, folder.resolve(name));
  }

  private void metadata(String lines) throws IOException {
    Files.writeString(folder.resolve("metadata.jsonl"), lines);
  }

  @Test
  void aTurnedCamerasPictureIsExportedAsStoredAndSaidOrTurnedIfAsked() throws IOException {
    Path set = Files.createDirectories(folder.resolve("turned"));
    Path variants = Path.of("src/test/resources/image/variants");
    Files.copy(variants.resolve("rotated_6.jpg"), set.resolve("a.jpg"));
    Files.copy(variants.resolve("sampled_444.jpg"), set.resolve("b.jpg"));
    CaptionedImages images = CaptionedImages.load(set);

    PictureExport stored = images.export(folder.resolve("stored"));
    PictureExport upright = images.exportUpright(folder.resolve("upright"));

    assertThat(stored.lying()).containsExactly(images.get(0).file());
    assertThat(stored.toString()).contains("1 张照片", "a.jpg", "exportUpright");
    assertThat(PictureHeader.read(stored.written().get(0).file()).width()).isEqualTo(24);
    assertThat(upright.lying()).isEmpty();
    assertThat(upright.toString()).doesNotContain("exportUpright");
    assertThat(PictureHeader.read(upright.written().get(0).file()).width()).isEqualTo(17);
    assertThat(upright.written()).hasSize(2);
  }
}
