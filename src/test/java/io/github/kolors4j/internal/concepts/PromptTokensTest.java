package io.github.kolors4j.internal.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTokensTest {
  private static PromptTokens tokens(String... pieces) {
    return new PromptTokens(
        "",
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("[padding]", "[gMASK]", "sop"),
                java.util.stream.Stream.of(pieces))
            .toList());
  }

  @Test
  void aWordIsAllPiecesThatHoldSomeOfIt() {
    PromptTokens prompt = tokens("▁一个", "红色", "长", "发的", "女孩");
    assertThat(prompt.of("长发")).containsExactly(5, 6);
    assertThat(prompt.of("一个")).containsExactly(3);
    assertThat(prompt.of("▁一个")).containsExactly(3);
    assertThat(prompt.of("sop")).containsExactly(2);
    assertThat(prompt.of("[padding]")).containsExactly(0);
  }

  @Test
  void aWordIsFoundWhereverItStands() {
    assertThat(tokens("蓝色", "头发", "，", "蓝色", "背景").of("蓝色")).containsExactly(3, 6);
  }

  @Test
  void aCharacterInBytesIsAllOfThem() {
    PromptTokens prompt = tokens("▁", "<0xE9>", "<0xBE>", "<0x98>", "猫");
    String character =
        new String(
            new byte[] {(byte) 0xE9, (byte) 0xBE, (byte) 0x98},
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(prompt.of(character)).containsExactly(4, 5, 6);
    assertThat(prompt.of(character + "猫")).containsExactly(4, 5, 6, 7);
  }

  @Test
  void whatIsNotInThePromptIsRefusedWithThePiecesThatAre() {
    assertThatThrownBy(() -> tokens("红色", "女孩").of("男孩"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'男孩'")
        .hasMessageContaining("[红色, 女孩]");
    assertThatThrownBy(() -> tokens("红色").of("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTokensAreThoseThatTheTextEncoderReads() {
    ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(Golden.TINY.resolve("tokenizer"));
    PromptTokens prompt = PromptTokens.of(tokenizer, "红色头发");
    assertThat(prompt.text()).isEqualTo(tokenizer.pieces("红色头发"));
    PromptTokens all = PromptTokens.of(tokenizer, "红色头发，".repeat(200));
    assertThat(all.names()).hasSize(1 + ChatGlmTokenizer.MAX_LENGTH);
    assertThat(List.of(all.names().get(0), all.names().get(1), all.names().get(2)))
        .containsExactly("[padding]", "[gMASK]", "sop");
  }
}
