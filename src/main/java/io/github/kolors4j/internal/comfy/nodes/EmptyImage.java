package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;

/** Pictures of one colour. */
public final class EmptyImage implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("EmptyImage")
        .displayName("Empty Image")
        .category("image")
        .pack("nodes")
        .integer("width", 512, 1, 16384, 1)
        .integer("height", 512, 1, 16384, 1)
        .integer("batch_size", 1, 1, 4096)
        .integer("color", 0, 0, 0xFFFFFF, 1)
        .option("display", "color")
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    int width = (int) inputs.integer("width");
    int height = (int) inputs.integer("height");
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(new Color((int) inputs.integer("color")));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return List.of(Collections.nCopies((int) inputs.integer("batch_size"), picture));
  }
}
