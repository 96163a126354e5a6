package io.github.kolors4j.internal.pipeline;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.scheduler.SchedulerType;
import java.awt.image.BufferedImage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The graph of ComfyUI's Kolors nodes that draws a picture again: a workflow, which the page opens
 * when the picture is dropped on it, and a prompt, which a server runs. A note in the workflow says
 * what such a graph cannot say.
 */
public final class PictureGraph {
  /** The name under which the graph looks for the picture that image-to-image starts from. */
  static final String START = "kolors4j-start.png";

  /** Those of the wrapper's sampler node. */
  private static final Set<String> SAMPLERS =
      Set.of(
          "EulerDiscreteScheduler",
          "EulerAncestralDiscreteScheduler",
          "DPMSolverMultistepScheduler",
          "DPMSolverMultistepScheduler_SDE_karras",
          "UniPCMultistepScheduler",
          "DEISMultistepScheduler");

  /** What a picture's text says of a LoRA: {@code boy.ckpt (text encoder), alpha 2, weight 0.5}. */
  private static final Pattern LORA =
      Pattern.compile(
          "(?<name>.*?)(?<text> \\(text encoder\\))?(, alpha (?<alpha>[-\\d.E]+))?(, weight (?<weight>[-\\d.E]+))?",
          Pattern.DOTALL);

  /** The largest whole number that JavaScript keeps. */
  private static final BigInteger LARGEST_IN_PAGE = BigInteger.ONE.shiftLeft(53);

  private final JsonArray nodes = new JsonArray();
  private final JsonArray links = new JsonArray();
  private final JsonObject prompt = new JsonObject();
  private final List<String> unsaid = new ArrayList<>();

  private PictureGraph() {}

  /** An output of a node. */
  private record Output(JsonObject node, int slot, String type) {}

  /**
   * The graph of a picture.
   *
   * @param drawn with the seed, size and sampler that were used
   * @param loras what the picture's text says of each
   * @param seed that was used
   */
  public static PictureGraph of(Prompt drawn, List<String> loras, long seed) {
    PictureGraph graph = new PictureGraph();
    graph.build(drawn, loras, new BigInteger(Long.toUnsignedString(seed)));
    return graph;
  }

  /** What the page opens. */
  public JsonObject workflow() {
    JsonObject workflow = new JsonObject();
    workflow.addProperty("last_node_id", nodes.size());
    workflow.addProperty("last_link_id", links.size());
    workflow.add("nodes", nodes);
    workflow.add("links", links);
    workflow.add("groups", new JsonArray());
    workflow.add("config", new JsonObject());
    workflow.add("extra", new JsonObject());
    workflow.addProperty("version", 0.4);
    return workflow;
  }

  /** What a server runs. */
  public JsonObject prompt() {
    return prompt;
  }

  private void build(Prompt drawn, List<String> loras, BigInteger seed) {
    JsonObject loader = node("DownloadAndLoadKolorsModel", "(Down)load Kolors Model", 40, 60);
    value(loader, "model", "Kwai-Kolors/Kolors");
    value(loader, "precision", "fp16");
    Output model = output(loader, "kolors_model", "KOLORSMODEL");
    int row = 190;
    for (String text : loras) {
      model = lora(text, model, row);
      row += 140;
    }
    JsonObject glm = node("DownloadAndLoadChatGLM3", "(Down)load ChatGLM3 Model", 40, row);
    value(glm, "precision", "fp16");
    JsonObject encode = node("KolorsTextEncode", "Kolors Text Encode", 400, row);
    link(encode, "chatglm3_model", output(glm, "chatglm3_model", "CHATGLM3MODEL"));
    value(encode, "prompt", drawn.text());
    value(encode, "negative_prompt", drawn.negative() == null ? "" : drawn.negative());
    value(encode, "num_images_per_prompt", 1);
    JsonObject vaeLoader = node("VAELoader", "Load VAE", 400, 60);
    value(vaeLoader, "vae_name", "sdxl.vae.safetensors");
    Output vae = output(vaeLoader, "VAE", "VAE");

    JsonObject sampler = node("KolorsSampler", "Kolors Sampler", 860, row);
    link(sampler, "kolors_model", model);
    link(sampler, "kolors_embeds", output(encode, "kolors_embeds", "KOLORS_EMBEDS"));
    BufferedImage start = drawn.picture();
    if (start != null) {
      link(sampler, "latent", latents(drawn, start, vae, row + 260));
    }
    value(sampler, "width", drawn.width());
    value(sampler, "height", drawn.height());
    value(sampler, "seed", seed);
    // The page's field for what becomes of the seed; it is in no prompt.
    sampler.getAsJsonArray("widgets_values").add("fixed");
    value(sampler, "steps", drawn.steps());
    value(sampler, "cfg", drawn.guidanceScale());
    value(sampler, "scheduler", sampler(drawn));
    value(sampler, "denoise_strength", start == null ? 1.0 : drawn.strength());
    JsonObject decode = node("VAEDecode", "VAE Decode", 1220, 60);
    link(decode, "samples", output(sampler, "latent", "LATENT"));
    link(decode, "vae", vae);
    JsonObject save = node("SaveImage", "Save Image", 1220, 190);
    link(save, "images", output(decode, "IMAGE", "IMAGE"));
    value(save, "filename_prefix", "kolors4j");
    sayWhatIsMissing(drawn, seed);
    note(row + 260);
  }

