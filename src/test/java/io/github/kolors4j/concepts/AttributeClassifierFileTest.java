package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.kolors4j.concepts.AttributeClassifier.Judgement;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The classifier that ships, on pictures of data/avatars, from which it has not learned. */
class AttributeClassifierFileTest {

  @Test
  void itTakesThePictureSetForLoreleiAndSeesItsHairAndBackground() throws IOException {
    List<CaptionedPicture> pictures = new ArrayList<>();
    List<BufferedImage> images = new ArrayList<>();
    for (CaptionedPicture picture : CaptionedImages.load(Path.of("data/avatars"))) {
      try {
        BufferedImage image = picture.read();
        if (image.getWidth() == image.getHeight() && image.getWidth() > 100) {
          pictures.add(picture);
          images.add(image);
        }
      } catch (PictureException e) {
        // one of the set's broken files
      }
      if (pictures.size() == 16) {
        break;
      }
    }
    assertThat(pictures).hasSize(16);
    try (AttributeClassifier classifier = AttributeClassifier.embedded()) {
      assertThat(classifier.attributes().get("style")).hasSize(14).contains("lorelei");
      List<Judgement> seen = classifier.judge(images);
      assertThat(seen.stream().filter(one -> one.style().equals("lorelei")).count())
          .isGreaterThanOrEqualTo(15);
      for (String attribute : List.of("hairColor", "background")) {
        int right = 0;
        for (int i = 0; i < 16; i++) {
          String shown = pictures.get(i).attributes().get(attribute);
          right += seen.get(i).values().get(attribute).equals(shown) ? 1 : 0;
        }
        assertThat(right).as(attribute).isGreaterThanOrEqualTo(14);
      }
      Map<String, Float> styles = seen.get(0).probabilities().get("style");
      assertThat(styles.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-5));
      assertThat(seen.get(0).probability("style", "lorelei")).isGreaterThan(0.5);
      assertThat(seen.get(0).probability("style", "none such")).isZero();
      assertThat(classifier.judge(images.get(0)).values()).isEqualTo(seen.get(0).values());
      assertThat(classifier.accuracy().of("style").share()).isGreaterThan(0.97);
    }
    assertThat(
            Files.size(
                Path.of("data/models/attribute-classifier/attribute-classifier.safetensors")))
        .isLessThan(400_000);
  }
}
