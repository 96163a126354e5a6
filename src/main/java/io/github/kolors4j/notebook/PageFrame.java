package io.github.kolors4j.notebook;

import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.internal.comfy.server.FrontEnd;
import io.github.kolors4j.internal.comfy.server.NotebookProxy;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * ComfyUI's page below a cell, in a frame and as a link. Where the notebook is on another machine
 * than the browser, both lead through the notebook server's proxy: JupyterHub says the path, and
 * elsewhere the notebook's own page knows it.
 */
final class PageFrame {
  private static final String FRAME =
      """
      <div>ComfyUI: <a id="%1$s-link" href="%2$s" target="_blank">%2$s</a>
      <span style="opacity:.7">（在新标签页打开 opens in a tab of its own）</span></div>
      <iframe id="%1$s" src="%2$s" title="ComfyUI" allow="clipboard-read; clipboard-write"
       style="width:100%%;height:720px;border:1px solid rgba(128,128,128,.5)"></iframe>
      """;

  /** Of a notebook server on another machine, the page knows the path. */
  private static final String BY_PROXY =
      """
      <script>
      (() => {
        const local = /^(localhost|.*\\.localhost|127\\..*|\\[?::1\\]?)$/.test(location.hostname);
        if (!location.protocol.startsWith('http') || local) return;
        const config = document.getElementById('jupyter-config-data');
        const base = config ? JSON.parse(config.textContent).baseUrl : '/';
        const address = base + 'proxy/%2$d/%3$s';
        const frame = document.getElementById('%1$s');
        const link = document.getElementById('%1$s-link');
        frame.src = link.href = link.textContent = address;
      })();
      </script>
      """;

  private static final String NO_PAGE =
      """
      <div>ComfyUI 的服务器在 <code>%s</code> 运行，但页面没有安装：在终端里运行 <code>environment/comfyui-front-end</code>，
      再运行这一格。(The server runs, but ComfyUI's page is not installed: run <code>environment/comfyui-front-end</code>
      in a terminal, then this cell again.)</div>""";

  private PageFrame() {}

  static Html of(ComfyServer server) {
    return of(server.url(), server.hasPage(), NotebookProxy.find());
  }

  /**
   * The frame.
   *
   * @param url of the server as this machine reaches it
   */
  static Html of(URI url, boolean hasPage, Optional<NotebookProxy> proxy) {
    if (!hasPage) {
      return new Html(NO_PAGE.formatted(Html.escape(url.toString())));
    }
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String id = "comfyui-" + UUID.randomUUID().toString().substring(0, 8);
    if (proxy.isPresent()) {
      return new Html(FRAME.formatted(id, Html.escape(proxy.get().to(url.getPort()) + query)));
    }
    return new Html(
        FRAME.formatted(id, Html.escape(url.toString()))
            + BY_PROXY.formatted(id, url.getPort(), query));
  }

  /** For where no notebook is. */
  static String text(ComfyServer server) {
    return server.hasPage()
        ? server.url().toString()
        : server.url() + "\n" + FrontEnd.HOW_TO_INSTALL;
  }
}
