package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Buckets and shuffled captions against sd-scripts ({@code src/test/python/training_options.py}).
 */
class DatasetOptionsTest {

  @Test
  void bucketsAreThoseOfSdScripts() throws IOException {
    for (JsonElement element : json("buckets")) {
      JsonObject expected = element.getAsJsonObject();
      AspectRatioBuckets buckets =
          AspectRatioBuckets.around(
              size(expected.get("size")),
              expected.get("min").getAsInt(),
              expected.get("max").getAsInt(),
              expected.get("steps").getAsInt());
      assertThat(buckets.sizes()).isEqualTo(sizes(expected.get("sizes")));
      List<AspectRatioBuckets.Size> chosen =
          sizes(expected.get("pictures")).stream()
              .map(picture -> buckets.choose(picture.width(), picture.height()))
              .toList();
      assertThat(chosen).isEqualTo(sizes(expected.get("chosen")));
    }
  }

  @Test
  void captionsAreShuffledIntoTheOrdersOfSdScripts() throws IOException {
    TorchRandom random = new TorchRandom(0);
    for (JsonElement element : json("captions")) {
      JsonObject expected = element.getAsJsonObject();
      CaptionShuffle shuffle = new CaptionShuffle(",", expected.get("keep_tokens").getAsInt());
      Set<String> orders = new TreeSet<>();
      for (int i = 0; i < 2000; i++) {
        orders.add(shuffle.shuffle(expected.get("caption").getAsString(), random));
      }
      List<String> wanted = new ArrayList<>();
      expected.getAsJsonArray("orders").forEach(order -> wanted.add(order.getAsString()));
      assertThat(orders).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  void aChineseCommaComesBackAsItIs() {
    CaptionShuffle shuffle = new CaptionShuffle("，", 1);
    assertThat(shuffle.orders("二次元，蓝发， 微笑", new TorchRandom(0)))
        .containsExactlyInAnyOrder("二次元，蓝发，微笑", "二次元，微笑，蓝发");
  }

  private static JsonArray json(String name) throws IOException {
    return JsonParser.parseString(Files.readString(Golden.path("training_options.json")))
        .getAsJsonObject()
        .getAsJsonArray(name);
  }

  private static List<AspectRatioBuckets.Size> sizes(JsonElement array) {
    List<AspectRatioBuckets.Size> sizes = new ArrayList<>();
    array.getAsJsonArray().forEach(size -> sizes.add(size(size)));
    return sizes;
  }

  private static AspectRatioBuckets.Size size(JsonElement pair) {
    JsonArray numbers = pair.getAsJsonArray();
    return new AspectRatioBuckets.Size(numbers.get(0).getAsInt(), numbers.get(1).getAsInt());
  }
}
