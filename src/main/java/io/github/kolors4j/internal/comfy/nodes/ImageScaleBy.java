package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ResizedPicture;
import java.util.List;

/** Pictures larger or smaller by a factor. */
public final class ImageScaleBy implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("ImageScaleBy")
        .displayName("Upscale Image By")
        .category("image/upscaling")
        .pack("nodes")
        .more("essentials_category", "Image Tools")
        .input("image", "IMAGE")
        .choice(
            "upscale_method", List.of("nearest-exact", "bilinear", "area", "bicubic", "lanczos"))
        .number("scale_by", 1.0, 0.01, 8.0, 0.01)
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    double scale = inputs.number("scale_by");
    String method = inputs.text("upscale_method");
    return List.of(
        inputs.images("image").stream()
            .map(
                picture ->
                    ResizedPicture.of(
                        picture,
                        method,
                        Math.max(1, (int) Math.rint(picture.getWidth() * scale)),
                        Math.max(1, (int) Math.rint(picture.getHeight() * scale)),
                        false))
            .toList());
  }
}
