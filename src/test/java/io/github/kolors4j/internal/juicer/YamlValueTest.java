package io.github.kolors4j.internal.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.CpuTime;
import io.github.kolors4j.juicer.RecipeException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Against PyYAML; {@code golden/yaml/make_yaml.py} made the values. */
class YamlValueTest {
  /** What is refused here and not by PyYAML, which takes the last without a word. */
  private static final Set<String> STRICTER = Set.of("a: .nan\n");

  @Test
  void valuesAreWhatPyYamlMakesOfThem() throws IOException {
    Path golden = Path.of("src/test/resources/golden/yaml/values.json");
    SoftAssertions softly = new SoftAssertions();
    for (JsonElement element : JsonParser.parseString(Files.readString(golden)).getAsJsonArray()) {
      JsonObject one = element.getAsJsonObject();
      String yaml = one.get("yaml").getAsString();
      if (STRICTER.contains(yaml)) {
        continue;
      }
      JsonElement here;
      try {
        here = plain(YamlValue.parse("recipe.yaml", yaml));
      } catch (RecipeException e) {
        softly.assertThat(e).as(yaml).hasMessageContaining("recipe.yaml, line ");
        here = new JsonPrimitive("error");
      }
      softly
          .assertThat(here)
          .as(yaml)
          .isEqualTo(one.has("error") ? new JsonPrimitive("error") : one.get("value"));
    }
    softly.assertAll();
  }

  private static JsonElement plain(YamlValue value) {
    if (value.isList()) {
      JsonArray list = new JsonArray();
      value.list("a list").forEach(item -> list.add(plain(item)));
      return list;
    }
    if (value.isMapping()) {
      JsonObject mapping = new JsonObject();
      value.mapping("a mapping").forEach((key, item) -> mapping.add(key, plain(item)));
      return mapping;
    }
    JsonElement scalar = value.json("a value");
    if (scalar instanceof JsonPrimitive primitive && primitive.isNumber()) {
      JsonObject number = new JsonObject();
      if (primitive.getAsNumber() instanceof Double decimal) {
        String python = python(decimal);
        number.addProperty("float", python);
      } else {
        number.addProperty("int", primitive.getAsLong());
      }
      return number;
    }
    return scalar;
  }

  /** {@code repr(number)}. */
  private static String python(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    String digits = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    return digits.contains(".") ? digits : digits + ".0";
  }

  @Test
  void numbersMayBeWrittenInAnyWayWhereOneIsWanted() {
    assertThat(value("1e3").decimal("x")).isEqualTo(1000);
    assertThat(value("1e3").integer("x")).isEqualTo(1000);
    assertThat(value("-.5").decimal("x")).isEqualTo(-0.5);
    assertThat(value("1000.0").integer("x")).isEqualTo(1000);
    assertThat(value("010").decimal("x")).isEqualTo(8);
    assertThat(value(".inf").integer("x")).isEqualTo(Long.MAX_VALUE);
    assertThat(value("1e3").text("x")).isEqualTo("1e3");
    for (String none : new String[] {"'1e3'", "'5'", ".nan", "yes", "[1]", "1.5", "08x", "~"}) {
      assertThatThrownBy(() -> value(none).integer("x"))
          .as(none)
          .hasMessageContaining("recipe.yaml, line 1: x must be a whole number");
    }
    assertThatThrownBy(() -> value("99999999999999999999").integer("x"))
        .hasMessageContaining("too large");
  }

  private static YamlValue value(String yaml) {
    return YamlValue.parse("recipe.yaml", "a: " + yaml).mapping("a mapping").get("a");
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedButMayTakeThePlaceOfAMergedOne() {
    assertThatThrownBy(() -> YamlValue.parse("recipe.yaml", "a: 1\na: 2\n").mapping("x"))
        .hasMessageContaining("line 2: \"a\" is there twice");
  }

  @Test
  void mergesAndAliasesOfAliasesTakeNoTime() {
    StringBuilder merges = new StringBuilder("a0: &a0 {x: 1}\n");
    StringBuilder lists = new StringBuilder("b0: &b0 [x]\n");
    for (int i = 1; i < 100; i++) {
      String before = "*a" + (i - 1);
      merges.append("a%d: &a%d {<<: [%s, %s, %s]}\n".formatted(i, i, before, before, before));
      lists.append(
          "b%d: &b%d [%s]\n".formatted(i, i, String.join(", ", "*b" + (i - 1), "*b" + (i - 1))));
    }
    assertThat(
            CpuTime.of(
                () -> {
                  var all = YamlValue.parse("recipe.yaml", merges + lists.toString()).mapping("x");
                  assertThat(all.get("a99").mapping("x")).containsOnlyKeys("x");
                  assertThat(YamlValue.dump(all)).contains("b99");
                }))
        .isLessThan(Duration.ofSeconds(20));
    assertThatThrownBy(
            () ->
                YamlValue.parse("recipe.yaml", "a: &a\n  <<: *a\n")
                    .mapping("x")
                    .get("a")
                    .mapping("x"))
        .hasMessageContaining("cannot be merged (<<) into itself");
  }
}
