package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.internal.comfy.server.NotebookProxy;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageFrameTest {
  private static final URI HERE = URI.create("http://127.0.0.1:8188/");

  @Test
  void thePageStandsInAFrameAndAsALink() {
    assertThat(PageFrame.of(HERE, true, Optional.empty()).source())
        .contains("<iframe", "src=\"http://127.0.0.1:8188/\"", "href=\"http://127.0.0.1:8188/\"");
  }

  @Test
  void behindJupyterHubItLeadsThroughTheProxyWithItsToken() {
    Html frame =
        PageFrame.of(
            URI.create("http://127.0.0.1:8188/?token=abc"),
            true,
            Optional.of(new NotebookProxy("/user/a/")));
    assertThat(frame.source())
        .contains("src=\"/user/a/proxy/8188/?token=abc\"")
        .doesNotContain("127.0.0.1", "<script>");
  }

  @Test
  void onAnotherMachineTheNotebooksPageFindsTheProxy() {
    assertThat(PageFrame.of(HERE, true, Optional.empty()).source())
        .contains("<script>", "baseUrl", "'proxy/8188/'");
  }

  @Test
  void withoutThePageItSaysHowToInstallIt() {
    assertThat(PageFrame.of(HERE, false, Optional.empty()).source())
        .contains("environment/comfyui-front-end", "http://127.0.0.1:8188/")
        .doesNotContain("<iframe");
  }
}
