package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import java.util.List;

/** The text encoder of Kolors, whole or with weights of eight or four bits. */
public final class DownloadAndLoadChatGLM3 implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("DownloadAndLoadChatGLM3")
        .displayName("(Down)load ChatGLM3 Model")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .choice("precision", List.of("fp16", "quant4", "quant8"))
        .option("default", "fp16")
        .output("CHATGLM3MODEL", "chatglm3_model");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    ModelNames.Found found = new ModelNames(context.folders()).kolors(ModelNames.KOLORS);
    String storage =
        switch (inputs.text("precision")) {
          case "quant8" -> "int8";
          case "quant4" -> "int4";
          default -> "auto";
        };
    if (found.standIn() && !storage.equals("auto")) {
      context.say("kolors-mini 的文本编码器不用量化。(kolors-mini's text encoder is not quantised.)");
      storage = "auto";
    }
    return List.of(new TextModel(found.folder(), found.standIn(), storage, List.of()));
  }
}
