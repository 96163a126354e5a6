package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {

  @Test
  void anUnknownOperatorIsNamedWithItsLineAndTheNearest() {
    assertRefused(
        """
        dataset_path: x.jsonl
        process:
          - image_shape_filtre:
              min_width: 1
        """,
        "recipe.yaml, line 3",
        "no operator \"image_shape_filtre\". Did you mean \"image_shape_filter\"?");
  }

  @Test
  void anUnknownParameterIsNamedWithItsLineAndTheNearest() {
    assertRefused(
        """
        dataset_path: x.jsonl
        process:
          - image_shape_filter:
              min_width: 1
              min_hight: 1
        """,
        "recipe.yaml, line 5",
        "no parameter \"min_hight\". Did you mean \"min_height\"?");
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearest() {
    assertRefused(
        "dataset_path: x.jsonl\nexport_pth: y.jsonl\n",
        "recipe.yaml, line 2",
        "Did you mean \"export_path\"?");
  }

  @Test
  void aValueOfTheWrongKindIsNamedWithItsLine() {
    assertRefused(
        "dataset_path: x\nprocess:\n  - image_shape_filter:\n      min_width: wide\n",
        "line 4",
        "image_shape_filter.min_width must be a whole number, not \"wide\"");
    assertRefused(
        "dataset_path: x\nprocess:\n  - image_shape_filter:\n      any_or_all: some\n",
        "line 4",
        "it can be one of [any, all]");
    assertRefused("dataset_path: x\nnp: 0\n", "line 2", "np must be at least 1");
  }

  @Test
  void aValueThatAnOperatorCannotUseIsNamedWithItsLine() {
    assertOperatorRefused(
        "words_num_filter", "tokenization: true", "words_num_filter.tokenization needs a language");
    assertOperatorRefused(
        "image_size_filter", "min_size: 1.5kb", "write a whole number and a unit");
    assertOperatorRefused("image_size_filter", "max_size: 3 cm", "such as \"200 KB\"");
    assertOperatorRefused("clean_links_mapper", "pattern: '(a'", "is no regular expression");
    assertOperatorRefused(
        "clean_ip_mapper", "repl: '\\7'", "invalid group reference 7 at position 1");
    assertOperatorRefused(
        "document_simhash_deduplicator", "hamming_distance: 6", "must be less than num_blocks");
    assertOperatorRefused("random_selector", "select_ratio: 1.5", "must be from 0 to 1");
    assertOperatorRefused("topk_specified_field_selector", "topk: 0", "must be at least 1");
    assertOperatorRefused("chinese_convert_mapper", "mode: s2x", "it can be one of [hk2s, hk2t,");
    assertOperatorRefused("fix_unicode_mapper", "normalization: NFX", "can be one of [NFC,");
    assertOperatorRefused("image_blur_mapper", "radius: -1", "must not be negative");
    assertOperatorRefused("replace_content_mapper", "text_kye: a", "Did you mean \"text_key\"?");
  }

  private static void assertOperatorRefused(String operator, String parameter, String message) {
    assertRefused(
        "dataset_path: x\nprocess:\n  - " + operator + ":\n      " + parameter + "\n",
        "recipe.yaml, line 4",
        message);
  }

  @Test
  void whatIsNoYamlIsRefusedWithItsLine() {
    assertRefused("dataset_path: 'x\n", "recipe.yaml, line", "not YAML");
    assertRefused("dataset_path: a\ndataset_path: b\n", "line 2", "twice");
    assertRefused("", "is empty");
    assertRefused("np: 2\n", "has no dataset_path");
  }

  @Test
  void aTagInARecipeBuildsNoObject() {
    assertRefused("dataset_path: !!java.io.File [/etc/passwd]\n", "line 1", "tag is not allowed");
  }

  @Test
  void aKeyThatHasNoEffectIsReportedNotRefused() {
    Recipe recipe = Recipe.parse("recipe.yaml", "dataset_path: x\nuse_cache: true\n");
    assertThat(recipe.notices()).singleElement().asString().contains("use_cache");
  }

  @Test
  void valuesFromTheCommandLineTakeThePlaceOfTheRecipes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(
        file,
        "dataset_path: a.jsonl\nnp: 2\nprocess:\n  - text_length_filter:\n      min_len: 3\n");

    Recipe recipe =
        Recipe.read(
            file, Map.of("np", "1", "dataset_path", "\"b: 1.jsonl\"", "text_keys", "[x, y]"));

    assertThat(recipe.threads()).isEqualTo(1);
    assertThat(recipe.datasetPath()).isEqualTo("b: 1.jsonl");
    assertThat(recipe.textKeys()).containsExactly("x", "y");
    assertThat(Recipe.parse("again", recipe.yaml()))
        .usingRecursiveComparison()
        .ignoringFields("process")
        .isEqualTo(recipe);
    assertThatThrownBy(() -> Recipe.read(file, Map.of("np", "0")))
        .hasMessageContaining("--np, line 1: np must be at least 1");
    // A mistake in the file is still named with its own line.
    Files.writeString(file, "dataset_path: a.jsonl\nprocess:\n  - text_lenth_filter:\n");
    assertThatThrownBy(() -> Recipe.read(file, Map.of("np", "1")))
        .hasMessageContaining("recipe.yaml, line 3");
  }

  @Test
  void optionsComeFirstAndChecksAfter(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(file, "np: 0\ntext_keys: []\nskip_op_error: maybe\nexecutor_type: cloud\n");
    Map<String, String> options =
        Map.of(
            "dataset_path", "x.jsonl",
            "np", "2",
            "text_keys", "[text]",
            "skip_op_error", "true",
            "executor_type", "default");

    Recipe recipe = Recipe.read(file, options);

    assertThat(recipe.datasetPath()).isEqualTo("x.jsonl");
    assertThat(recipe.textKeys()).containsExactly("text");
    assertThatThrownBy(() -> Recipe.read(file, Map.of("dataset_path", "x")))
        .hasMessageContaining("recipe.yaml, line 1: np must be at least 1");
  }

  @Test
  void aMergedMappingCountsAsIfItWereWrittenOut() {
    Recipe recipe =
        Recipe.parse(
            "recipe.yaml",
            """
            dataset_path: caps.csv
            process: &p
              - text_length_filter: &q
                  min_len: 1
              - text_length_filter:
                  <<: *q
                  max_len: 100
            """);

    assertThat(recipe.process()).hasSize(2);
    assertThat(((Filter) recipe.process().get(1)).bounds())
        .hasToString("{text_len=" + Bounds.of(1, 100) + "}");
  }

  @Test
  void decimalsAreWrittenAsPandasWritesThem() {
    assertThat(ResultJson.decimal(1)).isEqualTo("1.0");
    assertThat(ResultJson.decimal(100)).isEqualTo("100.0");
    assertThat(ResultJson.decimal(1 / 3.0)).isEqualTo("0.3333333333");
    assertThat(ResultJson.decimal(2.5e-7)).isEqualTo("0.00000025");
    assertThat(ResultJson.decimal(1.5e-11)).isEqualTo("0.0");
    assertThat(ResultJson.decimal(1030.0 / 1040)).isEqualTo("0.9903846154");
    assertThat(ResultJson.decimal(1e16)).isEqualTo("10000000000000000.0");
    assertThat(ResultJson.decimal(1e20)).isEqualTo("1e+20");
    assertThat(ResultJson.decimal(123456789012345680.0)).isEqualTo("1.23456789e+17");
    assertThat(ResultJson.decimal(Double.NaN)).isEqualTo("null");
  }

  @Test
  void wholeNumbersAreDecimalsWhereOneIsMissing() {
    var lines =
        java.util.stream.Stream.of(
                "{\"n\": 1, \"l\": [1, null], \"s\": {\"x\": 1, \"y\": 1}}",
                "{\"n\": null, \"l\": null, \"s\": {\"y\": 2}}",
                "{\"n\": 9007199254740993, \"l\": [], \"s\": null}")
            .map(line -> com.google.gson.JsonParser.parseString(line).getAsJsonObject())
            .toList();

    // What datasets.Dataset.to_json writes of the same rows, but for the last number: it would
    // write 9007199254740992.0, and a number that loses a digit is another number.
    assertThat(ResultJson.forLines(lines).write(lines))
        .containsExactly(
            "{\"n\":1.0,\"l\":[1.0,null],\"s\":{\"x\":1.0,\"y\":1}}",
            "{\"n\":null,\"l\":null,\"s\":{\"x\":null,\"y\":2}}",
            "{\"n\":9007199254740993,\"l\":[],\"s\":null}");
  }

  private static void assertRefused(String yaml, String... messages) {
    var refusal =
        assertThatThrownBy(() -> Recipe.parse("recipe.yaml", yaml))
            .isInstanceOf(RecipeException.class);
    for (String message : messages) {
      refusal.hasMessageContaining(message);
    }
  }
}
