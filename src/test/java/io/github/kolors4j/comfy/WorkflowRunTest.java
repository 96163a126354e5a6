package io.github.kolors4j.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.progress.WorkWatcher;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Workflows run as a notebook's cell runs them, with small nodes of the test's own. */
class WorkflowRunTest {

  /** Gives a picture of a width, in so many steps, each with a preview. */
  private static final class Draw implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestDraw")
          .integer("width", 16, 1, 64, 1)
          .integer("steps", 3, 1, 2_000_000_000, 1)
          .output("IMAGE");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      int width = (int) inputs.integer("width");
      BufferedImage picture = new BufferedImage(width, 8, BufferedImage.TYPE_INT_RGB);
      for (int step = 1; step <= inputs.integer("steps"); step++) {
        context.progress(step, inputs.integer("steps"));
        context.preview(picture);
      }
      return List.of(List.of(picture));
    }
  }

  private static final class Fail implements Node {
    @Override
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("TestFail").input("image", "IMAGE").output("IMAGE");
    }

    @Override
    public List<Object> run(NodeInputs inputs, NodeContext context) {
      throw new IllegalStateException("颜料用完了");
    }
  }

  @BeforeAll
  static void registerNodes() {
    NodeCatalogue.register(new Draw());
    NodeCatalogue.register(new Fail());
  }

  private static Workflow drawing(int width, int steps) {
    return Workflow.parse(
        """
        {"1": {"class_type": "TestDraw", "inputs": {"width": %d, "steps": %d}},
         "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}"""
            .formatted(width, steps));
  }

  @Test
  void itsPicturesComeWithTheirFiles() {
    WorkflowResult result = drawing(21, 3).run();
    assertThat(result.pictures()).hasSize(1);
    assertThat(result.image().getWidth()).isEqualTo(21);
    assertThat(result.file()).exists();
    assertThat(result.pictures().get(0).nodeId()).isEqualTo("2");
  }

  @Test
  void aSecondRunTakesTheResultsAgain() {
    drawing(22, 3).run();
    WorkflowResult again = drawing(22, 3).run();
    assertThat(again.reused()).contains("1");
    assertThat(again.pictures()).hasSize(1);
    assertThat(drawing(23, 3).run().reused()).doesNotContain("1");
  }

  @Test
  void theNodeAtWorkItsStepsAndItsPreviewsAreShown() {
    List<String> names = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    List<Integer> previews = new ArrayList<>();
    List<Long> done = new ArrayList<>();
    WorkWatcher watcher =
        new WorkWatcher() {
          @Override
          public void began(Work work) {
            names.add(work.name());
          }

          @Override
          public void advanced(Work work) {
            if (work.name().contains("TestDraw")) {
              steps.add(work.done());
              assertThat(work.total()).isEqualTo(4);
            }
          }

          @Override
          public void shown(Work work, BufferedImage picture) {
            previews.add(picture.getWidth());
          }

          @Override
          public void ended(Work work) {
            done.add(work.done());
          }
        };
    Work.watchedBy(watcher, () -> drawing(24, 4).run());
    assertThat(names)
        .containsExactly("运行工作流 (running the workflow)", "#1 TestDraw", "#2 PreviewImage");
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L);
    assertThat(previews).containsExactly(24, 24, 24, 24);
    assertThat(done)
        .describedAs("the two nodes' steps, and both nodes")
        .containsExactly(4L, 0L, 2L);
  }

  @Test
  void theStopButtonEndsItWithinANodeAndSaysWhere() {
    AtomicBoolean pressed = new AtomicBoolean();
    WorkWatcher watcher =
        new WorkWatcher() {
          @Override
          public void shown(Work work, BufferedImage picture) {
            pressed.set(true);
          }

          @Override
          public boolean stopRequested() {
            return pressed.get();
          }
        };
    assertThatThrownBy(() -> Work.watchedBy(watcher, () -> drawing(25, 2_000_000_000).run()))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("#1 TestDraw");
    assertThat(drawing(26, 1).run().pictures()).hasSize(1);
  }

  @Test
  void aNodeThatFailsIsNamedWithItsReason() {
    Workflow failing =
        Workflow.parse(
            """
            {"1": {"class_type": "TestDraw", "inputs": {"width": 8, "steps": 1}},
             "7": {"class_type": "TestFail", "inputs": {"image": ["1", 0]}},
             "2": {"class_type": "PreviewImage", "inputs": {"images": ["7", 0]}}}""");
    assertThatThrownBy(failing::run)
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("#7 TestFail")
        .hasMessageContaining("颜料用完了");
  }

  @Test
  void whatCannotBeRunNamesTheNodeAndTheField() {
    Workflow wrong =
        Workflow.parse(
            """
            {"1": {"class_type": "TestDraw", "inputs": {"width": 65, "steps": 1}},
             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    assertThatThrownBy(wrong::run)
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("#1 TestDraw")
        .hasMessageContaining("width");
  }

  @Test
  void anUnknownNodeIsNamed() {
    Workflow unknown = Workflow.parse("{\"5\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}");
    assertThatThrownBy(unknown::run).hasMessageContaining("NoSuchNode");
  }
}
