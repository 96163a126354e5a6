package io.github.kolors4j.comfy.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** ComfyUI's own page in a browser: what a user does with it, and what they see. */
final class ComfyPage implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 1000;

  private final Chromium browser;

  private ComfyPage(Chromium browser) {
    this.browser = browser;
  }

  /** Opens the page and waits until it knows the nodes. */
  static ComfyPage open(URI address) throws IOException {
    ComfyPage page = new ComfyPage(Chromium.start(WIDTH, HEIGHT));
    try {
      page.goTo(address);
      return page;
    } catch (AssertionError e) {
      page.browser.screenshot(Path.of("target/comfyui/did-not-open.png"));
      page.close();
      throw new AssertionError(page.browser.complaints().toString(), e);
    }
  }

  void goTo(URI address) {
    browser.open(address.toString());
    browser.waitFor(
        "the nodes' classes",
        "window.app?.graph && window.LiteGraph?.registered_node_types.KolorsSampler",
        START);
    // What the page opens with, the last workflow or an empty one, comes a little later.
    browser.waitFor(
        "the Run button", "document.querySelector('[data-testid=queue-button]')", START);
    browser.waitFor(
        "a quiet page",
        "document.readyState === 'complete' && !document.querySelector('#splash-loader')",
        START);
  }

  Chromium browser() {
    return browser;
  }

  /** Drops a file onto the canvas and waits for as many nodes. */
  void drop(Path file, int nodes) {
    browser.evaluate("app.graph.clear()");
    browser.drop(file, WIDTH / 2.0, HEIGHT / 2.0);
    browser.waitFor(
        nodes + " nodes of " + file.getFileName(),
        "app.graph.nodes.length === " + nodes,
        Duration.ofSeconds(30));
    showAll();
  }

  /** Zooms so that all nodes are seen. */
  void showAll() {
    browser.evaluate("app.extensionManager.command.execute('Comfy.Canvas.FitView')");
    browser.evaluate("new Promise(done => setTimeout(done, 1000))");
  }

  /** Opens a workflow as the page does with one that was saved. */
  void load(JsonObject workflow) {
    browser.evaluate(
        "app.loadGraphData(JSON.parse(%s))".formatted(Chromium.quoted(workflow.toString())));
  }

  /** Sets a node's widget, as a user types into it. */
  void set(String type, String widget, Object value) {
    browser.evaluate(
        """
        (() => {
          const node = app.graph.nodes.find(each => each.type === %s);
          const widget = node.widgets.find(each => each.name === %s);
          widget.value = %s;
          widget.callback?.(widget.value);
          app.graph.setDirtyCanvas(true, true);
        })()
        """
            .formatted(
                Chromium.quoted(type),
                Chromium.quoted(widget),
                value instanceof String text ? Chromium.quoted(text) : value));
  }

  /** Presses Run. */
  void run() {
    browser.click("[data-testid=queue-button]");
  }

  /** Stops the run at work, by the button beside Run. */
  void interrupt() {
    browser.click("button[aria-label='Cancel current run']");
  }

  /** Cancels all jobs that are run, by the button beside their number. */
  void cancelRunning() {
    browser.click("button[aria-label='Interrupt all running jobs']");
  }

  /** Opens or closes the list of jobs. */
  void toggleJobs() {
    browser.click("[data-testid=queue-overlay-toggle]");
  }

  /** Takes all that waits from the queue, in the list of jobs. */
  void clearQueue() {
    browser.click("button[aria-label='Clear queued']");
  }

  /** The ids of the jobs in the list, which must be open. */
  List<String> jobs() {
    return strings("[...document.querySelectorAll('[data-job-id]')].map(e => e.dataset.jobId)");
  }

  /** Begins to write down the messages of a run, as the page hears them. */
  void listen() {
    browser.evaluate(
        """
        (() => {
          window.heard = [];
          if (window.hears) return;
          window.hears = true;
          for (const type of ['execution_start', 'execution_cached', 'executing', 'progress', 'executed', 'execution_success',
              'execution_error', 'execution_interrupted', 'b_preview_with_metadata', 'status']) {
            window.comfyAPI.api.api.addEventListener(type, event => window.heard.push({type, data: event.detail}));
          }
        })()
        """);
  }

  /** Waits for a message of a run since {@link #listen}; a run that fails is an error at once. */
  void waitForMessage(String type, Duration patience) {
    String heard = "window.heard.some(m => m.type === '%s' || m.type === 'execution_error')";
    browser.waitFor("message " + type, heard.formatted(type), patience);
    JsonElement failure =
        browser.evaluate(
            "window.heard.find(m => m.type === 'execution_error')?.data.exception_message ?? ''");
    if (!failure.getAsString().isEmpty()) throw new AssertionError(failure.getAsString());
  }

  /** How many messages of a type came since {@link #listen}. */
  int messages(String type) {
    return browser
        .evaluate("window.heard.filter(m => m.type === '%s').length".formatted(type))
        .getAsInt();
  }

  /** The ids of the nodes that the server worked on since {@link #listen}. */
  List<String> executed() {
    return strings(
        "[...new Set(window.heard.filter(m => m.type === 'executing' && m.data).map(m => String(m.data.node ?? m.data)))]");
  }

  /** Texts that JavaScript gives. */
  List<String> strings(String script) {
    List<String> texts = new ArrayList<>();
    browser.evaluate(script).getAsJsonArray().forEach(each -> texts.add(each.getAsString()));
    return texts;
  }

  /** The widgets' texts and values that a node shows, by name. */
  JsonObject widgets(String type) {
    String script =
        "Object.fromEntries(app.graph.nodes.find(n => n.type === %s).widgets.map(w => [w.name, w.value]))"
            .formatted(Chromium.quoted(type));
    return browser.evaluate(script).getAsJsonObject();
  }

  /** What the page complains of to the user: red nodes, messages that pop up, dialogs. */
  List<String> alarms() {
    return strings(
        """
        [
          ...app.graph.nodes.filter(n => n.has_errors || n.bgcolor === 'red' || n.last_serialization?.type !== undefined
              && !LiteGraph.registered_node_types[n.type]).map(n => 'node ' + n.id + ' ' + n.type),
          ...[...document.querySelectorAll('.p-toast-message-error, .p-toast-message-warn, [data-sonner-toast][data-type=error]')]
              .map(e => 'toast: ' + e.innerText),
          ...[...document.querySelectorAll('[role=dialog], [data-testid=error-overlay]')]
              .filter(e => e.offsetParent).map(e => 'dialog: ' + e.innerText),
        ]
        """);
  }

  void screenshot(String name) throws IOException {
    browser.screenshot(Path.of("target/comfyui", name + ".png"));
  }

  /** Requests that went elsewhere than to this server. */
  List<String> requestsElsewhere(URI server) {
    return browser.requests().stream()
        .filter(address -> !address.matches("(data|blob|about):.*"))
        .filter(address -> !server.getAuthority().equals(URI.create(address).getAuthority()))
        .toList();
  }

  /** The prompt that the page posts when Run is pressed, which no server gets. */
  JsonObject posted() {
    String body =
        browser
            .evaluate(
                """
        (async () => {
          const { api } = window.comfyAPI.api;
          const real = api.fetchApi;
          let body;
          api.fetchApi = function (route, options) {
            if (route !== '/prompt' || options?.method !== 'POST') return real.call(api, route, options);
            body = options.body;
            return Promise.resolve(new Response(JSON.stringify({prompt_id: crypto.randomUUID(), number: 1, node_errors: {}}),
                {status: 200, headers: {'content-type': 'application/json'}}));
          };
          try { await app.queuePrompt(0, 1); } finally { api.fetchApi = real; }
          return body;
        })()
        """)
            .getAsString();
    return JsonParser.parseString(body).getAsJsonObject().getAsJsonObject("prompt");
  }

  @Override
  public void close() throws IOException {
    browser.close();
  }
}
