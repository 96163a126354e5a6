package io.github.kolors4j.charts;

import java.util.Map;

/**
 * What a learner calls a statistic, or a table's column.
 *
 * @param chinese its name, such as 图片宽度
 * @param english the same in English; empty if there is none
 * @param unit its unit in both languages, such as 像素 (pixels); empty if it has none
 * @param counted what a histogram of it counts
 */
record StatisticName(String chinese, String english, String unit, String counted) {
  private static final String PICTURES = "图片数 (pictures)";
  private static final String SAMPLES = "样本数 (samples)";
  private static final String PIXELS = "像素 (pixels)";
  private static final String BYTES = "字节 (bytes)";
  private static final String CHARACTERS = "字符 (characters)";
  private static final String RATIO = "";

  private static final Map<String, StatisticName> KNOWN =
      Map.ofEntries(
          ofPictures("image_width", "图片宽度", "image width", PIXELS),
          ofPictures("image_height", "图片高度", "image height", PIXELS),
          ofPictures("aspect_ratio", "宽高比", "width / height", RATIO),
          ofPictures("aspect_ratios", "宽高比", "width / height", RATIO),
          ofPictures("bytes", "文件大小", "file size", BYTES),
          ofPictures("image_sizes", "文件大小", "file size", BYTES),
          ofTexts("caption_length", "文字长度", "caption length", CHARACTERS),
          ofTexts("text_len", "文字长度", "text length", CHARACTERS),
          ofTexts("num_words", "词数", "number of words", ""),
          ofTexts("avg_line_length", "平均行长", "average line length", CHARACTERS),
          ofTexts("max_line_length", "最长行长", "longest line", CHARACTERS),
          ofTexts("alnum_ratio", "字母数字比例", "share of letters and digits", RATIO),
          ofTexts("special_char_ratio", "特殊字符比例", "share of special characters", RATIO),
          ofTexts("char_rep_ratio", "重复字符比例", "share of repeated characters", RATIO),
          ofTexts("word_rep_ratio", "重复词比例", "share of repeated words", RATIO));

  /** The name of a statistic of data-juicer, or of a column; an unknown one keeps its own. */
  static StatisticName of(String statistic) {
    StatisticName known = KNOWN.get(statistic);
    return known != null ? known : new StatisticName(statistic, "", "", SAMPLES);
  }

  /** Name and unit for an axis: {@code 图片宽度 (image width)，像素 (pixels)}. */
  String axis() {
    return inBoth() + (unit.isEmpty() ? "" : "，" + unit);
  }

  /** In English; an unknown one keeps its own name. */
  String inEnglish() {
    return english.isEmpty() ? chinese : english;
  }

  /** In both languages: {@code 图片宽度 (image width)}. */
  String inBoth() {
    return chinese + (english.isEmpty() ? "" : " (" + english + ")");
  }

  /** The title of its histogram; its axis has the unit. */
  String distribution() {
    return chinese + "的分布 (distribution of " + inEnglish() + ")";
  }

  /** The title of its histogram before and after filtering. */
  String beforeAndAfter() {
    return "过滤前后的" + chinese + " (" + inEnglish() + " before and after filtering)";
  }

  private static Map.Entry<String, StatisticName> ofPictures(
      String name, String chinese, String english, String unit) {
    return Map.entry(name, new StatisticName(chinese, english, unit, PICTURES));
  }

  private static Map.Entry<String, StatisticName> ofTexts(
      String name, String chinese, String english, String unit) {
    return Map.entry(name, new StatisticName(chinese, english, unit, SAMPLES));
  }
}
