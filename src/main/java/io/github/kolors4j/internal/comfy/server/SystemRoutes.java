package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.OperatingSystem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What the page asks for when it starts, and has the same answer always. */
final class SystemRoutes {
  /** The page that this server was made for and tested with. */
  static final String FRONT_END_VERSION = "1.58.1";

  /** The server of the time of that page, whose routes these are. */
  static final String COMFYUI_VERSION = "0.38.1";

  /** What we add to the page: its first graph. */
  private static final String EXTENSION = "/extensions/kolors4j/first-graph";

  private static final long MEGABYTE = 1 << 20;

  void addTo(Router router) {
    router
        .get("/features", call -> Answer.json(new JsonObject()))
        .get("/i18n", call -> Answer.json(new JsonObject()))
        .get("/system_stats", call -> Answer.json(statistics()))
        .get("/extensions", call -> Answer.json(extensions()))
        .get(EXTENSION + ".js", call -> resource("first-graph.js"))
        .get(EXTENSION + ".json", call -> resource("first-graph.json"))
        .get("/global_subgraphs", call -> Answer.json(new JsonObject()))
        .get("/workflow_templates", call -> Answer.json(new JsonObject()))
        .get("/templates/{name...}", SystemRoutes::template)
        .get("/user.css", call -> UserDataRoutes.userCss());
  }

  private static JsonArray extensions() {
    JsonArray addresses = new JsonArray();
    addresses.add(EXTENSION + ".js");
    return addresses;
  }

  private static Answer resource(String name) throws IOException {
    try (InputStream stream = SystemRoutes.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(stream, name).readAllBytes();
      return Answer.bytes(Answer.OK, ContentTypes.of(name), bytes);
    }
  }

  /** There are none yet; the lists of them are empty, and of JSON. */
  private static Answer template(Call call) {
    String name = call.parameter("name");
    if (name.equals("index_logo.json")) {
      return Answer.json(new JsonObject());
    }
    if (name.matches("index(\\.[A-Za-z-]{2,10})?\\.json")) {
      return Answer.json(new JsonArray());
    }
    throw Refusal.json(Answer.NOT_FOUND, "There is no such template.");
  }

  /**
   * The machine. What computes is told without asking PyTorch, which takes seconds to load and is
   * loaded by the worker.
   */
  private static JsonObject statistics() {
    long total = -1;
    long free = -1;
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      total = system.getTotalMemorySize();
      free = system.getFreeMemorySize();
    }
    JsonObject about =
        Json.object(
            "os",
            os(),
            "ram_total",
            total,
            "ram_free",
            free,
            "comfyui_version",
            COMFYUI_VERSION,
            "required_frontend_version",
            FRONT_END_VERSION,
            "python_version",
            "Java " + Runtime.version(),
            "pytorch_version",
            "2.7.1 (DJL)",
            "embedded_python",
            false,
            // Stops the page from asking another server for its nodes that cost money.
            "argv",
            List.of("kolors4j", "comfyui", "--disable-api-nodes"));
    JsonObject cpu =
        Json.object(
            "name",
            "cpu",
            "type",
            "cpu",
            "index",
            null,
            "vram_total",
            total,
            "vram_free",
            free,
            "torch_vram_total",
            Runtime.getRuntime().maxMemory() / MEGABYTE * MEGABYTE,
            "torch_vram_free",
            Runtime.getRuntime().freeMemory());
    return Json.object("system", about, "devices", List.of(cpu));
  }

  private static String os() {
    return switch (OperatingSystem.here()) {
      case WINDOWS -> "win32";
      case MAC -> "darwin";
      case OTHER -> System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    };
  }
}
