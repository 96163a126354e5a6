package io.github.kolors4j.charts;

import java.util.Map;

/**
 * What a learner calls a statistic, or a table's column.
 *
 * @param chinese its name, such as 图片宽度
 * @param axis its name for an axis, with its unit and in both languages: {@code 图片宽度，像素 (image
 *     width, pixels)}
 * @param counted what a histogram of it counts
 */
public record StatisticName(String chinese, String axis, String counted) {
  private static final String PICTURES = "图片数 (pictures)";
  private static final String SAMPLES = "样本数 (samples)";

  private static final Map<String, StatisticName> KNOWN =
      Map.ofEntries(
          ofPictures("image_width", "图片宽度", "，像素 (image width, pixels)"),
          ofPictures("image_height", "图片高度", "，像素 (image height, pixels)"),
          ofPictures("aspect_ratio", "宽高比", " (width / height)"),
          ofPictures("aspect_ratios", "宽高比", " (width / height)"),
          ofPictures("bytes", "文件大小", "，字节 (file size, bytes)"),
          ofPictures("image_sizes", "文件大小", "，字节 (file size, bytes)"),
          ofTexts("caption_length", "文字长度", "，字符 (caption length, characters)"),
          ofTexts("text_len", "文字长度", "，字符 (text length, characters)"),
          ofTexts("num_words", "词数", " (number of words)"),
          ofTexts("avg_line_length", "平均行长", "，字符 (average line length, characters)"),
          ofTexts("max_line_length", "最长行长", "，字符 (longest line, characters)"),
          ofTexts("alnum_ratio", "字母数字比例", " (share of letters and digits)"),
          ofTexts("special_char_ratio", "特殊字符比例", " (share of special characters)"),
          ofTexts("char_rep_ratio", "重复字符比例", " (share of repeated characters)"),
          ofTexts("word_rep_ratio", "重复词比例", " (share of repeated words)"));

  /** The name of a statistic of data-juicer, or of a column; an unknown one keeps its own. */
  public static StatisticName of(String statistic) {
    StatisticName known = KNOWN.get(statistic);
    return known != null ? known : new StatisticName(statistic, statistic, SAMPLES);
  }

  private static Map.Entry<String, StatisticName> ofPictures(
      String name, String chinese, String rest) {
    return Map.entry(name, new StatisticName(chinese, chinese + rest, PICTURES));
  }

  private static Map.Entry<String, StatisticName> ofTexts(
      String name, String chinese, String rest) {
    return Map.entry(name, new StatisticName(chinese, chinese + rest, SAMPLES));
  }
}
