package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import java.util.List;

/** A Kolors: its UNet and its sampler. It computes in float16 on a GPU, else in float32. */
public final class DownloadAndLoadKolorsModel implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("DownloadAndLoadKolorsModel")
        .displayName("(Down)load Kolors Model")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .choice("model", ModelNames::kolorsChoices)
        .choice("precision", List.of("fp16"))
        .option("default", "fp16")
        .output("KOLORSMODEL", "kolors_model");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    ModelNames.Found found =
        new ModelNames(context.folders()).kolors(inputs.text("model")).said(context);
    return List.of(new KolorsModel(found.folder(), found.standIn(), List.of()));
  }
}
