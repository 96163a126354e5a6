package io.github.kolors4j.comfy.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A page in headless Chromium, driven by the DevTools protocol, which Java's own WebSocket speaks:
 * no driver, no Node. Chromium is the one that the variable {@code CHROMIUM} names, or {@code
 * chromium} or {@code google-chrome} on the path; where there is none, that is an error.
 */
final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final Path profile;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final Map<String, Consumer<JsonObject>> listeners = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  private String session = "";

  private Chromium(Process process, Path profile, String address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Reader())
            .join();
  }

  /** Starts Chromium with an empty page of this size. */
  static Chromium start(int width, int height) throws IOException {
    Path profile = Files.createTempDirectory("chromium");
    Process process =
        new ProcessBuilder(
                program(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--hide-scrollbars",
                "--window-size=" + width + "," + height,
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Chromium browser = new Chromium(process, profile, listeningAddress(process));
    try {
      browser.attach(width, height);
      return browser;
    } catch (AssertionError e) {
      browser.close();
      throw e;
    }
  }

  private void attach(int width, int height) {
    JsonObject target = object("url", "about:blank");
    JsonObject attach = call("Target.createTarget", target);
    attach.addProperty("flatten", true);
    session = call("Target.attachToTarget", attach).get("sessionId").getAsString();
    watch();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", new JsonObject());
    }
    JsonObject size = new JsonObject();
    size.addProperty("width", width);
    size.addProperty("height", height);
    size.addProperty("deviceScaleFactor", 1);
    size.addProperty("mobile", false);
    call("Emulation.setDeviceMetricsOverride", size);
  }

  private static String program() {
    String named = System.getenv("CHROMIUM");
    if (named != null && !named.isBlank()) return named;
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "There is no Chromium, which this test drives: environment/test --all installs"
                        + " Debian's package chromium; or name yours in the variable CHROMIUM."));
  }

  private static String listeningAddress(Process process) throws IOException {
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread drain = new Thread(() -> errors.lines().forEach(each -> {}), "chromium-errors");
        drain.setDaemon(true);
        drain.start();
        return line.substring(LISTENING.length());
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("Chromium ended without a word of its port:\n" + said);
  }

  private void watch() {
    // "Leave the page?", where a workflow is not saved.
    on(
        "Page.javascriptDialogOpening",
        event ->
            CompletableFuture.runAsync(
                () -> {
                  JsonObject yes = new JsonObject();
                  yes.addProperty("accept", true);
                  send("Page.handleJavaScriptDialog", yes);
                }));
    on("Runtime.exceptionThrown", event -> complaints.add("exception: " + exception(event)));
    on(
        "Runtime.consoleAPICalled",
        event -> {
          if (event.get("type").getAsString().equals("error")) complaints.add(console(event));
        });
    on(
        "Log.entryAdded",
        event -> {
          JsonObject entry = event.getAsJsonObject("entry");
          if (entry.get("level").getAsString().equals("error")) {
            String of = entry.has("url") ? " " + entry.get("url").getAsString() : "";
            complaints.add(entry.get("text").getAsString() + of);
          }
        });
    on(
        "Network.requestWillBeSent",
        event -> requests.add(event.getAsJsonObject("request").get("url").getAsString()));
    on("Network.webSocketCreated", event -> requests.add(event.get("url").getAsString()));
  }

  private static String exception(JsonObject event) {
    JsonObject details = event.getAsJsonObject("exceptionDetails");
    JsonObject thrown = details.getAsJsonObject("exception");
    return thrown != null && thrown.has("description")
        ? thrown.get("description").getAsString()
        : details.get("text").getAsString();
  }

  private static String console(JsonObject event) {
    StringBuilder text = new StringBuilder("console.error:");
    for (JsonElement argument : event.getAsJsonArray("args")) {
      JsonObject value = argument.getAsJsonObject();
      JsonElement shown = value.has("value") ? value.get("value") : value.get("description");
      text.append(' ').append(shown);
    }
    return text.toString();
  }

  /** Errors in the page's console, exceptions, and requests that failed, since the start. */
  List<String> complaints() {
    return complaints;
  }

  /** The addresses of all requests and WebSockets since the start. */
  List<String> requests() {
    return requests;
  }

  /**
   * Hears an event of the protocol. It is called on the socket's thread: it must not wait for an
   * answer.
   */
  void on(String event, Consumer<JsonObject> listener) {
    listeners.put(event, listener);
  }

  /** Calls a method of the protocol. */
  JsonObject call(String method, JsonObject parameters) {
    try {
      return send(method, parameters).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " " + parameters, e);
    }
  }

  /** As {@link #call}, without waiting for the answer. */
  CompletableFuture<JsonObject> send(String method, JsonObject parameters) {
    int id = calls.incrementAndGet();
    JsonObject message = new JsonObject();
    message.addProperty("id", id);
    message.addProperty("method", method);
    message.add("params", parameters);
    if (!session.isEmpty()) message.addProperty("sessionId", session);
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(id, answer);
    synchronized (socket) {
      socket.sendText(message.toString(), true).join();
    }
    return answer;
  }

  void open(String address) {
    JsonObject answer = call("Page.navigate", object("url", address));
    if (answer.has("errorText")) {
      throw new AssertionError(address + ": " + answer.get("errorText").getAsString());
    }
  }

  /** Runs JavaScript in the page; a promise is waited for. Null where it gives nothing. */
  JsonElement evaluate(String script) {
    JsonObject parameters = object("expression", script);
    parameters.addProperty("awaitPromise", true);
    parameters.addProperty("returnByValue", true);
    parameters.addProperty("userGesture", true);
    JsonObject answer = call("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(exception(answer) + "\nin: " + script);
    }
    return answer.getAsJsonObject("result").get("value");
  }

  boolean holds(String condition) {
    JsonElement value = evaluate("Boolean(" + condition + ")");
    return value != null && value.getAsBoolean();
  }

  /** Waits until a JavaScript expression is true; where it stays false, a picture shows why. */
  void waitFor(String what, String condition, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > end) {
        Path picture = Path.of("target/comfyui/without-" + what.replaceAll("\\W+", "-") + ".png");
        try {
          screenshot(picture);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        throw new AssertionError(
            "The page did not show in %s: %s. See %s. %s"
                .formatted(patience, what, picture, complaints));
      }
      // The page's own clock: until it has drawn the next time.
      evaluate("new Promise(done => setTimeout(done, 50))");
    }
  }

  void screenshot(Path file) throws IOException {
    JsonObject answer = call("Page.captureScreenshot", object("format", "png"));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(answer.get("data").getAsString()));
  }

  void click(double x, double y) {
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      JsonObject event = object("type", type);
      event.addProperty("x", x);
      event.addProperty("y", y);
      event.addProperty("button", type.equals("mouseMoved") ? "none" : "left");
      event.addProperty("clickCount", type.equals("mouseMoved") ? 0 : 1);
      call("Input.dispatchMouseEvent", event);
    }
  }

  /** Clicks the middle of the first visible element that a selector of CSS finds. */
  void click(String selector) {
    String found =
        "(() => { for (const e of document.querySelectorAll(%s)) { const r = e.getBoundingClientRect();"
                .formatted(quoted(selector))
            + " if (r.width && r.height) return [r.x + r.width / 2, r.y + r.height / 2]; } })()";
    waitFor("an element " + selector, found, PATIENCE);
    JsonArray at = evaluate(found).getAsJsonArray();
    click(at.get(0).getAsDouble(), at.get(1).getAsDouble());
  }

  /** Drops a file on the page, as a user drags it from the desktop. */
  void drop(Path file, double x, double y) {
    JsonArray files = new JsonArray();
    files.add(file.toAbsolutePath().toString());
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      JsonObject data = new JsonObject();
      data.add("items", new JsonArray());
      data.add("files", files);
      data.addProperty("dragOperationsMask", 1);
      JsonObject event = object("type", type);
      event.addProperty("x", x);
      event.addProperty("y", y);
      event.add("data", data);
      call("Input.dispatchDragEvent", event);
    }
  }

  /** A JavaScript string. */
  static String quoted(String text) {
    return new com.google.gson.JsonPrimitive(text).toString();
  }

  static JsonObject object(String name, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(name, value);
    return object;
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(profile)) {
      found.forEach(files::add);
    }
    for (int i = files.size() - 1; i >= 0; i--) Files.deleteIfExists(files.get(i));
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        JsonObject message = JsonParser.parseString(parts.toString()).getAsJsonObject();
        parts.setLength(0);
        take(message);
      }
      from.request(1);
      return null;
    }

    private void take(JsonObject message) {
      if (message.has("id")) {
        CompletableFuture<JsonObject> answer = answers.remove(message.get("id").getAsInt());
        if (answer == null) return;
        if (message.has("error")) {
          answer.completeExceptionally(new AssertionError(message.get("error").toString()));
        } else {
          answer.complete(message.getAsJsonObject("result"));
        }
      } else {
        Consumer<JsonObject> listener = listeners.get(message.get("method").getAsString());
        if (listener != null) listener.accept(message.getAsJsonObject("params"));
      }
    }
  }
}
