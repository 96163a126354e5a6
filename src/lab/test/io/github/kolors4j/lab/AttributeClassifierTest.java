package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.internal.concepts.Hits;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classifier on drawings of two coloured rectangles: hair above, clothes below. */
class AttributeClassifierTest {
  private static final Map<String, Color> COLOURS =
      Map.of("blue", Color.BLUE, "red", Color.RED, "green", Color.GREEN);

  @TempDir Path folder;

  @Tag("slow")
  @Test
  void trainingLearnsToTellColoursAndASavedClassifierJudgesAlike() throws Exception {
    List<Double> losses = new ArrayList<>();
    List<Sample> samples = drawings();
    ClassifierTraining training = new ClassifierTraining(60, 1, (step, loss) -> losses.add(loss));
    Path file = folder.resolve("classifier.safetensors");
    List<BufferedImage> pictures = samples.stream().map(s -> s.picture().get()).toList();
    List<Map<String, String>> judgements;
    try (AttributeClassifier classifier = training.train(samples)) {
      judgements = values(classifier.judge(pictures));
      classifier.save(file, new Evaluation(classifier).judge("Learned", samples).hits());
    }
    assertThat(mean(losses.subList(50, 60))).isLessThan(0.5 * mean(losses.subList(0, 10)));
    for (int i = 0; i < samples.size(); i++) {
      assertThat(judgements.get(i)).containsAllEntriesOf(samples.get(i).attributes());
    }
    try (AttributeClassifier loaded = AttributeClassifier.load(file)) {
      assertThat(loaded.attributes())
          .isEqualTo(
              Map.of(
                  "background", List.of("blue", "green", "red"),
                  "hairColor", List.of("blue", "green", "red")));
      assertThat(values(loaded.judge(pictures))).isEqualTo(judgements);
      assertThat(loaded.accuracy().of("background")).isEqualTo(new Hits(9, 9));
      assertThat(loaded.styles().canShow(null, "hairColor", "red")).isTrue();
    }
    assertThat(Files.size(file)).isLessThan(300_000);
  }

  @Test
  void theSameSeedGivesTheSameLosses() {
    assertThat(firstLosses(7)).isEqualTo(firstLosses(7)).isNotEqualTo(firstLosses(8));
  }

  @Test
  void picturesThatDoNotDifferCannotBeLearned() {
    List<Sample> alike = drawings().subList(0, 1);
    assertThatThrownBy(() -> new ClassifierTraining(1, 0, (step, loss) -> {}).train(alike))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not differ");
  }

  @Test
  void picturesWithoutAnyKnownAttributeDoNotDisturbTheTraining() {
    List<Sample> samples = new ArrayList<>(drawings());
    for (int i = 0; i < 500; i++) {
      samples.add(new Sample("", Map.of("who", "boy"), () -> drawing(Color.PINK, Color.GRAY)));
    }
    List<Double> losses = new ArrayList<>();
    new ClassifierTraining(2, 0, (step, loss) -> losses.add(loss)).train(samples).close();
    assertThat(losses).hasSize(2).allMatch(loss -> loss > 0 && loss < 10);
  }

  @Test
  void otherWeightsAreRefusedWithTheFilesName() {
    Path file = folder.resolve("other.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        NDArray one = manager.ones(new Shape(1))) {
      SafetensorsWriter.write(file, Map.of("weight", one));
      assertThatThrownBy(() -> AttributeClassifier.load(file))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("other.safetensors")
          .hasMessageContaining("labels");
      SafetensorsWriter.write(file, Map.of("weight", one), Map.of("labels", "[1, 2]"));
      assertThatThrownBy(() -> AttributeClassifier.load(file))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("other.safetensors");
    }
  }

  private static List<Map<String, String>> values(List<AttributeClassifier.Judgement> seen) {
    return seen.stream().map(AttributeClassifier.Judgement::values).toList();
  }

  private static List<Double> firstLosses(long seed) {
    List<Double> losses = new ArrayList<>();
    new ClassifierTraining(3, seed, (step, loss) -> losses.add(loss)).train(drawings()).close();
    return losses;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Every pair of colours; every fourth drawing is of unknown hair. */
  static List<Sample> drawings() {
    List<Sample> samples = new ArrayList<>();
    for (String hair : List.of("blue", "green", "red")) {
      for (String background : List.of("blue", "green", "red")) {
        Map<String, String> attributes = new HashMap<>(Map.of("background", background));
        if (samples.size() % 4 != 3) {
          attributes.put("hairColor", hair);
        }
        samples.add(
            new Sample(
                hair + " hair before " + background,
                attributes,
                () -> drawing(COLOURS.get(background), COLOURS.get(hair))));
      }
    }
    return samples;
  }

  static BufferedImage drawing(Color background, Color hair) {
    BufferedImage picture = new BufferedImage(120, 120, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(background);
    g.fillRect(0, 0, 120, 120);
    g.setColor(hair);
    g.fillOval(35, 20, 50, 40);
    g.setColor(Color.BLACK);
    g.drawRect(35, 20, 50, 70);
    g.dispose();
    return picture;
  }
}
