package io.github.kolors4j.lab;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.concepts.EvaluationPrompt;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.concepts.Hits;
import io.github.kolors4j.internal.concepts.StyleAttributes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final BufferedImage PICTURE =
      AttributeClassifierTest.drawing(Color.RED, Color.BLUE);

  @TempDir Path folder;

  @Test
  void onlyWhatAPromptAsksForAndCanBeSeenCounts() {
    List<Sample> samples = AttributeClassifierTest.drawings();
    try (AttributeClassifier untrained =
        new ClassifierTraining(0, 0, (step, loss) -> {}).train(samples)) {
      Map<String, String> seen = untrained.judge(List.of(PICTURE)).get(0).values();
      String right = seen.get("hairColor");
      String wrong = right.equals("blue") ? "red" : "blue";
      Report report =
          new Evaluation(untrained)
              .judge(
                  "A source",
                  List.of(
                      sample("right", Map.of("hairColor", right)),
                      sample("wrong", Map.of("hairColor", wrong, "mouth", "smile")),
                      sample("under a hat", Map.of("hairColor", "none")),
                      sample("not asked", Map.of())));
      assertThat(report.hits().of("hairColor")).isEqualTo(new Hits(1, 2));
      assertThat(report.hits().of("mouth")).isEqualTo(Hits.NONE);
      assertThat(report.pictures()).isEqualTo(4);
      assertThat(report.prompts()).containsExactly("right", "wrong", "under a hat", "not asked");
      assertThat(report.toMarkdown())
          .startsWith("### A source\n\n| attribute | right of all | share |")
          .contains("| hairColor | 1 of 2 | 50.0 % | – | " + wrong + " → " + right + " 1 |");
      assertThat(report.contactSheet().getWidth()).isGreaterThan(6 * 192);
    }
  }

  @Test
  void aStylesShareIsOfAllPictures() {
    Report report =
        new Report(
            "",
            4,
            new HitTable(),
            new HitTable(),
            new Report.Mistakes(Map.of()),
            Map.of("lorelei", 3, "micah", 1),
            null,
            List.of(),
            List.of());
    assertThat(report.styleShare("lorelei")).isEqualTo(0.75);
    assertThat(report.styleShare("openPeeps")).isZero();
  }

  @Test
  void whatIsBelowAnAimIsSaid() throws Exception {
    List<Sample> samples = AttributeClassifierTest.drawings();
    try (AttributeClassifier untrained =
        new ClassifierTraining(0, 0, (step, loss) -> {}).train(samples)) {
      Evaluation evaluation = new Evaluation(untrained);
      Reports reports = new Reports(folder, Map.of("hairColor", 50.0, "eyes", 10.0));
      String seen = untrained.judge(List.of(PICTURE)).get(0).values().get("hairColor");
      List<Sample> right = List.of(sample("right", Map.of("hairColor", seen, "eyes", "side")));
      reports.add(evaluation, "Not held to aims", "first", right);
      assertThat(reports.missed()).isEmpty();
      reports.addMeasured(evaluation, "Drawn", "second", right);
      assertThat(reports.missed()).containsExactly("Drawn: eyes NaN %, not 10.0 %");
      assertThat(folder.resolve("second.png")).exists();
      assertThat(Files.readString(folder.resolve("evaluation.md")))
          .contains("### Not held to aims", "### Drawn");
    }
  }

  @Test
  void whatAStyleCannotDrawIsNotJudgedInIt() {
    StyleAttributes styles =
        StyleAttributes.in(
            List.of(
                Map.of("style", "micah", "clothing", "tshirt", "eyes", "happy"),
                Map.of("style", "micah", "clothing", "tshirt", "eyes", "default"),
                Map.of("style", "pixelArt", "clothing", "suit", "eyes", "default"),
                Map.of("style", "pixelArt", "clothing", "tshirt", "eyes", "hidden")));
    assertThat(styles.canShow("micah", "eyes", "happy")).isTrue();
    assertThat(styles.canShow("micah", "eyes", "hearts")).as("never drawn").isFalse();
    assertThat(styles.canShow("micah", "clothing", "tshirt")).as("no choice").isFalse();
    assertThat(styles.canShow("micah", "mouth", "smile")).as("has none").isFalse();
    assertThat(styles.canShow("pixelArt", "clothing", "suit")).isTrue();
    assertThat(styles.canShow("pixelArt", "eyes", "hidden")).as("sunglasses").isFalse();
    assertThat(styles.canShow("pixelArt", "eyes", "default")).as("nothing else").isFalse();
    assertThat(styles.canShow("pixelArt", "style", "pixelArt")).isTrue();
    assertThat(styles.canShow("lorelei", "eyes", "hearts")).as("unknown style").isTrue();
    assertThat(StyleAttributes.fromJson(styles.toJson())).isEqualTo(styles);
  }

  @Test
  void aTableOfHitsPromisesWhatItSawInTheStylesThatAreAskedFor() {
    HitTable known = new HitTable();
    HitTable asked = new HitTable();
    for (boolean right : new boolean[] {true, true, true, false}) {
      known.count("micah", "eyes", right);
      known.count("lorelei", "eyes", true);
      asked.count("micah", "eyes", false);
    }
    assertThat(known.of("eyes")).isEqualTo(new Hits(7, 8));
    assertThat(known.expected("eyes", asked)).isEqualTo(0.75);
    asked.count(HitTable.ANY_STYLE, "eyes", true);
    assertThat(known.expected("eyes", asked)).isEqualTo((4 * 0.75 + 0.875) / 5);
    assertThat(known.expected("mouth", asked)).isNaN();
    assertThat(HitTable.fromJson(known.toJson())).isEqualTo(known);
  }

  @Test
  void promptsAreReadWithTheirAttributesAndNumbers() throws Exception {
    Path file = folder.resolve("prompts.jsonl");
    Files.writeString(
        file,
        """
        {"prompt":"扁平卡通头像，一个小男孩","attributes":{"hairColor":"blue"}}

        {"prompt":"扁平卡通头像，一个小女孩","attributes":{"hairColor":"red"}}
        """);
    List<EvaluationPrompt> prompts = EvaluationPrompt.read(file);
    assertThat(prompts)
        .containsExactly(
            new EvaluationPrompt("扁平卡通头像，一个小男孩", Map.of("hairColor", "blue"), 0),
            new EvaluationPrompt("扁平卡通头像，一个小女孩", Map.of("hairColor", "red"), 1));
    assertThat(prompts.get(1).inStyle("二次元", "lorelei"))
        .isEqualTo(
            new EvaluationPrompt("二次元，一个小女孩", Map.of("hairColor", "red", "style", "lorelei"), 1));
  }

  @Test
  void aLineThatIsNoPromptIsRefusedWithItsNumber() throws Exception {
    Path file = folder.resolve("prompts.jsonl");
    for (String bad : List.of("{\"prompt\":\"一个小男孩\"}", "{", "null", "7")) {
      Files.writeString(file, "{\"prompt\":\"一\",\"attributes\":{\"eyes\":\"side\"}}\n" + bad);
      assertThatThrownBy(() -> EvaluationPrompt.read(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Line 2 of")
          .hasMessageContaining("prompts.jsonl");
    }
  }

  @Test
  void everyPromptThatShipsNamesWhatTheClassifierJudges() {
    List<EvaluationPrompt> prompts =
        EvaluationPrompt.read(Path.of("data", "generator", "heldout-prompts.jsonl"));
    assertThat(prompts).hasSize(300);
    assertThat(prompts)
        .allSatisfy(
            prompt ->
                assertThat(prompt.attributes())
                    .containsEntry("style", "avataaars")
                    .containsKeys("hairColor", "background", "scene", "prop", "clothing", "eyes")
                    .containsKeys("glasses"));
  }

  @Test
  void promptsOfEveryStyleAskForEachEquallyOften() {
    List<EvaluationPrompt> prompts =
        EvaluationPrompt.read(Path.of("data", "generator", "style-prompts.jsonl"));
    assertThat(prompts).hasSize(156);
    Map<String, Long> styles =
        prompts.stream()
            .collect(groupingBy(prompt -> prompt.attributes().get("style"), counting()));
    assertThat(styles).hasSize(13).doesNotContainKey("lorelei");
    assertThat(styles.values()).containsOnly(12L);
  }

  @Test
  void aSheetOfSixtyFourPicturesIsUnderFiveHundredKilobytes() throws Exception {
    Path file = folder.resolve("sheet.jpg");
    Random random = new Random(0);
    List<BufferedImage> noisy = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      picture.setRGB(0, 0, 64, 64, random.ints(64 * 64).toArray(), 0, 64);
      noisy.add(picture);
    }
    new ContactSheet("Noise", noisy).write(file);
    assertThat(Files.size(file)).isBetween(50_000L, 500_000L);
    BufferedImage sheet = PictureFile.read(file);
    assertThat(sheet.getWidth()).isEqualTo(8 * 168 + 8);
  }

  private static Sample sample(String prompt, Map<String, String> attributes) {
    return new Sample(prompt, attributes, () -> PICTURE);
  }
}
