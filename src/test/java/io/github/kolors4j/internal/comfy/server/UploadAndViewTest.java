package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that come and go. */
class UploadAndViewTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static byte[] picture(int colour) {
    BufferedImage picture = new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(3, 4, colour);
    return PictureEncoder.png(picture);
  }

  private static HttpResponse<byte[]> upload(
      String path, String name, byte[] content, Map<String, String> fields) {
    String boundary = "----x";
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    fields.forEach(
        (field, value) ->
            form.writeBytes(
                ("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(boundary, field, value))
                    .getBytes(StandardCharsets.UTF_8)));
    form.writeBytes(
        ("--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"%s\"\r\nContent-Type: image/png\r\n\r\n"
                .formatted(boundary, name))
            .getBytes(StandardCharsets.UTF_8));
    form.writeBytes(content);
    form.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray())));
  }

  private static JsonObject uploaded(String name, byte[] content, Map<String, String> fields) {
    return TestServer.json(upload("/api/upload/image", name, content, fields), 200)
        .getAsJsonObject();
  }

  @Test
  void theSameFileKeepsItsNameAndAnotherGetsANumber() throws IOException {
    JsonObject first = uploaded("男孩.png", picture(1), Map.of());
    JsonObject same = uploaded("男孩.png", picture(1), Map.of());
    JsonObject other = uploaded("男孩.png", picture(2), Map.of());
    JsonObject otherAgain = uploaded("男孩.png", picture(2), Map.of());
    JsonObject replaced = uploaded("男孩.png", picture(3), Map.of("overwrite", "true"));

    assertThat(first.toString())
        .isEqualTo("{\"name\":\"男孩.png\",\"subfolder\":\"\",\"type\":\"input\"}");
    assertThat(same).isEqualTo(first);
    assertThat(other.get("name").getAsString()).isEqualTo("男孩 (1).png");
    assertThat(otherAgain).isEqualTo(other);
    assertThat(replaced).isEqualTo(first);
    assertThat(Files.readAllBytes(server.folders.input().resolve("男孩.png"))).isEqualTo(picture(3));
    assertThat(server.json("/internal/files/input").toString()).contains("男孩.png", "男孩 (1).png");
  }

  @Test
  void typeAndSubfolderSayWhereAndTheViewShowsIt() {
    JsonObject answer =
        uploaded("a.png", picture(7), Map.of("type", "temp", "subfolder", "clipspace/x"));

    HttpResponse<byte[]> view =
        server.get("/api/view?filename=a.png&subfolder=clipspace%2Fx&type=temp");

    assertThat(answer.get("subfolder").getAsString()).isEqualTo("clipspace/x");
    assertThat(view.body()).isEqualTo(picture(7));
    assertThat(view.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(view.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(server.get("/api/view?filename=clipspace/x/a.png%20[temp]").statusCode())
        .as("only the last part is a name, as in ComfyUI")
        .isEqualTo(404);
  }

  @Test
  void aLargeFileLiesOnDiskMeanwhileAndATooLargeOneIsRefused() {
    byte[] large = new byte[(1 << 20) - 4096];

    assertThat(uploaded("large.bin", large, Map.of()).get("name").getAsString())
        .isEqualTo("large.bin");
    assertThat(upload("/api/upload/image", "huge.bin", new byte[3 << 20], Map.of()).statusCode())
        .isEqualTo(413);
    assertThat(
            server
                .send(
                    HttpRequest.newBuilder(server.uri("/upload/image"))
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(
                            HttpRequest.BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[3 << 20]))))
                .statusCode())
        .isIn(400, 413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../out.png", "..\\out.png", "/etc/x.png", "C:\\x.png", "nul", "a/../../b"})
  void aNameThatLeadsOutIsRefused(String name) {
    assertThat(
            upload("/api/upload/image", name.replace("\\", "\\\\"), picture(1), Map.of())
                .statusCode())
        .isEqualTo(400);
    assertThat(
            upload("/api/upload/image", "x.png", picture(1), Map.of("subfolder", name))
                .statusCode())
        .isEqualTo(400);
    assertThat(upload("/api/upload/image", "x.png", picture(1), Map.of("type", name)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void whatIsNoFormIsRefused() {
    assertThat(server.post("/upload/image", "x").statusCode()).isEqualTo(400);
    assertThat(
            server
                .send(
                    HttpRequest.newBuilder(server.uri("/upload/image"))
                        .header("Content-Type", "multipart/form-data; boundary=q")
                        .POST(HttpRequest.BodyPublishers.ofString("--q\r\nbroken")))
                .statusCode())
        .isEqualTo(400);
    assertThat(upload("/api/upload/image", "", picture(1), Map.of()).statusCode()).isEqualTo(400);
  }

  @Test
  void aMaskBecomesThePicturesAlpha() throws IOException {
    uploaded("base.png", picture(0xff0000), Map.of());
    BufferedImage mask = new BufferedImage(12, 8, BufferedImage.TYPE_INT_ARGB);
    mask.setRGB(3, 4, 0x80000000);

    HttpResponse<byte[]> answer =
        upload(
            "/api/upload/mask",
            "masked.png",
            PictureEncoder.png(mask),
            Map.of("original_ref", "{\"filename\":\"base.png\",\"type\":\"input\"}"));

    assertThat(TestServer.json(answer, 200).getAsJsonObject().get("name").getAsString())
        .isEqualTo("masked.png");
    BufferedImage masked = ImageIO.read(server.folders.input().resolve("masked.png").toFile());
    assertThat(masked.getRGB(3, 4)).isEqualTo(0x80ff0000);
    assertThat(masked.getRGB(0, 0) >>> 24).isZero();
    BufferedImage alpha = read(server.get("/view?filename=masked.png&type=input&channel=a"));
    assertThat(alpha.getRGB(3, 4)).isEqualTo(0x80000000);
    BufferedImage rgb = read(server.get("/view?filename=masked.png&type=input&channel=rgb"));
    assertThat(rgb.getColorModel().hasAlpha()).isFalse();
    assertThat(rgb.getRGB(3, 4)).isEqualTo(0xffff0000);
    assertThat(
            upload(
                    "/api/upload/mask",
                    "m.png",
                    PictureEncoder.png(mask),
                    Map.of("original_ref", "{\"filename\":\"none.png\"}"))
                .statusCode())
        .isEqualTo(404);
    assertThat(upload("/api/upload/mask", "m.png", PictureEncoder.png(mask), Map.of()).statusCode())
        .isEqualTo(400);
  }

  private static BufferedImage read(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    return ImageIO.read(new ByteArrayInputStream(response.body()));
  }

  @Test
  void aPreviewIsSmallerAndOfTheFormatThatIsAskedFor() throws IOException {
    uploaded("p.png", picture(5), Map.of());

    HttpResponse<byte[]> webp = server.get("/api/view?filename=p.png&type=input&preview=webp;90");
    HttpResponse<byte[]> jpeg = server.get("/api/view?filename=p.png&type=input&preview=jpeg;75");

    assertThat(webp.headers().firstValue("Content-Type")).contains("image/webp");
    assertThat(new String(webp.body(), 8, 4, StandardCharsets.US_ASCII)).isEqualTo("WEBP");
    assertThat(jpeg.headers().firstValue("Content-Type")).contains("image/jpeg");
    assertThat(read(jpeg).getWidth()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.html", "x.svg", "x.js", "x.xml", "x.css"})
  void whatABrowserWouldRunIsOnlyToBeSaved(String name) {
    uploaded(name, "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8), Map.of());

    HttpResponse<byte[]> view = server.get("/api/view?type=input&filename=" + name);

    assertThat(view.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(view.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment");
    assertThat(view.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filename=..%2Fqueue%2Flock",
        "filename=%2Fetc%2Fpasswd",
        "filename=lock&subfolder=..%2Fqueue",
        "filename=lock&subfolder=%2Fetc",
        "filename=x%00.png",
        "filename=&type=input",
        "filename=a.png&type=queue",
        "filename=lock&subfolder=..%5Cqueue"
      })
  void theViewShowsNothingElse(String query) {
    assertThat(server.get("/api/view?" + query).statusCode()).isIn(400, 403);
  }

  @Test
  void aDamagedPictureIsNoFaultOfTheServer() {
    uploaded("bad.png", "no picture".getBytes(StandardCharsets.UTF_8), Map.of());

    assertThat(server.get("/view?filename=bad.png&type=input&preview=webp;90").statusCode())
        .isEqualTo(400);
    assertThat(server.get("/view?filename=none.png").statusCode()).isEqualTo(404);
    assertThat(server.get("/view").statusCode()).isEqualTo(404);
  }
}
