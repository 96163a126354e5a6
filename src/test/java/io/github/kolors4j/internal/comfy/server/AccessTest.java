package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.comfy.WorkflowException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call, and who may not. */
class AccessTest {
  @TempDir Path folder;

  private TestServer start(@Nullable String token, String... origins) {
    List<URI> uris = List.of(origins).stream().map(URI::create).toList();
    return TestServer.start(folder, s -> settings(s, s.listen(), token, uris));
  }

  private static ServerSettings settings(
      ServerSettings s, String listen, @Nullable String token, List<URI> origins) {
    return new ServerSettings(
        listen,
        s.port(),
        s.folders(),
        token,
        origins,
        s.frontEnd(),
        s.paused(),
        s.mostPrompts(),
        s.mostUploadBytes(),
        s.notices());
  }

  private static String status(String answer) {
    return answer.substring(0, answer.indexOf('\r'));
  }

  @Test
  void onlyNamesOfThisMachineAreAnsweredTo() {
    try (TestServer server = start(null, "https://lab.example.org")) {
      int port = server.url().getPort();
      for (String host :
          List.of("localhost:" + port, "127.0.0.1", "[::1]:9", "127.3.2.1:80", "LOCALHOST")) {
        assertThat(status(server.raw("GET /api/users HTTP/1.1", "Host: " + host)))
            .as(host)
            .contains("200");
      }
      assertThat(status(server.raw("GET /api/users HTTP/1.1", "Host: lab.example.org")))
          .contains("200");
      for (String host :
          List.of(
              "evil.example",
              "evil.example:" + port,
              "127.0.0.1.evil.example",
              "localhost.evil.example",
              "192.168.1.5",
              "0.0.0.0")) {
        String answer = server.raw("GET /api/users HTTP/1.1", "Host: " + host);
        assertThat(status(answer)).as(host).contains("403");
        assertThat(answer).contains("--allow-origin");
      }
    }
  }

