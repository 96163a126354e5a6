package io.github.kolors4j.comfy.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeDeclaration.Input;
import io.github.kolors4j.comfy.NodeDeclaration.Output;
import io.github.kolors4j.comfy.NodeDeclaration.Presence;
import io.github.kolors4j.comfy.NodeInputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The golden files' node with the inputs that foreign nodes have. It is declared, and never run.
 */
final class ConversionProbe implements Node {
  private static final String NAME = "ConversionProbe";

  @Override
  public NodeDeclaration declaration() {
    JsonObject declared;
    try {
      String all = Files.readString(ConversionPairs.FOLDER.resolve("object_info.json"));
      declared = JsonParser.parseString(all).getAsJsonObject().getAsJsonObject(NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Input> inputs = new ArrayList<>();
    for (Presence presence : List.of(Presence.REQUIRED, Presence.OPTIONAL)) {
      Map<String, JsonElement> named =
          declared.getAsJsonObject("input").getAsJsonObject(presence.key()).asMap();
      named.forEach((name, input) -> inputs.add(input(name, presence, input.getAsJsonArray())));
    }
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < declared.getAsJsonArray("output").size(); i++) {
      String type = declared.getAsJsonArray("output").get(i).getAsString();
      String name = declared.getAsJsonArray("output_name").get(i).getAsString();
      outputs.add(new Output(type, name, false));
    }
    return new NodeDeclaration(
        NAME, "Conversion Probe", "testing", "", inputs, outputs, true, "nodes", new JsonObject());
  }

  private static Input input(String name, Presence presence, JsonArray declared) {
    JsonObject options = declared.size() > 1 ? declared.get(1).getAsJsonObject() : new JsonObject();
    return new Input(name, presence, declared.get(0).getAsString(), null, options);
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    throw new AssertionError("The probe is not to be run.");
  }
}
