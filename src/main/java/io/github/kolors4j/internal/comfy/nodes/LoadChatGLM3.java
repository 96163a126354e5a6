package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import java.util.List;

/** A text encoder from models/LLM: a folder with config.json and the weights. */
public final class LoadChatGLM3 implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoadChatGLM3")
        .displayName("Load ChatGLM3 Model")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .choice("chatglm3_checkpoint", ModelNames::textEncoderChoices)
        .output("CHATGLM3MODEL", "chatglm3_model");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    ModelNames.Found found =
        new ModelNames(context.folders())
            .textEncoder(inputs.text("chatglm3_checkpoint"))
            .said(context);
    return List.of(new TextModel(found.folder(), found.standIn(), "auto", List.of()));
  }
}
