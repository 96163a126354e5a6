package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;

/**
 * {@code chinese_convert_mapper}: converts between simplified and traditional Chinese, their
 * regional variants and Japanese characters, with OpenCC's dictionaries. {@code mode} is one of
 * OpenCC's: {@code s2t, t2s, s2tw, tw2s, s2hk, hk2s, s2twp, tw2sp, t2tw, tw2t, hk2t, t2hk, t2jp,
 * jp2t}.
 */
final class ChineseConvertMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "chinese_convert_mapper";

  private final ChineseConversion conversion;
  private final String textKey;

  /** From {@code mode, text_key}. */
  ChineseConvertMapper(Parameters parameters) {
    conversion =
        ChineseConversion.of(
            parameters.choice("mode", "s2t", List.copyOf(ChineseConversion.MODES.keySet())));
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, conversion.apply(sample.text(textKey)));
  }
}
