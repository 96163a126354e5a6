package io.github.kolors4j.internal.hub;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What Java connects with by default, made when something first connects: to read a hundred
 * certificates takes a moment that most programs need not wait for.
 */
final class LateContext extends SSLContext {

  private LateContext(SSLContextSpi parts) {
    super(
        parts,
        new Provider("kolors4j", "1", "certificates of the environment") {
          private static final long serialVersionUID = 1L;
        },
        "TLS");
  }

  /** A context that is made when it is first used. */
  static SSLContext of(Supplier<SSLContext> making) {
    return new LateContext(new Parts(making));
  }

  private static final class Parts extends SSLContextSpi {
    private final Supplier<SSLContext> making;
    private @Nullable SSLContext made;

    private Parts(Supplier<SSLContext> making) {
      this.making = making;
    }

    private synchronized SSLContext made() {
      if (made == null) {
        made = making.get();
      }
      return made;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("Java's usual context is made already");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return made().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return made().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return made().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return made().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return made().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return made().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return made().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return made().getSupportedSSLParameters();
    }
  }
}
