package io.github.kolors4j.internal.hub;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;

/** A server's certificate that was not believed, and why. Never seen outside the library. */
public final class RefusedCertificateException extends CertificateException {
  private final transient X509Certificate[] chain;
  private final transient List<String> stores;

  /**
   * @param chain what the server sent, its own first
   * @param stores where a trusted one was looked for
   */
  RefusedCertificateException(
      X509Certificate[] chain, List<String> stores, CertificateException cause) {
    super(cause.getMessage(), cause);
    this.chain = chain;
    this.stores = stores;
  }

  /** For a person: what is wrong and what to do. */
  public String advice(String host) {
    for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "The certificate that %s shows is valid from %s to %s, and this computer's clock says %s. Set the clock right; if it is, a proxy with an old certificate may be in the way."
            .formatted(host, chain[0].getNotBefore(), chain[0].getNotAfter(), new Date());
      }
      if (cause instanceof CertPathBuilderException) {
        return "The certificate that %s shows was issued by \"%s\", whom this Java does not trust. A proxy or a virus scanner that reads along puts its own certificate in the way: get it as a PEM file from whoever runs the network, set the environment variable SSL_CERT_FILE to that file, and start again. Looked for it in: %s. Where nothing should read along, try another network."
            .formatted(
                host,
                chain[chain.length - 1].getIssuerX500Principal().getName(),
                String.join("; ", stores));
      }
    }
    return "The certificate that %s shows is not believed (%s): a proxy's page may come in its place. Try another network, or ask whoever runs this one."
        .formatted(host, getMessage());
  }
}
