package io.github.kolors4j.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.hub.ProxyVariables;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads through a proxy; the hub's name is known to the proxy only. */
@Timeout(60)
class HubProxyTest {
  private static final String ID = "someone/something";
  private static final String ISSUER = "CN=Reading Along,O=A Company";

  @TempDir static Path certificates;
  @TempDir Path home;
  private static SSLContext encrypted;
  private final LocalProxy proxy = new LocalProxy();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private LocalHub server = new LocalHub();
  private String scheme = "http";

  @BeforeAll
  static void aCertificateOfNobodyThatJavaKnows() throws Exception {
    Path store = certificates.resolve("store.p12");
    keytool("-genkeypair", "-keyalg", "EC", "-dname", ISSUER, "-ext", "san=dns:hub.test", store);
    keytool("-exportcert", "-rfc", "-file", pem().toString(), store);
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    encrypted = SSLContext.getInstance("TLS");
    encrypted.init(factory.getKeyManagers(), null, null);
  }

  private static Path pem() {
    return certificates.resolve("company.pem");
  }

  private static void keytool(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (Object argument : List.of(arguments).subList(0, arguments.length - 1)) {
      command.add(argument.toString());
    }
    command.addAll(List.of("-alias", "a", "-storepass", "changeit", "-keystore"));
    command.add(arguments[arguments.length - 1].toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said;
    try (InputStream out = process.getInputStream()) {
      said = new String(out.readAllBytes(), UTF_8);
    }
    assertThat(process.waitFor()).as(said).isZero();
  }

  private void encrypt() {
    server.close();
    server = new LocalHub(encrypted);
    scheme = "https";
  }

  @AfterEach
  void stop() {
    server.close();
    proxy.close();
  }

  private Hub hub(String host) {
    server.files.put("config.json", "{}".getBytes(UTF_8));
    server.files.put("weights.safetensors", new byte[100_000]);
    environment.put("HOME", home.toString());
    HubListener listener =
        new HubListener() {
          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    return new Hub(HubSettings.of(true, environment))
        .endpoint(URI.create(scheme + "://" + host + ":" + server.address().getPort()))
        .folder(home.resolve("models"))
        .listener(listener);
  }

  private Hub hub() {
    return hub("hub.test");
  }

  private void assertDownloaded() {
    assertThat(home.resolve("models").resolve(ID).resolve("weights.safetensors"))
        .hasBinaryContent(new byte[100_000]);
  }

  private String address() {
    return "127.0.0.1:" + proxy.port();
  }

  @Test
  void aPlainConnectionGoesThroughTheProxyThatAsksForAPassword() {
    proxy.credentials = "Li Lei:p@ss:w%rd";
    environment.put("http_proxy", "http://Li%20Lei:p%40ss%3Aw%25rd@" + address());
    hub().fetch(ID);
    assertDownloaded();
    assertThat(proxy.requests).hasSize(3).allMatch(r -> r.startsWith("GET http://hub.test:"));
    assertThat(notices).isEmpty();
  }

  @Test
  void anEncryptedConnectionGoesThroughATunnelWithThePasswordAndTheCertificateThatIsNamed() {
    encrypt();
    proxy.credentials = "user:pässword";
    environment.put("HTTPS_PROXY", "http://user:p%C3%A4ssword@" + address());
    environment.put("SSL_CERT_FILE", pem().toString());
    hub().token("secret").fetch(ID);
    assertDownloaded();
    assertThat(proxy.requests).isNotEmpty().allMatch(r -> r.startsWith("CONNECT hub.test:"));
    assertThat(server.proxyHeaders).as("the password goes to the proxy only").isEmpty();
    assertThat(server.requests).allMatch(r -> r.authorization().equals("Bearer secret"));
  }

  @Test
  void aProxyThatSignsWithACertificateOfItsOwnIsNamedWithTheRemedy() {
    encrypt();
    environment.put("https_proxy", "http://" + address());
    String store = System.getProperty("javax.net.ssl.trustStore", "cacerts"); // the environment's
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("hub.test", ISSUER, "SSL_CERT_FILE", store, "proxy");
    assertThat(notices).as("trying again would not help").isEmpty();
  }

  @Test
  void aCertificateForAnotherNameIsNotBelievedEvenFromATrustedIssuer() {
    encrypt();
    environment.put("https_proxy", "http://" + address());
    environment.put("SSL_CERT_FILE", pem().toString());
    assertThatThrownBy(() -> hub("other.test").fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("other.test", "not believed");
  }

  @Test
  void aMissingOrWrongPasswordIsSaidOnceAndIsInNoMessage() {
    proxy.credentials = "user:password";
    for (String kind : List.of("http", "https")) {
      if (kind.equals("https")) {
        encrypt();
      }
      environment.put("all_proxy", address());
      assertThatThrownBy(() -> hub().fetch(ID))
          .isInstanceOf(HubException.class)
          .hasMessageContainingAll("407", address(), "all_proxy=http://USER:PASSWORD@HOST:PORT");
      environment.put("all_proxy", "user:wr0ng@" + address());
      assertThatThrownBy(() -> hub().fetch(ID))
          .isInstanceOf(HubException.class)
          .hasMessageContainingAll("407", "does not take this user name and password")
          .hasMessageNotContaining("wr0ng");
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void aProxyThatRefusesTheHubIsSaid() {
    encrypt();
    proxy.refusal = 403;
    environment.put("https_proxy", address());
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("proxy " + address(), "answered 403", "hub.test");
  }

  @Test
  void aProxyThatIsNotThereIsSaidAtOnce() {
    environment.put("http_proxy", address());
    proxy.close();
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("no connection to the proxy " + address(), "http_proxy");
    assertThat(notices).isEmpty();
  }

  @Test
  void aProxyOfAnotherKindOrThatCannotBeReadIsSaid() {
    for (String value : List.of("socks5://127.0.0.1:1080", "https://127.0.0.1:3129")) {
      environment.put("ALL_PROXY", value);
      assertThatThrownBy(() -> hub().fetch(ID))
          .isInstanceOf(HubException.class)
          .hasMessageContainingAll("ALL_PROXY", "HTTPS_PROXY=http://HOST:PORT");
    }
    environment.put("ALL_PROXY", "http://user:pa#ss/word@127.0.0.1:1");
    assertThatThrownBy(() -> hub().fetch(ID))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("ALL_PROXY", "%23 for #")
        .hasMessageNotContaining("word@");
  }

  @Test
  void thisComputerAndWhatNoProxyNamesAreReachedWithoutTheProxy() {
    environment.put("http_proxy", address());
    hub("127.0.0.1").fetch(ID);
    hub("localhost").fetch("someone/else");
    assertThat(proxy.requests).isEmpty();
    environment.put("NO_PROXY", "elsewhere.org, .test");
    assertThatThrownBy(() -> hub().fetch("another/model"))
        .hasMessageContaining("hub.test is not known");
    assertThat(proxy.requests).isEmpty();
  }

  @Test
  void noProxyKnowsDomainsPortsAndRanges() {
    assertThat(covers("example.org", "https://example.org")).isTrue();
    assertThat(covers("example.org", "https://hub.example.org")).isTrue();
    assertThat(covers(".example.org", "https://hub.example.org/a")).isTrue();
    assertThat(covers("*.example.org", "https://hub.example.org")).isTrue();
    assertThat(covers("EXAMPLE.org", "https://Hub.Example.Org")).isTrue();
    assertThat(covers("example.org", "https://badexample.org")).isFalse();
    assertThat(covers("example.org:8443", "https://example.org")).isFalse();
    assertThat(covers("example.org:443", "https://example.org")).isTrue();
    assertThat(covers("a.org b.org,*", "http://c.org")).isTrue();
    assertThat(covers("10.0.0.0/8", "http://10.200.3.4:80")).isTrue();
    assertThat(covers("10.0.0.0/8", "http://11.0.0.1")).isFalse();
    assertThat(covers("192.168.1.7", "http://192.168.1.7:8000")).isTrue();
    assertThat(covers("0.168.1.7", "http://192.168.1.7")).isFalse();
    assertThat(covers("fd00::/8,[fe80::1]:80", "http://[fd12::1]/")).isTrue();
    assertThat(covers("[fe80::1]:80", "http://[fe80::1]/")).isTrue();
    assertThat(covers("10.0.0.0/99,x/8,/,,", "http://10.0.0.1")).isFalse();
    assertThat(covers("", "http://[::1]:7")).isTrue();
  }

  private static boolean covers(String entries, String uri) {
    var environment = Map.of("all_proxy", "http://proxy.test:1", "no_proxy", entries);
    return new ProxyVariables(environment).proxyFor(URI.create(uri)).isEmpty();
  }
}
