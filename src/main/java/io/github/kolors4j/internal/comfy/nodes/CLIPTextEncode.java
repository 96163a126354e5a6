package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.Conditioning;
import io.github.kolors4j.internal.comfy.TextModel;
import java.util.List;

/**
 * A text for a sampler. The text encoder is Kolors' ChatGLM; it reads the text when the sampler
 * needs it.
 */
public final class CLIPTextEncode implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("CLIPTextEncode")
        .displayName("CLIP Text Encode (Prompt)")
        .category("model/conditioning")
        .pack("nodes")
        .input("text", "STRING")
        .option("multiline", true)
        .option("dynamicPrompts", true)
        .input("clip", "CLIP")
        .output("CONDITIONING");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    return List.of(new Conditioning(inputs.get("clip", TextModel.class), inputs.text("text")));
  }
}
