package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotebookProxyTest {
  @Test
  void jupyterHubSaysThePath() {
    var proxy = NotebookProxy.find(Map.of("JUPYTERHUB_SERVICE_PREFIX", "/user/xiao-ming/"));
    assertThat(proxy.orElseThrow().to(8188)).isEqualTo("/user/xiao-ming/proxy/8188/");
  }

  @Test
  void onesOwnPathGoesFirst() {
    var proxy =
        NotebookProxy.find(
            Map.of("JUPYTERHUB_SERVICE_PREFIX", "/a/", "KOLORS4J_NOTEBOOK_PREFIX", "/dsw-1"));
    assertThat(proxy.orElseThrow().to(1)).isEqualTo("/dsw-1/proxy/1/");
  }

  @Test
  void elsewhereThereIsNone() {
    assertThat(NotebookProxy.find(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.org/", "//elsewhere.org/", "/\"><script>/", "x"})
  void whatIsNoPathIsNotTaken(String path) {
    assertThat(NotebookProxy.find(Map.of("JUPYTERHUB_SERVICE_PREFIX", path))).isEmpty();
  }
}
