package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.Golden;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.NodeDeclaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nodes against what the originals declare. */
class NodeDeclarationsTest {
  /** What is said in words of one's own, or depends on what is on disk. */
  private static final List<String> OTHERS =
      List.of("description", "search_aliases", "essentials_category");

  @TempDir private Path base;

  private static JsonObject originals() throws IOException {
    return JsonParser.parseString(Files.readString(Golden.path("comfy/object_info.json")))
        .getAsJsonObject();
  }

  @Test
  void theNodesAreDeclaredAsTheOriginals() throws IOException {
    JsonObject info = NodeCatalogue.load(new ComfyFolders(base)).objectInfo();
    JsonObject originals = originals();
    assertThat(info.keySet()).containsAll(originals.keySet());
    for (String name : originals.keySet()) {
      JsonObject declared = info.getAsJsonObject(name).deepCopy();
      assertThat(declared.keySet()).as(name).containsAll(OTHERS.subList(0, 2));
      OTHERS.forEach(declared::remove);
      JsonObject inputs = declared.getAsJsonObject("input").getAsJsonObject("required");
      JsonObject expected =
          originals.getAsJsonObject(name).getAsJsonObject("input").getAsJsonObject("required");
      for (String input : expected.keySet()) {
        JsonElement first = expected.getAsJsonArray(input).get(0);
        boolean open = first.isJsonPrimitive() && first.getAsString().startsWith("<");
        if (open) {
          assertThat(inputs.getAsJsonArray(input).get(0).isJsonArray()).as(input).isTrue();
          inputs.getAsJsonArray(input).set(0, first);
        }
      }
      if (name.equals("DownloadAndLoadKolorsModel")) {
        JsonArray offered = inputs.getAsJsonArray("model").get(0).getAsJsonArray();
        assertThat(offered).contains(new JsonPrimitive("kolors-mini"));
        while (offered.size() > 1) {
          offered.remove(1);
        }
      }
      assertThat(numbers(declared)).as(name).isEqualTo(numbers(originals.get(name)));
      assertThat(order(declared)).as(name).isEqualTo(order(originals.getAsJsonObject(name)));
    }
  }

  private static List<String> order(JsonObject declaration) {
    return new ArrayList<>(
        declaration.getAsJsonObject("input").getAsJsonObject("required").keySet());
  }

  /** JSON whose numbers are texts, so that 5.0 is another than 5, and none loses digits. */
  private static JsonElement numbers(JsonElement json) {
    if (json instanceof JsonPrimitive value && value.isNumber()) {
      return new JsonPrimitive("number " + value.getAsString());
    }
    if (json instanceof JsonArray array) {
      JsonArray changed = new JsonArray();
      array.forEach(each -> changed.add(numbers(each)));
      return changed;
    }
    if (json instanceof JsonObject object) {
      JsonObject changed = new JsonObject();
      object.entrySet().forEach(e -> changed.add(e.getKey(), numbers(e.getValue())));
      return changed;
    }
    return json;
  }

  @Test
  void choicesAreWhatIsOnDisk() throws IOException {
    ComfyFolders folders = new ComfyFolders(base);
    NodeCatalogue catalogue = NodeCatalogue.load(folders);
    Files.createDirectories(base.resolve("input/sub"));
    Files.write(base.resolve("input/a.png"), new byte[1]);
    Files.write(base.resolve("input/notes.txt"), new byte[1]);
    Files.write(base.resolve("input/sub/b.png"), new byte[1]);
    Files.createDirectories(base.resolve("models/loras/anime"));
    Files.write(base.resolve("models/loras/anime/x.safetensors"), new byte[1]);
    assertThat(offered(catalogue, "LoadImage", "image")).isEqualTo("[\"a.png\"]");
    assertThat(offered(catalogue, "LoraLoader", "lora_name"))
        .isEqualTo("[\"anime/x.safetensors\"]");
  }

  private static String offered(NodeCatalogue catalogue, String node, String input) {
    return catalogue
        .declaration(node)
        .getAsJsonObject("input")
        .getAsJsonObject("required")
        .getAsJsonArray(input)
        .get(0)
        .toString();
  }

  @Test
  void aDeclarationOfOnesOwnSaysAllThatThePageNeeds() {
    NodeDeclaration declaration =
        NodeDeclaration.of("Blur")
            .category("image")
            .input("image", "IMAGE")
            .integer("radius", 3, 1, 64, 1)
            .option("tooltip", "in pixels")
            .flag("again", false)
            .optional()
            .hidden("id", "UNIQUE_ID")
            .output("IMAGE");
    assertThat(declaration.toJson(new ComfyFolders(base)).toString())
        .isEqualTo(
            "{\"input\":{\"required\":{\"image\":[\"IMAGE\"],\"radius\":[\"INT\",{\"default\":3,\"min\":1,\"max\":64,\"step\":1,\"tooltip\":\"in pixels\"}]},\"optional\":{\"again\":[\"BOOLEAN\",{\"default\":false}]},\"hidden\":{\"id\":\"UNIQUE_ID\"}},\"input_order\":{\"required\":[\"image\",\"radius\"],\"optional\":[\"again\"],\"hidden\":[\"id\"]},\"is_input_list\":false,\"output\":[\"IMAGE\"],\"output_is_list\":[false],\"output_name\":[\"IMAGE\"],\"name\":\"Blur\",\"display_name\":\"Blur\",\"description\":\"\",\"python_module\":\"custom_nodes.kolors4j\",\"category\":\"image\",\"output_node\":false,\"has_intermediate_output\":false,\"search_aliases\":[]}");
  }
}
