package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ResizedPicture;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures in another size; where one side is 0, it follows from the other. */
public final class ImageScale implements Node {
  private static int rounded(double side) {
    return Math.max(1, (int) Math.rint(side));
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("ImageScale")
        .displayName("Upscale Image")
        .category("image/upscaling")
        .pack("nodes")
        .more("essentials_category", "Image Tools")
        .input("image", "IMAGE")
        .choice(
            "upscale_method", List.of("nearest-exact", "bilinear", "area", "bicubic", "lanczos"))
        .integer("width", 512, 0, 16384, 1)
        .integer("height", 512, 0, 16384, 1)
        .choice("crop", List.of("disabled", "center"))
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    List<BufferedImage> pictures = inputs.images("image");
    int width = (int) inputs.integer("width");
    int height = (int) inputs.integer("height");
    if (width == 0 && height == 0) {
      return List.of(pictures);
    }
    BufferedImage first = pictures.get(0);
    int newWidth =
        width == 0 ? rounded((double) first.getWidth() * height / first.getHeight()) : width;
    int newHeight =
        height == 0 ? rounded((double) first.getHeight() * width / first.getWidth()) : height;
    boolean crop = inputs.text("crop").equals("center");
    String method = inputs.text("upscale_method");
    return List.of(
        pictures.stream()
            .map(picture -> ResizedPicture.of(picture, method, newWidth, newHeight, crop))
            .toList());
  }
}
