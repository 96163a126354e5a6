package io.github.kolors4j.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code environment/network.sh} makes of the environment, in a checkout of its own. */
@Timeout(60)
class NetworkScriptTest {
  private static final String CERTIFICATE =
      "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";

  @TempDir Path folder;
  private Path home;

  @BeforeEach
  void aCheckout() throws IOException {
    home = folder.resolve("my 学习");
    Files.createDirectories(home.resolve("environment"));
    Files.createDirectories(home.resolve("build"));
    for (String script : List.of("common.sh", "network.sh")) {
      Files.copy(Path.of("environment", script), home.resolve("environment").resolve(script));
    }
  }

  private String run(Map<String, String> environment, String commands) throws Exception {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", ". environment/common.sh; " + commands)
            .directory(home.toFile())
            .redirectErrorStream(true);
    bash.environment().clear();
    bash.environment().put("PATH", System.getenv("PATH"));
    bash.environment().put("LC_ALL", "C.UTF-8");
    bash.environment().put("HOME", folder.toString());
    bash.environment().putAll(environment);
    Process process = bash.start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), UTF_8);
      process.waitFor();
      return said;
    }
  }

  private String settings(Map<String, String> environment) throws Exception {
    String said = run(environment, "prepare_maven /nowhere; cat build/maven-network.xml");
    assertThat(home.resolve("build/maven-network.xml")).exists();
    return said;
  }

  @Test
  void mavenIsToldTheProxyAndReadsThePasswordFromTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of(
            "HTTPS_PROXY", "http://li%20lei:p%40ss%3Aw%25rd@proxy.test:3128/",
            "NO_PROXY", "localhost,.example.org *.a.org:80,10.0.0.0/8,*");
    assertThat(settings(environment))
        .contains("<host>proxy.test</host><port>3128</port>")
        .contains(
            "<nonProxyHosts>localhost|*.localhost|example.org|*.example.org|a.org|*.a.org|*</nonProxyHosts>")
        .contains("<password>${env.KOLORS4J_PROXY_PASSWORD_https}</password>")
        .doesNotContain("p@ss");
    assertThat(run(environment, "prepare_maven /nowhere; env"))
        .contains("KOLORS4J_PROXY_USER_https=li lei\n")
        .contains("KOLORS4J_PROXY_PASSWORD_https=p@ss:w%rd\n");
  }

  @Test
  void everyProgramFindsTheProxyUnderItsOwnName() throws Exception {
    assertThat(run(Map.of("ALL_PROXY", "proxy.test:8080", "no_proxy", "a"), "env"))
        .contains("\nhttp_proxy=http://proxy.test:8080\n", "\nHTTPS_PROXY=http://proxy.test:8080\n")
        .contains("\nNO_PROXY=a\n");
    assertThat(run(Map.of("https_proxy", "http://a:1", "HTTPS_PROXY", "http://b:2"), "env"))
        .contains("\nHTTPS_PROXY=http://a:1\n");
    assertThat(run(Map.of("ALL_PROXY", "socks5://127.0.0.1:1080"), "env"))
        .doesNotContain("https_proxy");
  }

  @Test
  void withoutProxyAndMirrorMavenIsToldNothing() throws Exception {
    assertThat(run(Map.of(), "prepare_maven /nowhere; echo \"[${maven_network[*]-}]\""))
        .isEqualTo("[]\n");
  }

  @Test
  void aMirrorAndAFolderOfLibrariesAreRememberedAndForgotten() throws Exception {
    String mirror = "https://mirror.test/maven?a=1&b=2";
    Path libraries = folder.resolve("a stick/libraries");
    Files.createDirectories(libraries.resolve("repository"));
    run(Map.of("KOLORS4J_MAVEN_MIRROR", mirror), "remember_network_settings");
    assertThat(settings(Map.of()))
        .contains("<mirrorOf>*</mirrorOf><url>https://mirror.test/maven?a=1&amp;b=2</url>");
    run(Map.of("KOLORS4J_LIBRARIES", libraries.toString()), "remember_network_settings");
    assertThat(settings(Map.of()))
        .contains("<url>file://" + folder + "/a%20stick/libraries/repository<");
    run(Map.of("KOLORS4J_LIBRARIES", ""), "remember_network_settings");
    assertThat(settings(Map.of())).contains("mirror.test");
    assertThat(run(Map.of("KOLORS4J_LIBRARIES", "/nowhere"), "echo \"[$libraries]\""))
        .contains("/nowhere, which is no folder made by environment/pack", "[]");
  }

  @Test
  void certificatesThatOneProgramIsToldAreToldToAll() throws Exception {
    Path pem = folder.resolve("company.pem");
    Files.writeString(pem, CERTIFICATE);
    String said = run(Map.of("REQUESTS_CA_BUNDLE", pem.toString()), "env");
    String all = home.toRealPath().resolve("build/certificates/all.pem").toString();
    assertThat(said)
        .contains("SSL_CERT_FILE=" + all, "PIP_CERT=" + all, "NODE_EXTRA_CA_CERTS=" + all);
    assertThat(Files.readString(Path.of(all))).contains(CERTIFICATE);
    assertThat(run(Map.of("SSL_CERT_FILE", "/nowhere.pem"), "true"))
        .contains("/nowhere.pem, which is not there");
  }

  @Test
  void whatADownloadDiedOfIsExplained() throws Exception {
    Map<String, String> words =
        Map.of(
            "PKIX path building failed: unable to find valid certification path", "SSL_CERT_FILE",
            "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] …')", "SSL_CERT_FILE",
            "407 Proxy Authentication Required", "USER:PASSWORD",
            "Temporary failure resolving 'deb.test'", "environment/pack",
            "Could not resolve dependencies for project", "");
    for (var word : words.entrySet()) {
      Files.writeString(home.resolve("log"), word.getKey());
      String said = run(Map.of(), "explain_network_failure log");
      if (word.getValue().isEmpty()) {
        assertThat(said).isEmpty();
      } else {
        assertThat(said).as(word.getKey()).contains(word.getValue());
      }
    }
  }

  @Test
  void aColonInTheFoldersPathIsSaid() throws Exception {
    Path other = folder.resolve("a:b");
    Files.move(home, other);
    home = other;
    assertThat(run(Map.of(), "echo not reached"))
        .contains("colon", "a:b")
        .doesNotContain("reached");
  }
}
