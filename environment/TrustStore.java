import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** {@code java TrustStore.java STORE PEM...}: a store with Java's own certificates and those of the files. */
class TrustStore {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN (TRUSTED )?CERTIFICATE-----.*?-----END (TRUSTED )?CERTIFICATE-----", Pattern.DOTALL);

  public static void main(String[] args) throws Exception {
    // A PKCS12 store opened without a password, as Java does, hides its certificates.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    int number = 0;
    var own = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    own.init((KeyStore) null);
    for (var manager : own.getTrustManagers()) {
      for (X509Certificate certificate : ((X509TrustManager) manager).getAcceptedIssuers()) {
        store.setCertificateEntry("java-" + number++, certificate);
      }
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (int i = 1; i < args.length; i++) {
      var found = CERTIFICATE.matcher(Files.readString(Path.of(args[i]), StandardCharsets.ISO_8859_1));
      while (found.find()) {
        try {
          byte[] bytes = found.group().getBytes(StandardCharsets.ISO_8859_1);
          store.setCertificateEntry("named-" + number++, factory.generateCertificate(new ByteArrayInputStream(bytes)));
        } catch (CertificateException e) {
          System.err.println("A certificate in " + args[i] + " cannot be read and is left out: " + e.getMessage());
        }
      }
    }
    Path target = Path.of(args[0]);
    Path aside = target.resolveSibling(target.getFileName() + ".new");
    try (var out = Files.newOutputStream(aside)) {
      store.store(out, "changeit".toCharArray());
    }
    Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
