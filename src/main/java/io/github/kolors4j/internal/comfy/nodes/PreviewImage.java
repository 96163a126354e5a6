package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.SavedPictures;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;

/** Shows pictures without keeping them. */
public final class PreviewImage implements Node {
  private static String unused() {
    String letters =
        new Random()
            .ints(5, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return "ComfyUI_temp_" + letters;
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("PreviewImage")
        .displayName("Preview Image")
        .category("image")
        .pack("nodes")
        .more("essentials_category", "Basics")
        .input("images", "IMAGE")
        .hidden("prompt", "PROMPT")
        .hidden("extra_pnginfo", "EXTRA_PNGINFO")
        .output("IMAGE", "images")
        .asOutputNode();
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    List<BufferedImage> pictures = inputs.images("images");
    context.show("images", new SavedPictures("temp", context).save(pictures, unused()));
    return List.of(pictures);
  }
}
