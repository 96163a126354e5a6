package io.github.kolors4j.internal.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class JavaNetworkTest {
  @Test
  void javaIsToldTheProxyWithoutItsPassword() {
    assertThat(
            JavaNetwork.properties(
                Map.of(
                    "HTTPS_PROXY", "http://li%20lei:p%40ss@proxy.test:3128/",
                    "http_proxy", "other.test:80",
                    "NO_PROXY", "localhost,.example.org *.a.org:80,10.0.0.0/8")))
        .containsEntry("https.proxyHost", "proxy.test")
        .containsEntry("https.proxyPort", "3128")
        .containsEntry("http.proxyHost", "other.test")
        .containsEntry(
            "http.nonProxyHosts",
            "localhost|127.*|[::1]|localhost|*.localhost|example.org|*.example.org|a.org|*.a.org")
        .allSatisfy((name, value) -> assertThat(value).doesNotContain("p@ss", "p%40ss"));
  }

  @Test
  void aStarExcludesAll() {
    assertThat(JavaNetwork.properties(Map.of("all_proxy", "http://a:1", "no_proxy", "*")))
        .hasEntrySatisfying("http.nonProxyHosts", hosts -> assertThat(hosts).endsWith("|*"));
  }

  @Test
  void aProxyThatJavaDoesNotKnowAndNoneAreLeftOut() {
    assertThat(JavaNetwork.properties(Map.of("ALL_PROXY", "socks5://127.0.0.1:1080")))
        .isEqualTo(JavaNetwork.properties(Map.of()))
        .containsOnlyKeys(JavaNetwork.REFUSED_SCHEMES);
  }

  @Test
  void certificatesAreReadWhenSomethingConnects() throws Exception {
    AtomicInteger made = new AtomicInteger();
    SSLContext usual = SSLContext.getDefault();
    SSLContext late =
        LateContext.of(
            () -> {
              made.incrementAndGet();
              return usual;
            });
    assertThat(made).hasValue(0);
    assertThat(late.getProtocol()).isEqualTo("TLS");
    assertThat(late.createSSLEngine("a", 1).getPeerHost()).isEqualTo("a");
    assertThat(late.getSocketFactory()).isNotNull();
    assertThat(made).hasValue(1);
  }
}
