package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ResizedPicture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Two batches of pictures as one, in the first one's size. */
public final class ImageBatch implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("ImageBatch")
        .displayName("Batch Images (DEPRECATED)")
        .category("image/batch")
        .pack("nodes")
        .more("deprecated", true)
        .input("image1", "IMAGE")
        .input("image2", "IMAGE")
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    List<BufferedImage> all = new ArrayList<>(inputs.images("image1"));
    int width = all.get(0).getWidth();
    int height = all.get(0).getHeight();
    for (BufferedImage picture : inputs.images("image2")) {
      boolean same = picture.getWidth() == width && picture.getHeight() == height;
      all.add(same ? picture : ResizedPicture.of(picture, "bilinear", width, height, true));
    }
    return List.of(List.copyOf(all));
  }
}
