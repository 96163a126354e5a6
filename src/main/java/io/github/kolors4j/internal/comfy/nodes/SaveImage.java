package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.SavedPictures;
import java.awt.image.BufferedImage;
import java.util.List;

/** Saves pictures into the output folder, with the graph that drew them. */
public final class SaveImage implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("SaveImage")
        .displayName("Save Image")
        .category("image")
        .pack("nodes")
        .more("essentials_category", "Basics")
        .input("images", "IMAGE")
        .text("filename_prefix", "ComfyUI")
        .hidden("prompt", "PROMPT")
        .hidden("extra_pnginfo", "EXTRA_PNGINFO")
        .output("IMAGE", "images")
        .asOutputNode();
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    List<BufferedImage> pictures = inputs.images("images");
    context.show(
        "images",
        new SavedPictures("output", context).save(pictures, inputs.text("filename_prefix")));
    return List.of(pictures);
  }
}
