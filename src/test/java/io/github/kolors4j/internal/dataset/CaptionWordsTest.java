package io.github.kolors4j.internal.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CaptionWordsTest {

  @Test
  void chineseIsSegmentedAndStopWordsAreLeftOut() {
    assertThat(CaptionWords.in("二次元，一个蓝色中分小男孩，坐在演唱会的观众席，没戴眼镜"))
        .containsSubsequence("二次元", "蓝色", "中分", "小男孩", "演唱会", "观众席")
        .doesNotContain("的", "一个", "在", "，", "没");
  }

  @Test
  void englishWordsAreCountedInLowerCase() {
    assertThat(CaptionWords.in("A photo of the Girl with long hair, 1024 T恤"))
        .contains("photo", "girl", "hair", "T恤")
        .doesNotContain("of", "the", "Girl", "1024", ",");
  }

  @Test
  void theMostFrequentComeFirst() {
    CaptionWords words = new CaptionWords();
    words.add(CaptionWords.in("蓝色头发，红色头发"));
    words.add(CaptionWords.in("蓝色头发"));

    assertThat(words.mostFrequent(2).toString()).isEqualTo("{头发=3, 蓝色=2}");
  }
}
