package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against SciPy's: {@code golden/juicer/make_cosine.py}. */
class CosineTransformTest {

  @ParameterizedTest
  @ValueSource(strings = {"even", "random", "symmetric", "stripes", "square", "checks"})
  void coefficientsAreThoseOfSciPyInEveryBit(String picture) throws IOException {
    String json = Files.readString(Path.of("src/test/resources/golden/juicer/cosine.json"));
    JsonObject expected = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject(picture);

    double[][] coefficients = CosineTransform.of(matrix(expected.getAsJsonArray("grey")));

    assertThat(coefficients).isDeepEqualTo(matrix(expected.getAsJsonArray("coefficients")));
  }

  private static double[][] matrix(JsonArray rows) {
    double[][] matrix = new double[rows.size()][];
    for (int y = 0; y < matrix.length; y++) {
      matrix[y] =
          rows.get(y).getAsJsonArray().asList().stream()
              .mapToDouble(number -> number.getAsDouble() + 0.0) // -0 is 0
              .toArray();
    }
    return matrix;
  }
}