  private Output lora(String text, Output model, int y) {
    Matcher said = LORA.matcher(text);
    said.matches(); // it takes any text
    double weight = number(said.group("weight")).orElse(1);
    OptionalDouble alpha = number(said.group("alpha"));
    if (said.group("text") != null) {
      unsaid.add("LoRA " + text + ": LoadKolorsLoRA changes the UNet, not the text encoder.");
      return model;
    }
    if (alpha.isEmpty()) {
      unsaid.add(
          "LoRA " + text + ": its file states no alpha; set lora_alpha to its rank times weight.");
    }
    double effect = alpha.orElse(2) * weight;
    if (effect < 0 || effect > 4) {
      unsaid.add("LoRA " + text + ": lora_alpha takes 0 to 4, but " + effect + " was used.");
    }
    JsonObject node = node("LoadKolorsLoRA", "Load Kolors LoRA", 40, y);
    link(node, "kolors_model", model);
    value(node, "lora_path", said.group("name"));
    value(node, "lora_alpha", effect);
    return output(node, "kolors_model", "KOLORSMODEL");
  }

  private static OptionalDouble number(String text) {
    try {
      return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** The latents of the picture that was started from; which file that was, nobody knows. */
  private Output latents(Prompt drawn, BufferedImage start, Output vae, int y) {
    JsonObject load = node("LoadImage", "Load Image", 400, y);
    value(load, "image", START);
    load.getAsJsonArray("widgets_values").add("image"); // the page's button
    Output picture = output(load, "IMAGE", "IMAGE");
    unsaid.add("The picture it started from: save it as input/" + START + ".");
    boolean sameSize = start.getWidth() == drawn.width() && start.getHeight() == drawn.height();
    if (!sameSize) {
      JsonObject scale = node("ImageScale", "Upscale Image", 640, y);
      link(scale, "image", picture);
      value(scale, "upscale_method", "lanczos");
      value(scale, "width", drawn.width());
      value(scale, "height", drawn.height());
      value(scale, "crop", "disabled");
      picture = output(scale, "IMAGE", "IMAGE");
    }
    JsonObject encode = node("VAEEncode", "VAE Encode", 860, y + 60);
    link(encode, "pixels", picture);
    link(encode, "vae", vae);
    return output(encode, "LATENT", "LATENT");
  }

  private String sampler(Prompt drawn) {
    String name = drawn.scheduler();
    String type = name == null ? "" : SchedulerType.named(name).className();
    if (SAMPLERS.contains(type)) {
      return type;
    }
    unsaid.add("The sampler " + type + ": KolorsSampler does not have it; Euler stands there.");
    return SchedulerType.EULER.className();
  }

  private void sayWhatIsMissing(Prompt drawn, BigInteger seed) {
    if (drawn.inTheCoursesWay()) {
      unsaid.add("The course's way (asInTheCourse): noise of a GPU, its DDIM, colours cut off.");
    }
    if (drawn.noise().isPresent()) {
      unsaid.add("It started from given noise (Prompt.noise), not from its seed's.");
    }
    if (drawn.toldWidth() > 0) {
      unsaid.add(
          "The model was told %d×%d (Prompt.toldSize)."
              .formatted(drawn.toldWidth(), drawn.toldHeight()));
    }
    if (seed.compareTo(LARGEST_IN_PAGE) > 0) {
      unsaid.add("The seed " + seed + ": a browser rounds numbers as large as this.");
    }
    if ((drawn.text() + drawn.negative()).matches("(?s).*[|{}].*")) {
      unsaid.add("KolorsTextEncode parts prompts at | and chooses one of {a|b}.");
    }
    if (drawn.steps() > 200 || drawn.guidanceScale() > 20) {
      unsaid.add("KolorsSampler takes up to 200 steps and a cfg up to 20.");
    }
    int longer = Math.max(drawn.width(), drawn.height());
    if (longer > 2048 || Math.min(drawn.width(), drawn.height()) < 64) {
      unsaid.add("KolorsSampler takes sides from 64 to 2048.");
    }
  }

  private void note(int y) {
    if (unsaid.isEmpty()) {
      return;
    }
    JsonObject note = graphNode("Note", 40, y);
    String lines = String.join("\n- ", unsaid);
    note.getAsJsonArray("widgets_values")
        .add("这张图没法用节点说明的 (what these nodes cannot say of the picture):\n- " + lines);
  }

  /** A node in both. */
  private JsonObject node(String type, String title, int x, int y) {
    JsonObject node = graphNode(type, x, y);
    JsonObject meta = new JsonObject();
    meta.addProperty("title", title);
    JsonObject posted = new JsonObject();
    posted.add("inputs", new JsonObject());
    posted.addProperty("class_type", type);
    posted.add("_meta", meta);
    prompt.add(id(node), posted);
    return node;
  }

  private JsonObject graphNode(String type, int x, int y) {
    JsonObject node = new JsonObject();
    node.addProperty("id", nodes.size() + 1);
    node.addProperty("type", type);
    node.add("pos", pair(x, y));
    node.add("size", pair(type.equals("KolorsTextEncode") ? 420 : 315, 58));
    node.add("flags", new JsonObject());
    node.addProperty("order", nodes.size());
    node.addProperty("mode", 0);
    node.add("inputs", new JsonArray());
    node.add("outputs", new JsonArray());
    JsonObject properties = new JsonObject();
    properties.addProperty("Node name for S&R", type);
    node.add("properties", properties);
    node.add("widgets_values", new JsonArray());
    nodes.add(node);
    return node;
  }

  private static JsonArray pair(int a, int b) {
    JsonArray pair = new JsonArray();
    pair.add(a);
    pair.add(b);
    return pair;
  }

  private static String id(JsonObject node) {
    return node.get("id").getAsString();
  }

  private JsonObject inputs(JsonObject node) {
    return prompt.getAsJsonObject(id(node)).getAsJsonObject("inputs");
  }

  private void value(JsonObject node, String name, Object value) {
    JsonElement json =
        value instanceof Number number
            ? new JsonPrimitive(number)
            : new JsonPrimitive(value.toString());
    node.getAsJsonArray("widgets_values").add(json);
    inputs(node).add(name, json);
  }

  private static Output output(JsonObject node, String name, String type) {
    JsonArray outputs = node.getAsJsonArray("outputs");
    JsonObject slot = new JsonObject();
    slot.addProperty("name", name);
    slot.addProperty("type", type);
    slot.add("links", new JsonArray());
    slot.addProperty("slot_index", outputs.size());
    outputs.add(slot);
    return new Output(node, outputs.size() - 1, type);
  }

  private void link(JsonObject node, String name, Output from) {
    int link = links.size() + 1;
    JsonArray inputs = node.getAsJsonArray("inputs");
    JsonArray tuple = new JsonArray();
    tuple.add(link);
    tuple.add(from.node().get("id"));
    tuple.add(from.slot());
    tuple.add(node.get("id"));
    tuple.add(inputs.size());
    tuple.add(from.type());
    links.add(tuple);
    JsonObject input = new JsonObject();
    input.addProperty("name", name);
    input.addProperty("type", from.type());
    input.addProperty("link", link);
    inputs.add(input);
    from.node()
        .getAsJsonArray("outputs")
        .get(from.slot())
        .getAsJsonObject()
        .getAsJsonArray("links")
        .add(link);
    JsonArray source = new JsonArray();
    source.add(id(from.node()));
    source.add(from.slot());
    inputs(node).add(name, source);
  }

  /** The texts of a PNG file, in ASCII as ComfyUI writes them. */
  public Map<String, String> texts() {
    return Map.of(
        "prompt", PngText.asciiJson(prompt().toString()),
        "workflow", PngText.asciiJson(workflow().toString()));
  }
}
