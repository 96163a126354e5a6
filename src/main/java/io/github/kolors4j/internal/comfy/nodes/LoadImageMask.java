package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Mask;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.Fingerprint;
import io.github.kolors4j.internal.comfy.InputPicture;
import io.github.kolors4j.internal.comfy.LoadsPicture;
import java.awt.image.BufferedImage;
import java.util.List;

/** One channel of a picture of the input folder. */
public final class LoadImageMask implements Node, LoadsPicture {
  private static Mask colour(BufferedImage picture, int shift) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = (pixels[i] >> shift & 0xff) / 255f;
    }
    return new Mask(values, picture.getWidth(), picture.getHeight());
  }

  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return Fingerprint.of(InputPicture.place(inputs.text("image"), context.folders()));
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoadImageMask")
        .displayName("Load Image (as Mask)")
        .category("image")
        .pack("nodes")
        .choice("image", ComfyFolders::inputPictures)
        .option("image_upload", true)
        .choice("channel", List.of("alpha", "red", "green", "blue"))
        .output("MASK");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    InputPicture picture = InputPicture.read(inputs.text("image"), context.folders());
    return List.of(
        switch (inputs.text("channel")) {
          case "red" -> colour(picture.rgb(), 16);
          case "green" -> colour(picture.rgb(), 8);
          case "blue" -> colour(picture.rgb(), 0);
          default -> picture.mask();
        });
  }
}
