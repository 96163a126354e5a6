package io.github.kolors4j.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.dataset.TextEncoding;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where captions are found, in which encoding, and what is said where there are none. */
class CaptionsTest {
  private static final String BOY = "一个蓝色头发的男孩";

  @TempDir Path folder;

  @Test
  void rowsThatBeginWithAHashBelongToTheTable() throws IOException {
    pictures("0.png", "#3.png", "1.png");
    write("metadata.csv", "file_name,text\n0.png,a red square\n#3.png,hash\n1.png,#anime girl\n");

    assertThat(captions()).containsExactly("a red square", "hash", "#anime girl");
  }

  @Test
  void aCommaWithoutQuotationMarksIsRefusedWithTheLineAndTheRemedy() throws IOException {
    pictures("0.png", "1.png");
    write("metadata.csv", "file_name,text\n0.png,a boy\n1.png,a girl, blue hair\n");

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            folder.resolve("metadata.csv")
                + ", line 3: expected 2 cells (file_name, text), found 3. A text that has commas in"
                + " it stands in quotation marks: \"a girl, blue hair\"");
  }

  @Test
  void captionsOfATableAreTextsWhateverTheyLookLike() throws IOException {
    pictures("0.png");
    write("metadata.csv", "file_name,text\n0.png,007\n0.png,NA\n0.png, 1.50 \n0.png,True\n");

    assertThat(captions()).containsExactly("007", "NA", " 1.50 ", "True");
  }

  @Test
  void picturesOfFoldersWithinAreNotLeftOutWithoutAWord() throws IOException {
    Files.createDirectories(folder.resolve("10_boy"));
    Files.createDirectories(folder.resolve(".ipynb_checkpoints"));
    pictures("10_boy/1.png", ".ipynb_checkpoints/0-checkpoint.png");
    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContainingAll("is empty", "folders within it, such as 10_boy: name that one");

    pictures("0.png");
    write("0.txt", "a boy");
    assertThat(load().size()).isEqualTo(1);
    assertThat(load().notices())
        .singleElement()
        .asString()
        .contains("have pictures, too, which are not read: 10_boy)");
  }

  @Test
  void thereIsANoticeOfPicturesWithoutCaptionsAndWhereTheyWereLookedFor() throws IOException {
    pictures("0.png", "1.png", "2.png");
    write("1.txt", "  \n");
    write("2.txt", "two");

    assertThat(load().notices())
        .singleElement()
        .asString()
        .contains("2 of 3 pictures have no caption", "0.txt, 0.caption");
    assertThat(load().toString()).contains("2 of 3 pictures have no caption");
  }

  @Test
  void noCaptionsAtAllAreRefusedWhereTheyAreNeeded() throws IOException {
    pictures("0.png", "1.png");
    write(
        "metadata.jsonl",
        "{\"file_name\": \"0.png\", \"prompt\": \"a\"}\n{\"file_name\": \"1.png\", \"prompt\": \"b\"}\n");

    assertThat(load().notices()).singleElement().asString().contains("2 of 2 pictures");
    assertThatThrownBy(() -> load().requireCaptions())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("None of the 2 pictures")
        .hasMessageContaining("looked for the key \"text\"")
        .hasMessageContaining("[file_name, prompt]")
        .hasMessageContaining("--caption_column");

    CaptionedImages named = load(CaptionSource.USUAL.column("prompt"));
    named.requireCaptions();
    assertThat(named.notices()).isEmpty();
    assertThat(named.get(1).caption()).isEqualTo("b");
  }

  @Test
  void anotherColumnOfATableCanHaveTheCaptions() throws IOException {
    pictures("0.png");
    write("metadata.csv", "file_name,zh,en\n0.png,男孩,boy\n");

    assertThatThrownBy(this::load)
        .hasMessageContaining("no column text; its columns are [file_name, zh, en]")
        .hasMessageContaining("--caption_column");
    CaptionedPicture picture = load(CaptionSource.USUAL.column("zh")).get(0);
    assertThat(picture.caption()).isEqualTo("男孩");
    assertThat(picture.attributes()).containsEntry("en", "boy");
  }

  @Test
  void aCaptionMayLieInACaptionFileAndInAnyCase() throws IOException {
    pictures("a.png", "b.PNG", "c.jpg", "d.png", "e.f.png");
    write("a.caption", "one");
    write("b.TXT", "two");
    write("c.Caption", "three");
    write("d.txt", "four");
    write("d.caption", "another");
    write("e.f.txt", "five");
    write("e.txt", "of no picture");

    CaptionedImages pictures = load();
    assertThat(pictures.pictures())
        .extracting(CaptionedPicture::caption)
        .containsExactly("one", "two", "three", "four", "five");
    assertThat(pictures.notices()).singleElement().asString().contains("d.caption");

    assertThat(load(CaptionSource.USUAL.extension("caption")).get(3).caption())
        .isEqualTo("another");
  }

  @Test
  void whatMacOsAndJupyterLeaveBehindIsPassedOver() throws IOException {
    pictures("0.png", "1.png", ".ipynb_checkpoints/0-checkpoint.png");
    write("0.txt", "zero");
    write("1.txt", "one");
    Files.write(folder.resolve("._0.png"), new byte[] {0, 5, 22, 7});
    Files.write(folder.resolve("._0.txt"), new byte[] {0, 5, 22, 7, -1, -2});
    Files.write(folder.resolve(".DS_Store"), new byte[] {0, 0, 0, 1});
    Files.write(folder.resolve("Thumbs.db"), new byte[] {-48, -49});

    assertThat(captions()).containsExactly("zero", "one");
    assertThat(load().notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GBK, GBK (GB18030)",
    "Big5, Big5",
    "Shift_JIS, Shift_JIS",
    "UTF-16LE, UTF-16LE",
    "UTF-16BE, UTF-16BE"
  })
  void anotherEncodingIsRefusedByItsNameAndReadIfItIsNamed(String name, String guess)
      throws IOException {
    String text =
        switch (name) {
          case "Big5" -> "一個藍色頭髮的男孩，在公園裡面跑步";
          case "Shift_JIS" -> "青い髪の男の子が、公園で走っています";
          default -> BOY + ", blue hair";
        };
    pictures("0.png", "1.png");
    write("0.txt", "good\n");
    Files.write(folder.resolve("1.txt"), text.getBytes(Charset.forName(name)));

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(folder.resolve("1.txt") + ", line 1: this is not UTF-8 text")
        .hasMessageContaining("seems to be " + guess)
        .hasMessageContaining("iconv -f")
        .hasMessageContaining("--caption_encoding");
    Files.delete(folder.resolve("0.txt"));
    assertThat(load(CaptionSource.USUAL.encoding(name)).get(1).caption()).isEqualTo(text);
  }

  @Test
  void theFirstLineThatIsNotUtf8IsNamed() throws IOException {
    pictures("0.png");
    byte[] good =
        ("file_name,text\n0.png," + BOY + "\n").repeat(3000).getBytes(StandardCharsets.UTF_8);
    byte[] bad = "0.png,caf\u00e9 girl\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = java.util.Arrays.copyOf(good, good.length + bad.length);
    System.arraycopy(bad, 0, all, good.length, bad.length);
    Files.write(folder.resolve("metadata.csv"), all);

    assertThatThrownBy(this::load)
        .hasMessageContaining("metadata.csv, line 6001: this is not UTF-8 text")
        .hasMessageContaining("Latin-1");
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void aByteOrderMarkSaysWhatTheEncodingIs(String name) throws IOException {
    pictures("0.png");
    Charset encoding = Charset.forName(name);
    String lines = "\ufefffile_name,text\n0.png," + BOY + "\n";
    Files.write(folder.resolve("metadata.csv"), lines.getBytes(encoding));

    assertThat(captions()).containsExactly(BOY);
    // Also where another one was named.
    assertThat(load(CaptionSource.USUAL.encoding("GBK")).get(0).caption()).isEqualTo(BOY);
  }

  @ParameterizedTest
  @CsvSource({
    "latin-1, ISO-8859-1",
    "Latin_1, ISO-8859-1",
    "utf_8, UTF-8",
    "utf-8-sig, UTF-8",
    "UTF-16, UTF-16LE",
    "utf_16_be, UTF-16BE",
    "cp936, GBK",
    "gb18030, GB18030",
    "cp950, x-windows-950",
    "cp932, windows-31j",
    "sjis, Shift_JIS",
    "euc_kr, EUC-KR",
    "cp1252, windows-1252"
  })
  void encodingsHaveTheNamesThatTheyHaveInPython(String name, String encoding) {
    assertThat(TextEncoding.of(name).charset()).isEqualTo(Charset.forName(encoding));
  }

  @Test
  void anEncodingThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> CaptionSource.USUAL.encoding("GBKK"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("\"GBKK\" is no encoding of text; such are UTF-8, GBK");
  }

  @Test
  void picturesAreFoundWhicheverWayTheirNamesAreWritten() throws IOException {
    String composed = "caf\u00e9 가.png";
    pictures("train/0.png", Normalizer.normalize(composed, Normalizer.Form.NFD));
    write(
        "metadata.csv",
        "file_name,text\ntrain\\0.png,backslash\n./train/0.png,dot\n" + composed + ",accent\n");

    assertThat(load().pictures()).allSatisfy(picture -> assertThat(picture.file()).exists());

    Files.delete(folder.resolve("metadata.csv"));
    write(composed.replace(".png", ".txt"), "beside");
    assertThat(captions()).containsExactly("beside");
  }

  @Test
  void picturesThatTheTableDoesNotNameAreNoticed() throws IOException {
    pictures("0.png", "1.png", "2.png");
    write("metadata.csv", "file_name,text\n1.png,one\n");

    assertThat(load().notices())
        .singleElement()
        .asString()
        .contains("2 pictures are not named in metadata.csv and left out: 0.png, 2.png");
  }

  @Test
  void twoTablesInOneFolderAreRefusedAndTwoInTwoAreNoticed() throws IOException {
    pictures("0.png", "train/1.png");
    write("metadata.csv", "file_name,text\n0.png,one\n");
    write("train/metadata.csv", "file_name,text\n1.png,two\n");
    assertThat(load().notices()).singleElement().asString().contains("is read", "is not");

    write("metadata.jsonl", "{\"file_name\": \"0.png\", \"text\": \"two\"}\n");
    assertThatThrownBy(this::load).hasMessageContaining("both a metadata.jsonl and a metadata.csv");
  }

  @Test
  void jsonIsReadToTheLetter() throws IOException {
    pictures("0.png");
    for (String wrong :
        List.of(
            "{\"file_name\": \"0.png\", \"text\": hello}",
            "{\"file_name\": \"0.png\", 'text': 'a'}",
            "{\"file_name\": \"0.png\", \"text\": \"a\", \"text\": \"b\"}",
            "{\"file_name\": \"0.png\", \"text\": \"a\"} x",
            "{\"file_name\": \"0.png\", \"text\": \"a",
            "{\"file_name\": \"0.png\", \"text\": \"\\ud83d\"}",
            "{\"file_name\": \"0.png\", \"text\": [\"a\", \"b\"]}")) {
      write("metadata.jsonl", "\n" + wrong + "\n");
      assertThatThrownBy(this::load)
          .as(wrong)
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining("metadata.jsonl, line 2: ");
    }
    write("metadata.jsonl", "{\"file_name\": \"0.png\", \"text\": 12, \"n\": NaN}\n");
    assertThat(captions()).containsExactly("12");
  }

  @Test
  void severalPicturesOfALineAreNoticed() throws IOException {
    pictures("0.png", "1.png");
    write("metadata.jsonl", "{\"images\": [\"0.png\", \"1.png\"], \"text\": \"a\"}\n");

    assertThat(load().get(0).file()).isEqualTo(folder.resolve("0.png"));
    assertThat(load().notices()).anyMatch(notice -> notice.contains("several pictures"));
    write("metadata.jsonl", "{\"image\": \"1.png\", \"text\": \"a\"}\n");
    assertThat(load().get(0).file()).isEqualTo(folder.resolve("1.png"));
  }

  @Test
  void aLinkToAFolderIsLikeTheFolder() throws IOException {
    pictures("there/0.png");
    write("there/0.txt", "zero");
    Path link = Files.createSymbolicLink(folder.resolve("here"), folder.resolve("there"));

    assertThat(CaptionedImages.load(link).get(0).caption()).isEqualTo("zero");
  }

  private CaptionedImages load() {
    return load(CaptionSource.USUAL);
  }

  private CaptionedImages load(CaptionSource source) {
    return CaptionedImages.load(folder, source);
  }

  private List<String> captions() {
    return load().pictures().stream().map(CaptionedPicture::caption).toList();
  }

  private void pictures(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      PictureFile.write(
          new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), folder.resolve("x.png"));
      Files.createDirectories(file.getParent());
      Files.move(folder.resolve("x.png"), file);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