  @Test
  void aForeignPageMayNotCall() {
    try (TestServer server = start(null, "https://lab.example.org")) {
      String own = "http://127.0.0.1:" + server.url().getPort();
      for (String origin : List.of(own, "https://lab.example.org")) {
        assertThat(prompt(server, "Origin", origin).statusCode()).as(origin).isEqualTo(200);
      }
      for (String origin :
          List.of(
              "https://evil.example",
              "http://127.0.0.1:9999",
              "https://lab.example.org.evil.example",
              "http://lab.example.org",
              "null")) {
        assertThat(prompt(server, "Origin", origin).statusCode()).as(origin).isEqualTo(403);
      }
      assertThat(prompt(server, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
      assertThat(prompt(server, "Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<byte[]> prompt(TestServer server, String header, String value) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/prompt"))
            .header(header, value)
            .POST(HttpRequest.BodyPublishers.ofString(TestServer.prompt("x", "Save").toString())));
  }

  @Test
  void aLinkToThePageMayBeFollowedFromElsewhere() {
    try (TestServer server = start(null)) {
      HttpResponse<byte[]> page =
          server.send(
              HttpRequest.newBuilder(server.uri("/"))
                  .header("Sec-Fetch-Site", "cross-site")
                  .header("Sec-Fetch-Mode", "navigate"));
      HttpResponse<byte[]> api =
          server.send(
              HttpRequest.newBuilder(server.uri("/api/settings"))
                  .header("Sec-Fetch-Site", "cross-site")
                  .header("Sec-Fetch-Mode", "navigate"));

      assertThat(page.statusCode()).isEqualTo(503); // not installed here
      assertThat(TestServer.text(page)).contains("environment/comfyui-front-end");
      assertThat(api.statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aForeignPageCannotOpenAWebSocket() {
    try (TestServer server = start(null)) {
      String[] upgrade = {
        "GET /ws?clientId=x HTTP/1.1",
        "Host: 127.0.0.1:" + server.url().getPort(),
        "Connection: Upgrade, close",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Origin: https://evil.example"
      };

      assertThat(status(server.raw(upgrade))).contains("403");
    }
  }

  @Test
  void aProxyThatGivesItsOwnNameIsAllowed() {
    try (TestServer server = start(null)) {
      HttpResponse<byte[]> answer =
          server.send(
              HttpRequest.newBuilder(server.uri("/api/users"))
                  .header("Origin", "https://hub.example.org")
                  .header("X-Forwarded-Host", "hub.example.org"));

      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAllowedOriginMayReadTheAnswersAndAskBefore() {
    try (TestServer server = start(null, "https://lab.example.org")) {
      HttpResponse<byte[]> answer =
          server.send(
              HttpRequest.newBuilder(server.uri("/api/prompt"))
                  .header("Origin", "https://lab.example.org")
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://lab.example.org");
      assertThat(server.get("/api/users").headers().firstValue("Access-Control-Allow-Origin"))
          .isEmpty();
    }
  }

  @Test
  void aTokenIsWantedAsAHeaderAQueryOrTheCookieOfAFirstVisit() {
    try (TestServer server = start("a token, & more")) {
      assertThat(server.url().getQuery()).isEqualTo("token=a token, & more".replace(" ", "+"));
      assertThat(server.get("/api/users").statusCode()).isEqualTo(401);
      assertThat(server.get("/").statusCode()).isEqualTo(401);
      assertThat(server.get("/api/users?token=wrong").statusCode()).isEqualTo(401);
      assertThat(with(server, "Authorization", "Bearer a token, & more").statusCode())
          .isEqualTo(200);
      assertThat(with(server, "Authorization", "Bearer a token").statusCode()).isEqualTo(401);

      HttpResponse<byte[]> visit = server.get("/api/users?" + server.url().getRawQuery());
      String cookie = visit.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(visit.statusCode()).isEqualTo(200);
      assertThat(cookie).contains("HttpOnly", "SameSite=Lax").doesNotContain("a token");
      assertThat(with(server, "Cookie", "x=1; " + cookie.split(";")[0]).statusCode())
          .isEqualTo(200);
      assertThat(with(server, "Cookie", cookie.split("=")[0] + "=00").statusCode()).isEqualTo(401);
      assertThat(status(server.raw("GET /ws HTTP/1.1", "Host: any.example"))).contains("401");
    }
  }

  private static HttpResponse<byte[]> with(TestServer server, String header, String value) {
    return server.send(HttpRequest.newBuilder(server.uri("/api/users")).header(header, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anotherAddressWantsAToken(String address) {
    assertThatThrownBy(() -> TestServer.start(folder, s -> settings(s, address, null, List.of())))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("--token");
  }

  @Test
  void aShortTokenAndAnOriginThatIsNoneAreRefused() {
    assertThatThrownBy(() -> start("short")).hasMessageContaining("guessed");
    assertThatThrownBy(() -> start(null, "lab.example.org")).hasMessageContaining("https://");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /api/users%2,400",
    "GET /api/userdata/%ff,400",
    "GET /api/users?x=%zz,400",
    "GET //evil.example/,404",
    "BREW /api/users,405",
    "GET /api/userdata/a%2F%2Fb,403"
  })
  void aMalformedAddressIsNoFault(String request, int status) {
    try (TestServer server = start(null)) {
      String answer = server.raw(request + " HTTP/1.1", "Host: localhost");

      assertThat(status(answer)).contains("" + status);
      assertThat(answer).doesNotContain("Exception", "\tat ", "jetty");
    }
  }

  @Test
  void serversAreNotNamed() {
    try (TestServer server = start(null)) {
      String answer = server.raw("GET /api/none HTTP/1.1", "Host: localhost");

      assertThat(answer.toLowerCase()).doesNotContain("jetty").contains("nosniff");
      assertThat(status(server.raw("GET / HTTP/1.1"))).contains("400"); // no Host
    }
  }
}
