package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import io.github.kolors4j.internal.comfy.VaeModel;
import java.util.List;

/** What the loaders of a whole model give: MODEL, CLIP and VAE of one folder. */
final class WholeModel {
  private WholeModel() {}

  static List<Object> load(String name, NodeContext context) {
    ModelNames.Found found = new ModelNames(context.folders()).kolors(name).said(context);
    return List.of(
        new KolorsModel(found.folder(), found.standIn(), List.of()),
        new TextModel(found.folder(), found.standIn(), "auto", List.of()),
        new VaeModel(found.folder(), found.standIn()));
  }
}
