package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
  void decimalsAreWrittenAsPandasWritesThem() {
    assertThat(ResultJson.decimal(1)).isEqualTo("1.0");
    assertThat(ResultJson.decimal(100)).isEqualTo("100.0");
    assertThat(ResultJson.decimal(1 / 3.0)).isEqualTo("0.3333333333");
    assertThat(ResultJson.decimal(2.5e-7)).isEqualTo("0.00000025");
    assertThat(ResultJson.decimal(1.5e-11)).isEqualTo("0.0");
    assertThat(ResultJson.decimal(1030.0 / 1040)).isEqualTo("0.9903846154");
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
