package io.github.kolors4j.internal.hub;

import io.github.kolors4j.hub.HubException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Whose certificates are believed: those in Java's store, and those in the PEM files that {@code
 * SSL_CERT_FILE}, {@code REQUESTS_CA_BUNDLE} and {@code CURL_CA_BUNDLE} name, which other programs
 * read instead of their store. A certificate that is not believed is named in the error.
 */
public final class Trust extends X509ExtendedTrustManager {
  public static final List<String> VARIABLES =
      List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN (?:TRUSTED )?CERTIFICATE-----.*?-----END (?:TRUSTED )?CERTIFICATE-----",
          Pattern.DOTALL);

  /** More than any store of the world's authorities takes. */
  private static final long LONGEST_FILE = 16L << 20;

  private final X509ExtendedTrustManager authorities;
  private final List<String> stores;

  private Trust(X509ExtendedTrustManager authorities, List<String> stores) {
    this.authorities = authorities;
    this.stores = stores;
  }

  /** For Java's client. */
  public static SSLContext context(Map<String, String> environment) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {of(environment)}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new HubException("Java's certificates cannot be read: " + e.getMessage(), e);
    }
  }

  private static Trust of(Map<String, String> environment)
      throws GeneralSecurityException, IOException {
    KeyStore all = KeyStore.getInstance("JKS");
    all.load(null, null);
    int number = 0;
    for (X509Certificate certificate : manager(null).getAcceptedIssuers()) {
      all.setCertificateEntry("java-" + number++, certificate);
    }
    List<String> stores = new ArrayList<>();
    stores.add(javaStore());
    for (String variable : VARIABLES) {
      String file = environment.get(variable);
      if (file != null && !file.isBlank()) {
        List<X509Certificate> certificates = read(variable, file.strip());
        for (X509Certificate certificate : certificates) {
          all.setCertificateEntry("named-" + number++, certificate);
        }
        stores.add("%s (%s, %d of them)".formatted(file.strip(), variable, certificates.size()));
      }
    }
    return new Trust(manager(all), stores);
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static String javaStore() {
    String set = System.getProperty("javax.net.ssl.trustStore");
    return set != null
        ? set
        : Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toString();
  }

  /** What cannot be read is said and left out: the server's may be another's. */
  private static List<X509Certificate> read(String variable, String file) {
    List<X509Certificate> certificates = new ArrayList<>();
    String problem = "no certificate is in it";
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path) || Files.size(path) > LONGEST_FILE) {
        problem = "it is not there, or no file of certificates";
      } else {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Matcher found = CERTIFICATE.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
        while (found.find()) {
          byte[] pem = found.group().getBytes(StandardCharsets.ISO_8859_1);
          try {
            certificates.add(
                (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem)));
          } catch (CertificateException e) {
            problem = "one certificate cannot be read: " + e.getMessage();
          }
        }
      }
    } catch (IOException | InvalidPathException | CertificateException e) {
      problem = e.toString();
    }
    if (certificates.isEmpty()) {
      LoggerFactory.getLogger(Trust.class)
          .warn("{} names {}, which is not used: {}.", variable, file, problem);
    }
    return certificates;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      authorities.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw new RefusedCertificateException(chain, stores, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      authorities.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw new RefusedCertificateException(chain, stores, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authorities.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    authorities.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    authorities.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authorities.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
