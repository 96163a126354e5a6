package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.juicer.Operator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeBuilderTest {

  @Test
  void theYamlOfABuiltRecipeReadsAsTheSameRecipe() {
    Recipe built =
        Recipe.builder("data/metadata.jsonl")
            .projectName("二次元")
            .exportPath("out/result.jsonl")
            .np(3)
            .textKeys("caption", "text")
            .imageKey("image")
            .exportShardSize(1 << 20)
            .keepStatistics()
            .trace(5)
            .then("image_shape_filter", Map.of("min_width", 1024, "any_or_all", "all"))
            .then("remove_specific_chars_mapper", Map.of("chars_to_remove", List.of("◆", ":")))
            .then("image_deduplicator")
            .build();

    Recipe read = Recipe.parse("recipe.yaml", built.yaml());

    assertThat(read.process())
        .extracting(Operator::name)
        .containsExactly(
            "image_shape_filter", "remove_specific_chars_mapper", "image_deduplicator");
    assertThat(read).usingRecursiveComparison().ignoringFields("process").isEqualTo(built);
    assertThat(read.textKeys()).containsExactly("caption", "text");
    assertThat(read.export()).isEqualTo(new Recipe.Export(1 << 20, true, false));
    assertThat(read.tracing()).isEqualTo(new Recipe.Tracing(true, List.of(), 5));
  }

  @Test
  void theYamlIsTheOneThatAPersonWouldWrite() {
    assertThat(
            Recipe.builder("a.jsonl")
                .then("text_length_filter", Map.of("min_len", 5))
                .build()
                .yaml())
        .isEqualTo(
            """
            dataset_path: a.jsonl
            process:
            - text_length_filter:
                min_len: 5
            """);
  }

  @Test
  void aWrongParameterIsRefusedWithTheNearestName() {
    RecipeBuilder builder =
        Recipe.builder("a.jsonl").then("text_length_filter", Map.of("min_length", 5));

    assertThatThrownBy(builder::build)
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("line 4")
        .hasMessageContaining("Did you mean \"min_len\"?");
  }
}
