import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a picture costs more through {@code POST /prompt}, with a page that listens over a WebSocket
 * and gets its previews, than from {@code KolorsPipeline.generate}: the medians of pictures that are
 * drawn in turns, after some that warm up.
 *
 * <pre>ComfyOverhead [PICTURES] [STEPS]</pre>
 */
class ComfyOverhead {
  private static final int WARM_UP = 3;
  private static final String TEXT = "二次元，一个蓝色中分小男孩";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws Exception {
    int pictures = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 25;
    Path base = Files.createTempDirectory("comfy-overhead");
    double[] direct = new double[pictures];
    double[] served = new double[pictures];
    double[] directWork = new double[pictures];
    double[] servedWork = new double[pictures];
    try (ComfyServer server =
            ComfyServer.options().port(0).base(base).notices(System.err::println).start();
        KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      Listener page = new Listener();
      URI ws = URI.create(server.url().toString().replaceFirst("^http", "ws") + "ws?clientId=me");
      WebSocket socket = HTTP.newWebSocketBuilder().buildAsync(ws, page).join();
      for (int i = -WARM_UP; i < pictures; i++) {
        long seed = 1000 + i;
        long start = System.nanoTime();
        double startWork = work();
        pipeline.generate(
            Prompt.of(TEXT)
                .negative("")
                .seed(seed)
                .steps(steps)
                .cfgScale(5)
                .scheduler("EulerDiscreteScheduler"));
        long middle = System.nanoTime();
        double middleWork = work();
        draw(server, page, seed, steps);
        long end = System.nanoTime();
        if (i >= 0) {
          direct[i] = (middle - start) / 1e9;
          served[i] = (end - middle) / 1e9;
          directWork[i] = middleWork - startWork;
          servedWork[i] = work() - middleWork;
          System.out.printf(
              Locale.ROOT,
              "%d: %.3f s, %.3f s; at work %.2f s, %.2f s%n",
              i,
              direct[i],
              served[i],
              directWork[i],
              servedWork[i]);
        }
      }
      socket.abort();
    }
    report("on the clock", direct, served);
    report("of the processors' work", directWork, servedWork); // which other programs do not change
  }

  private static void report(String what, double[] direct, double[] served) {
    double one = median(direct);
    double other = median(served);
    System.out.printf(
        Locale.ROOT,
        "KolorsPipeline.generate %.3f s, POST /prompt %.3f s %s: %+.1f %%%n",
        one,
        other,
        what,
        100 * (other / one - 1));
  }

  /** Seconds that the processors have worked for this program. */
  private static double work() {
    return ((com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static void draw(ComfyServer server, Listener page, long seed, int steps)
      throws Exception {
    JsonObject body = new JsonObject();
    body.addProperty("client_id", "me");
    body.add("prompt", graph(seed, steps));
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(server.url().resolve("/prompt"))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    JsonObject queued = JsonParser.parseString(answer.body()).getAsJsonObject();
    page.awaitEnd(queued.get("prompt_id").getAsString());
  }

  /** The graph of the course, with a picture that is saved. */
  private static JsonObject graph(long seed, int steps) {
    JsonObject graph = new JsonObject();
    add(graph, "1", "DownloadAndLoadKolorsModel", "model", "Kwai-Kolors/Kolors", "precision", "fp16");
    add(graph, "2", "DownloadAndLoadChatGLM3", "precision", "fp16");
    add(
        graph, "3", "KolorsTextEncode", "chatglm3_model", link("2"), "prompt", TEXT,
        "negative_prompt", "", "num_images_per_prompt", 1);
    add(
        graph, "4", "KolorsSampler", "kolors_model", link("1"), "kolors_embeds", link("3"),
        "width", 1024, "height", 1024, "seed", seed, "steps", steps, "cfg", 5.0, "scheduler",
        "EulerDiscreteScheduler", "denoise_strength", 1.0);
    add(graph, "5", "VAELoader", "vae_name", "sdxl.vae.safetensors");
    add(graph, "6", "VAEDecode", "samples", link("4"), "vae", link("5"));
    add(graph, "7", "SaveImage", "images", link("6"), "filename_prefix", "overhead");
    return graph;
  }

  private static JsonArray link(String node) {
    JsonArray link = new JsonArray();
    link.add(node);
    link.add(0);
    return link;
  }

  private static void add(JsonObject graph, String id, String type, Object... inputs) {
    JsonObject values = new JsonObject();
    for (int i = 0; i < inputs.length; i += 2) {
      String name = inputs[i].toString();
      if (inputs[i + 1] instanceof Number number) {
        values.addProperty(name, number);
      } else if (inputs[i + 1] instanceof JsonArray link) {
        values.add(name, link);
      } else {
        values.addProperty(name, inputs[i + 1].toString());
      }
    }
    JsonObject node = new JsonObject();
    node.addProperty("class_type", type);
    node.add("inputs", values);
    graph.add(id, node);
  }

  /** Takes all that a page takes. */
  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        messages.add(JsonParser.parseString(text.toString()).getAsJsonObject());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean isLast) {
      from.request(1);
      return null;
    }

    void awaitEnd(String promptId) throws InterruptedException {
      while (true) {
        JsonObject message = messages.take();
        JsonObject data = message.getAsJsonObject("data");
        String type = message.get("type").getAsString();
        boolean isOurs = data.has("prompt_id") && data.get("prompt_id").getAsString().equals(promptId);
        if (isOurs && type.equals("execution_error")) {
          throw new IllegalStateException(data.toString());
        }
        if (isOurs && type.equals("executing") && data.get("node").isJsonNull()) {
          return;
        }
      }
    }
  }
}
