package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.Fingerprint;
import io.github.kolors4j.internal.comfy.InputPicture;
import io.github.kolors4j.internal.comfy.LoadsPicture;
import java.util.List;

/** A picture of the input folder, and what is transparent in it. */
public final class LoadImage implements Node, LoadsPicture {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return Fingerprint.of(InputPicture.place(inputs.text("image"), context.folders()));
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoadImage")
        .displayName("Load Image")
        .category("image")
        .pack("nodes")
        .choice("image", ComfyFolders::inputPictures)
        .option("image_upload", true)
        .output("IMAGE")
        .output("MASK");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    InputPicture picture = InputPicture.read(inputs.text("image"), context.folders());
    return List.of(List.of(picture.rgb()), picture.mask());
  }
}
