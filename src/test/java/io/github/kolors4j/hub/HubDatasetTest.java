package io.github.kolors4j.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.dataset.DatasetException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data sets from a hub; {@code dataset/make_parquet.py} makes the parquet file. */
@Timeout(60)
class HubDatasetTest {
  private static final String ID = "AI-ModelScope/lowres_anime";
  private static final String CARD =
      """
      ---
      license: apache-2.0
      configs:
      - config_name: default
        data_files:
        - split: train
          path: data/train-*
        - split: test
          path: [data/test-*, "more/**/*.parquet"]
      ---
      # Pictures
      """;

  @TempDir Path home;
  private final LocalHub server = new LocalHub();

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Hub hub(boolean huggingFace) {
    return new Hub(HubSettings.of(huggingFace, Map.of("HOME", home.toString())))
        .endpoint(server.address())
        .folder(home.resolve("hub"));
  }

  private CaptionedImages load(String subset, String split) {
    return CaptionedImages.load(hub(false), ID, subset, split);
  }

  private static byte[] parquet() throws IOException {
    try (InputStream in = HubDatasetTest.class.getResourceAsStream("/dataset/pictures.parquet")) {
      return in.readAllBytes();
    }
  }

  private void serve(String card, String... parquetFiles) throws IOException {
    server.files.put("README.md", card.getBytes(UTF_8));
    for (String file : parquetFiles) {
      server.files.put(file, parquet());
    }
  }

  @Test
  void theParquetFilesOfASplitBecomePicturesWithCaptions() throws IOException {
    serve(
        CARD,
        "data/train-00000-of-00002.parquet",
        "data/train-00001-of-00002.parquet",
        "data/other");

    CaptionedImages pictures = load("default", "train");

    assertThat(pictures.size()).isEqualTo(6); // three rows of four have a picture
    assertThat(pictures.get(0).caption()).isEqualTo("二次元，红色");
    assertThat(pictures.get(0).attributes()).isEqualTo(Map.of("author", "a"));
    assertThat(pictures.get(0).read().getRGB(8, 6)).isEqualTo(0xFFFF0000);
    assertThat(PictureHeader.read(pictures.get(1).file()).format()).isEqualToIgnoringCase("jpeg");
    assertThat(pictures.get(1).caption()).isEqualTo("blue hair");
    assertThat(pictures.get(2).caption()).isEmpty();
    assertThat(pictures.get(2).file()).hasFileName("00003.png");
    assertThat(pictures.get(5).file()).hasFileName("00007.png");
    assertThat(server.fileRequests()).noneMatch(r -> r.query().contains("other"));
    assertThat(server.requests.get(0).path()).isEqualTo("/api/v1/datasets/" + ID + "/repo/tree");
  }

  @Test
  void whatWasUnpackedIsReadAgainWithoutANetwork() throws IOException {
    serve(CARD, "data/train-0.parquet");
    Path first = load("default", "train").get(0).file();
    var unpacked = Files.getLastModifiedTime(first);
    server.close();
    CaptionedImages again = CaptionedImages.load(hub(false).offline(true), ID, "default", "train");
    assertThat(again.size()).isEqualTo(3);
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(unpacked);
  }

  @Test
  void anotherSplitHasItsOwnFilesAndPictures() throws IOException {
    serve(
        CARD, "data/train-0.parquet", "data/test-0.parquet", "more/a/b.parquet", "more/c.parquet");
    assertThat(load("default", "train").size()).isEqualTo(3);
    assertThat(load("default", "test").size()).isEqualTo(9);
  }

  @Test
  void anUnknownSubsetOrSplitIsRefusedWithTheKnownOnes() throws IOException {
    serve(CARD, "data/train-0.parquet");
    assertThatThrownBy(() -> load("small", "train"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("[default]");
    assertThatThrownBy(() -> load("default", "validation")).hasMessageContaining("[train, test]");
    assertThatThrownBy(() -> load("../..", "train")).hasMessageContaining("no name");
  }

  @Test
  void aHubThatKnowsDataSetsByNumberIsAskedForTheNumber() throws IOException {
    serve(CARD, "data/train-0.parquet");
    for (int i = 0; i < 2; i++) { // the README, then the parquet file
      server.nextListAnswers.add(LocalHub.text(404, "{}"));
      server.nextListAnswers.add(
          LocalHub.text(200, "{\"Code\":200,\"Data\":{\"Id\":77,\"Type\":4}}"));
      server.nextListAnswers.add(server::list);
    }
    assertThat(load("default", "train").size()).isEqualTo(3);
    assertThat(server.requests.get(2).path()).isEqualTo("/api/v1/datasets/77/repo/tree");
  }

  @Test
  void withoutACardTheFilesNamesTellTheSplit() throws IOException {
    serve("# Pictures", "all/train.parquet", "test-0.parquet");
    assertThat(CaptionedImages.load(hub(true), ID, "default", "train").size()).isEqualTo(3);
    assertThat(server.fileRequests()).noneMatch(r -> r.path().contains("test-0"));
  }

  @Test
  void aDamagedCardOrParquetFileIsSaidSo() throws IOException {
    serve("---\na: [b\n---\n");
    assertThatThrownBy(() -> load("default", "train")).hasMessageContaining("README.md is damaged");
    serve("---\na: !!java.net.URL [\"http://x\"]\n---\n");
    Files.delete(home.resolve("hub").resolve(ID).resolve("README.md"));
    assertThatThrownBy(() -> load("default", "train")).hasMessageContaining("README.md is damaged");
  }

  @Test
  void aDamagedParquetFileIsSaidSo() throws IOException {
    serve(CARD);
    byte[] cut = java.util.Arrays.copyOf(parquet(), 700);
    server.files.put("data/train-0.parquet", cut);
    assertThatThrownBy(() -> load("default", "train"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("train-0.parquet")
        .hasMessageContaining("damaged");
    assertThat(home.resolve("hub").resolve(ID).resolve("pictures/default/train/metadata.jsonl"))
        .doesNotExist();
  }

  @Test
  void modelScopesOlderKindIsATableAndAZipFile() throws IOException {
    BufferedImage green = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    green.setRGB(1, 1, 0x00FF00);
    Path png = home.resolve("green.png");
    PictureFile.write(green, png);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("pictures/../../green.png"));
      out.write(Files.readAllBytes(png));
    }
    server.files.put(
        "lowres_anime.json",
        "{\"default\":{\"train\":{\"meta\":\"train.csv\",\"file\":\"train.zip\"}}}"
            .getBytes(UTF_8));
    server.files.put(
        "train.csv", "Image:FILE,Text\npictures/../../green.png,\"绿色，头发\"\n".getBytes(UTF_8));
    server.files.put("train.zip", zip.toByteArray());

    CaptionedImages pictures = load("default", "train");

    CaptionedPicture only = pictures.get(0);
    assertThat(pictures.size()).isEqualTo(1);
    assertThat(only.caption()).isEqualTo("绿色，头发");
    assertThat(only.file()).startsWith(home.resolve("hub").resolve(ID));
    assertThat(only.read().getRGB(1, 1)).isEqualTo(0xFF00FF00);
    assertThatThrownBy(() -> load("default", "test")).hasMessageContaining("[train]");
  }
}
