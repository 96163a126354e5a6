package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.image.RgbConversion;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures in the opposite colours. */
public final class ImageInvert implements Node {
  private static BufferedImage inverted(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = RgbConversion.pixels(picture).clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] ^= 0xffffff;
    }
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    result.setRGB(0, 0, width, height, pixels, 0, width);
    return result;
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("ImageInvert")
        .displayName("Invert Image Colors")
        .category("image/color")
        .pack("nodes")
        .more("essentials_category", "Image Tools")
        .input("image", "IMAGE")
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    return List.of(inputs.images("image").stream().map(ImageInvert::inverted).toList());
  }
}
