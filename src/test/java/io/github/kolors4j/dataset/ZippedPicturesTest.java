package io.github.kolors4j.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.image.PictureFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ModelScope's older sets: a table, and a zip file of whichever program. */
class ZippedPicturesTest {
  private static final String BOY = "图片/男孩.png";
  private static final String GIRL = "图片/女孩.png";

  @TempDir Path folder;
  private byte[] picture;
  private Path zip;
  private Path meta;

  @BeforeEach
  void draw() throws IOException {
    Path file = folder.resolve("x.png");
    PictureFile.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), file);
    picture = Files.readAllBytes(file);
    zip = folder.resolve("pics.zip");
    meta = folder.resolve("train.csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "GBK", "IBM437"})
  void namesAreReadInTheEncodingOfTheProgramThatWroteThem(String encoding) throws IOException {
    String second = encoding.equals("IBM437") ? "é.png" : GIRL;
    String first = encoding.equals("IBM437") ? "a.png" : BOY;
    zip(Charset.forName(encoding), first, second);
    table("image:FILE,text\n" + first + ",一个男孩\n" + second + ",#一个女孩\n");

    assertThat(load().pictures())
        .allSatisfy(one -> assertThat(one.read().getWidth()).isEqualTo(8))
        .extracting(CaptionedPicture::caption)
        .containsExactly("一个男孩", "#一个女孩");
  }

  @ParameterizedTest
  @CsvSource({"Big5, 圖片/男孩.png", "windows-31j, 画像/少年.png", "x-windows-949, 그림/소년.png"})
  void soAreThoseOfOtherLanguagesThatGbkReadsAsOtherSigns(String encoding, String name)
      throws IOException {
    zip(Charset.forName(encoding), name);
    table("image:FILE,text\n" + name + ",a\n");

    assertThat(load().get(0).read().getWidth()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html> | is no zip file but a web page: the download went wrong",
        "version https://git-lfs.github.com/spec/v1 | is no zip file but a pointer of Git LFS",
        "Rar! | is no zip file but a RAR archive: pack it again",
        "PK.. | is a zip file that is damaged or cut"
      })
  void whatIsNoZipFileIsNamedForWhatItIs(String start, String reason) throws IOException {
    Files.writeString(zip, start);
    table("image:FILE,text\na.png,a\n");

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void encryptedAndUnusualArchivesAndDamagedPicturesAreNamedForWhatTheyAre() throws IOException {
    zip(StandardCharsets.UTF_8, "a.png");
    table("image:FILE,text\na.png,a\n");
    byte[] whole = Files.readAllBytes(zip);
    int directory = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");

    byte[] encrypted = whole.clone();
    encrypted[directory + 8] |= 1;
    Files.write(zip, encrypted);
    assertThatThrownBy(this::load).hasMessageContaining("is encrypted: unpack it");

    byte[] unusual = whole.clone();
    unusual[directory + 10] = 12;
    Files.write(zip, unusual);
    assertThatThrownBy(this::load).hasMessageContaining("compressed by bzip2, which is not read");

    byte[] damaged = whole.clone();
    damaged[directory + 16] ^= 1;
    Files.write(zip, damaged);
    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("the content of a.png is damaged");
  }

  @Test
  void pathsMayBeWrittenInOtherWays() throws IOException {
    zip(
        StandardCharsets.UTF_8,
        "a/0.png",
        "a/1.png",
        Normalizer.normalize("a/é.png", Normalizer.Form.NFD));
    table("image:FILE,text\n./a/0.png,dot\na\\1.png,backslash\na/é.png,accent\n");

    assertThat(load().size()).isEqualTo(3);
  }

  @Test
  void whatTheTableNamesAndTheArchiveLacksIsNamedWithTheLine() throws IOException {
    zip(StandardCharsets.UTF_8, "a/0.png");
    table("image:FILE,text\na/0.png,a\na/1.png,b\n");

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("train.csv, line 3 names \"a/1.png\", which is not in")
        .hasMessageContaining("[a/0.png]");
  }

  @Test
  void aTableInAnotherEncodingIsToldByItsOwnReason() throws IOException {
    zip(StandardCharsets.UTF_8, "a/0.png");
    Files.write(meta, "image:FILE,text\na/0.png,一个男孩\n".getBytes(Charset.forName("GBK")));

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("train.csv, line 2: this is not UTF-8 text, but seems to be GBK");
    assertThat(load(CaptionSource.USUAL.encoding("GBK")).get(0).caption()).isEqualTo("一个男孩");
  }

  @Test
  void aFileThatIsNoZipFileIsToldSo() throws IOException {
    Files.writeString(zip, "<html>busy</html>");
    table("image:FILE,text\na/0.png,a\n");

    assertThatThrownBy(this::load)
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("pics.zip is no zip file");
  }

  @Test
  void captionsUnderAnotherNameAreMissedAloudAndCanBeNamed() throws IOException {
    zip(StandardCharsets.UTF_8, "a/0.png");
    table("image:FILE,zh_text\na/0.png,一个男孩\n");

    assertThat(load().notices())
        .singleElement()
        .asString()
        .contains("1 of 1 pictures have no caption", "[file_name, zh_text]");
    assertThat(load(CaptionSource.USUAL.column("zh_text")).get(0).caption()).isEqualTo("一个男孩");
  }

  @Test
  void aCommaWithoutQuotationMarksIsRefused() throws IOException {
    zip(StandardCharsets.UTF_8, "a/0.png");
    table("image:FILE,text\na/0.png,一个男孩, 蓝色头发\n");

    assertThatThrownBy(this::load).hasMessageContaining("train.csv, line 2: expected 2 cells");
  }

  private CaptionedImages load() throws IOException {
    return load(CaptionSource.USUAL);
  }

  private CaptionedImages load(CaptionSource source) throws IOException {
    Path unpacked = ZippedPictures.unpack(meta, zip, folder.resolve("unpacked"), source);
    return CaptionedImages.load(unpacked, CaptionSource.USUAL.column(source.column()));
  }

  private void zip(Charset encoding, String... names) throws IOException {
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream archive = new ZipOutputStream(out, encoding)) {
      for (String name : List.of(names)) {
        archive.putNextEntry(new ZipEntry(name));
        archive.write(picture);
      }
    }
  }

  private void table(String text) throws IOException {
    Files.writeString(meta, text);
  }
}
