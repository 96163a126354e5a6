package io.github.kolors4j.internal.comfy.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.WorkflowFile;
import io.github.kolors4j.internal.comfy.drawing.Graph.Box;
import io.github.kolors4j.internal.comfy.drawing.Graph.Field;
import io.github.kolors4j.internal.comfy.drawing.Graph.Kind;
import io.github.kolors4j.internal.comfy.drawing.Graph.Mode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkflowPictureTest {
  private static final Path FOLDER = Path.of("src/test/resources/comfy/conversion");

  private static Declarations declarations() throws IOException {
    String text = Files.readString(FOLDER.resolve("object_info.json"));
    JsonObject info = JsonParser.parseString(text).getAsJsonObject();
    return type -> info.getAsJsonObject(type);
  }

  private static JsonObject workflow(String name) {
    return WorkflowFile.read(FOLDER.resolve(name + ".workflow.json"));
  }

  private static Map<String, Box> boxes(String name) throws IOException {
    return GraphReader.read(workflow(name), declarations()).boxes().stream()
        .collect(Collectors.toMap(Box::id, box -> box));
  }

  static List<Path> recorded() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().matches(".*(workflow|prompt).json")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void everyWorkflowAndPromptIsDrawnNotMuchWiderThanANotebook(Path file) throws IOException {
    BufferedImage picture = WorkflowPicture.draw(WorkflowFile.read(file), declarations(), 1000);
    assertThat(picture.getWidth()).isLessThanOrEqualTo(1100);
    assertThat(picture.getHeight()).isLessThanOrEqualTo(1400);
  }

  @Test
  void fieldsHaveTheNamesOfTheDeclaration() throws IOException {
    assertThat(boxes("kolors_example").get("14").fields())
        .extracting(Field::name)
        .containsExactly(
            "width", "height", "seed", "control_after_generate", "steps", "cfg", "scheduler");
  }

  @Test
  void seedsKeepTheirDigits() throws IOException {
    assertThat(boxes("kolors_example").get("14").fields())
        .contains(new Field("seed", "1000102404233412", false, false));
  }

  @Test
  void noValueOfTheCoursesGraphsIsCut() throws IOException {
    for (String name : List.of("kolors_example", "kolors_img2img_example")) {
      Graph graph = GraphReader.read(workflow(name), declarations());
      for (BoxLayout layout : WorkflowPicture.layouts(graph, 1000).values()) {
        layout
            .fields()
            .forEach(
                placed ->
                    assertThat(String.join("", placed.lines()).replaceAll("\\s", ""))
                        .isEqualTo(placed.field().value().replaceAll("\\s", "")));
      }
    }
  }

  @Test
  void noTextIsSmallerThanElevenPixels() {
    assertThat(List.of(BoxLayout.FONT, BoxLayout.SMALL_FONT, BoxLayout.TITLE_FONT))
        .allMatch(lines -> lines.font().getSize() >= 11);
  }

  @Test
  void whatWasLeftOfOrAboveSomethingStaysSo() throws IOException {
    Graph graph = GraphReader.read(workflow("kolors_example"), declarations());
    Map<Box, BoxLayout> layouts = WorkflowPicture.layouts(graph, 1000);
    layouts.forEach(
        (a, inA) ->
            layouts.forEach(
                (b, inB) -> {
                  if (a.right() < b.x()) {
                    assertThat(inA.area().getMaxX()).isLessThanOrEqualTo(inB.area().getX());
                  }
                  if (a.bottom() < b.top()) {
                    assertThat(inA.area().getMaxY()).isLessThanOrEqualTo(inB.area().getY());
                  }
                }));
  }

  @Test
  void wiresAndDotsHaveTheColourOfTheirType() throws IOException {
    BufferedImage picture = WorkflowPicture.draw(workflow("kolors_example"), declarations(), 1000);
    for (String type : List.of("LATENT", "VAE", "IMAGE", "KOLORSMODEL")) {
      assertThat(pixels(picture, Palette.wire(type))).describedAs(type).isGreaterThan(30);
    }
  }

  private static long pixels(BufferedImage picture, Color colour) {
    long pixels = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        pixels += picture.getRGB(x, y) == colour.getRGB() ? 1 : 0;
      }
    }
    return pixels;
  }

  @Test
  void mutedBypassedAndUnknownNodesSubgraphsNotesAndReroutesAreToldApart() throws IOException {
    assertThat(boxes("mute").values()).anyMatch(box -> box.mode() == Mode.MUTED);
    assertThat(boxes("bypass").get("17").mode()).isEqualTo(Mode.BYPASSED);
    assertThat(BoxLayout.mark(boxes("bypass").get("17"))).contains("绕过");
    assertThat(boxes("unknown_class").values()).anyMatch(box -> box.kind() == Kind.UNKNOWN);
    assertThat(boxes("subgraph").get("17").kind()).isEqualTo(Kind.SUBGRAPH);
    assertThat(boxes("subgraph").get("17").title()).isEqualTo("New Subgraph");
    assertThat(boxes("notes").get("17").kind()).isEqualTo(Kind.NOTE);
    assertThat(boxes("reroute").get("17").kind()).isEqualTo(Kind.REROUTE);
  }

  @Test
  void aWireIsLedThroughItsPoints() throws IOException {
    Graph graph = GraphReader.read(workflow("reroute_points"), declarations());
    assertThat(graph.wires())
        .anySatisfy(
            wire ->
                assertThat(wire.via())
                    .containsExactly(new Graph.Point(700, 420), new Graph.Point(800, 470)));
  }

  @Test
  void aValueThatAWireGivesIsMarked() throws IOException {
    assertThat(boxes("primitive").get("14").fields())
        .anyMatch(field -> field.name().equals("seed") && field.linked());
  }

  @Test
  void linksAsObjectsAreReadToo() throws IOException {
    int wires = GraphReader.read(workflow("kolors_example"), declarations()).wires().size();
    assertThat(wires).isEqualTo(6);
    assertThat(GraphReader.read(workflow("version_1"), declarations()).wires())
        .hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void damagedPlacesAndSizesAreDrawnWithinBounds() throws IOException {
    JsonObject workflow = workflow("kolors_example");
    JsonArray nodes = workflow.getAsJsonArray("nodes");
    double[] wild = {Double.NaN, 1e300, -1e300, Double.POSITIVE_INFINITY, 0, -5};
    for (int i = 0; i < nodes.size(); i++) {
      JsonArray pair = new JsonArray();
      pair.add(wild[i % wild.length]);
      pair.add(wild[(i + 1) % wild.length]);
      nodes.get(i).getAsJsonObject().add(i % 2 == 0 ? "pos" : "size", pair);
    }
    nodes.add("no node");
    workflow.addProperty("groups", 3);
    BufferedImage picture = WorkflowPicture.draw(workflow, declarations(), 1000);
    assertThat((long) picture.getWidth() * picture.getHeight()).isLessThan(50_000_000);
  }

  @Test
  void aThousandNodesAreDrawnInSeconds() throws IOException {
    JsonObject workflow = workflow("kolors_example");
    JsonArray nodes = workflow.getAsJsonArray("nodes");
    JsonObject sampler = nodes.get(2).getAsJsonObject();
    for (int i = 0; i < 1000; i++) {
      JsonObject copy = sampler.deepCopy();
      copy.addProperty("id", 100 + i);
      JsonArray place = new JsonArray();
      place.add(i % 40 * 400);
      place.add(i / 40 * 400);
      copy.add("pos", place);
      nodes.add(copy);
    }
    long start = System.nanoTime();
    BufferedImage picture = WorkflowPicture.draw(workflow, declarations(), 1000);
    assertThat((long) picture.getWidth() * picture.getHeight()).isLessThan(50_000_000);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(20);
  }
}
