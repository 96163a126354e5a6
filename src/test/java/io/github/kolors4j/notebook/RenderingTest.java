package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.concepts.Animation;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Renderable;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChartBuilder;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class RenderingTest {
  @TempDir Path folder;

  private static BufferedImage picture(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  }

  @Test
  void aPictureBecomesAPngOfItsSize() throws IOException {
    var bundle = Rendering.of(picture(7, 5)).toMimeBundle();

    var png = Base64.getDecoder().decode(bundle.get("image/png"));
    var decoded = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(decoded.getWidth()).isEqualTo(7);
    assertThat(decoded.getHeight()).isEqualTo(5);
    assertThat(bundle.get("text/plain")).isEqualTo("7×5 picture");
  }

  @Test
  void whatCanRenderItselfIsShownAsItsPicture() {
    Renderable renderable = () -> picture(3, 2);

    assertThat(Rendering.of(renderable).toMimeBundle()).containsKey("image/png");
  }

  @Test
  void whatIsMoreThanAPictureIsShownAsItsHtml() {
    var film = Animation.of(List.of(picture(3, 2), picture(3, 2)));

    var bundle = Rendering.of(film).toMimeBundle();

    assertThat(bundle.get("text/html")).startsWith("<img").contains("data:image/gif;base64,");
    assertThat(bundle.get("text/plain")).isEqualTo("animation of 2 frames");
    assertThat(bundle).doesNotContainKey("image/png");
  }

  @Test
  void aChartIsShownAsAPictureNamedByItsTitle() {
    var chart = new XYChartBuilder().width(200).height(100).title("损失").build();
    chart.addSeries("loss", new double[] {1, 2}, new double[] {2, 1});

    var rendering = Rendering.of(chart);

    assertThat(rendering.picture())
        .hasValueSatisfying(p -> assertThat(p.getWidth()).isEqualTo(200));
    assertThat(rendering.text()).isEqualTo("chart: 损失");
  }

  @Test
  void aTableKeepsChineseAndEscapesMarkup() {
    var table =
        Table.create("<set>")
            .addColumns(StringColumn.create("发型", "蓝色中分", "<script>alert('&')</script>"));

    String html = Rendering.of(table).toHtml();

    assertThat(html)
        .contains("发型", "蓝色中分", "&lt;set&gt;")
        .contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;")
        .doesNotContain("<script>");
  }

  @Test
  void aLongTableShowsItsFirstRowsAndSaysHowManyThereAre() {
    var table = Table.create("long").addColumns(IntColumn.indexColumn("row", 1000, 0));

    String html = Rendering.of(table).toHtml();

    assertThat(html.split("<tr>", -1)).hasSize(1 + 1 + Rendering.MAXIMUM_ROWS);
    assertThat(html).contains("first 20 of 1000 rows × 1 column");
  }

  @Test
  void anEmptyTableHasItsHeaderOnly() {
    var html = Rendering.of(Table.create("none").addColumns(StringColumn.create("caption")));

    assertThat(html.toHtml()).contains("caption", "0 rows × 1 column");
  }

  @Test
  void aLongTextInATableIsCutBetweenCharacters() {
    var table = Table.create("t").addColumns(StringColumn.create("c", "😀".repeat(400)));

    assertThat(Rendering.of(table).toHtml()).contains("😀".repeat(300) + "…</td>");
  }

  @Test
  void aListOfPicturesBecomesARowOfPictures() {
    var rendering = Rendering.of(List.of(picture(2, 2), picture(3, 3)));

    assertThat(rendering.toHtml().split("<img", -1)).hasSize(3);
    assertThat(rendering.text()).isEqualTo("2 pictures");
  }

  @Test
  void aVeryLongListOfPicturesSaysWhatItLeavesOut() {
    assertThat(Rendering.of(Collections.nCopies(70, picture(1, 1))).toHtml())
        .contains("… and 6 more");
  }

  @Test
  void aListOfOtherThingsStaysText() {
    var rendering = Rendering.of(List.of(picture(1, 1), "text"));

    assertThat(rendering.isTextOnly()).isTrue();
    assertThat(Rendering.of(List.of("a", "b")).text()).isEqualTo("[a, b]");
  }

  @Test
  void nullAndPlainValuesAreText() {
    assertThat(Rendering.of(null).text()).isEqualTo("null");
    assertThat(Rendering.of(42).toMimeBundle()).containsOnlyKeys("text/plain");
  }

  @Test
  void aColumnEmbedsPicturesAndEscapesText() {
    String html = Html.column(picture(1, 1), "<b>", new Html("<i>done</i>")).source();

    assertThat(html).contains("data:image/png;base64,", "&lt;b&gt;", "<i>done</i>");
  }

  @Test
  void numbersOfATableHaveTheDigitsThatAPersonReads() {
    Table table =
        Table.create(
            DoubleColumn.create("x", 1.24282982791587, 1024, 3.2700001e-5, 0.142932024, -2.5),
            StringColumn.create("text", "1.24282982791587", "", "", "", ""));
    table.doubleColumn("x").appendMissing();
    table.stringColumn("text").append("");

    Rendering rendering = Rendering.of(table);

    assertThat(rendering.html().orElseThrow().source())
        .contains(">1.243<", ">1024<", ">3.27e-05<", ">0.1429<", ">-2.5<", "><")
        .contains(">1.24282982791587<"); // a text stays as it is
    assertThat(rendering.text()).contains(" 1.243 ", " 3.27e-05 ", "1.24282982791587");
    assertThat(table.doubleColumn("x").getDouble(0)).isEqualTo(1.24282982791587);
  }

  @Test
  void aCaptionedPictureIsItsPictureAndAListOfThemAGalleryWithCaptions() throws IOException {
    Path file = folder.resolve("a.png");
    PictureFile.write(new BufferedImage(900, 300, BufferedImage.TYPE_INT_RGB), file);
    CaptionedPicture good = new CaptionedPicture(file, "蓝色");
    CaptionedPicture bad = new CaptionedPicture(folder.resolve("none.png"), "没有");

    assertThat(Rendering.of(good).picture().orElseThrow().getWidth()).isEqualTo(512);
    assertThat(Rendering.of(bad).picture()).isPresent();
    Rendering list = Rendering.of(List.of(good, bad, good));
    assertThat(list.picture().orElseThrow().getWidth()).isGreaterThan(600);
    assertThat(list.text()).contains("gallery of 3 pictures");
  }
}
