package io.github.kolors4j.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server as a program starts it. */
class ComfyServerTest {
  @TempDir Path folder;

  @Test
  void startsOnAFreePortAndEndsWhenItIsClosed() throws IOException {
    ComfyServer server = ComfyServer.options().port(0).base(folder).notices(notice -> {}).start();
    URL features = server.url().resolve("/features").toURL();
    try (server) {
      assertThat(server.url().getHost()).isEqualTo("127.0.0.1");
      assertThat(((HttpURLConnection) features.openConnection()).getResponseCode()).isEqualTo(200);
    }
    assertThatThrownBy(() -> new Socket("127.0.0.1", features.getPort()).close())
        .isInstanceOf(ConnectException.class);
    server.close(); // once more is no error
  }

  @Test
  void aTakenPortIsSaid() {
    try (ComfyServer server = ComfyServer.options().port(0).base(folder.resolve("a")).start()) {
      ComfyServer.Options same =
          ComfyServer.options().port(server.url().getPort()).base(folder.resolve("b"));

      assertThatThrownBy(same::start)
          .isInstanceOf(WorkflowException.class)
          .hasMessageContaining("--port");
      // and the folder is free again
      ComfyServer.options().port(0).base(folder.resolve("b")).start().close();
    }
  }

  @Test
  void wrongOptionsAreSaidBeforeAnythingIsStarted() {
    ComfyServer.Options options = ComfyServer.options();

    assertThatThrownBy(() -> options.port(70_000)).hasMessageContaining("65535");
    assertThatThrownBy(() -> options.allowOrigin("not an address"))
        .hasMessageContaining("https://lab.example.org");
    assertThatThrownBy(() -> options.frontEnd(folder)).hasMessageContaining("index.html");
  }

  @Test
  void oldPicturesThatWereOnlyShownAreDeletedWithAWord() throws IOException {
    Path temp = Files.createDirectories(folder.resolve("temp"));
    Path old = Files.writeString(temp.resolve("old.png"), "x");
    Path recent = Files.writeString(temp.resolve("new.png"), "x");
    assertThat(old.toFile().setLastModified(System.currentTimeMillis() - 8L * 86_400_000)).isTrue();
    List<String> notices = new ArrayList<>();

    ComfyServer.options().port(0).base(folder).notices(notices::add).start().close();

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(notices).anyMatch(notice -> notice.contains("more than a week"));
  }

  @Test
  void withoutJettyItSaysWhatToAdd() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("jetty")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> server = without.loadClass(ComfyServer.class.getName());

      assertThatThrownBy(() -> server.getMethod("start").invoke(null))
          .cause()
          .hasMessageContaining("org.eclipse.jetty:jetty-server:12.1")
          .hasMessageContaining("%maven");
    }
  }
}
