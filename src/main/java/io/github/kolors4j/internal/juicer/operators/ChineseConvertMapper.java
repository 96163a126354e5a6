package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.List;

/**
 * {@code chinese_convert_mapper}: converts between simplified and traditional Chinese, their
 * regional variants and Japanese characters, with OpenCC's dictionaries. {@code mode} is one of
 * OpenCC's: {@code s2t, t2s, s2tw, tw2s, s2hk, hk2s, s2twp, tw2sp, t2tw, tw2t, hk2t, t2hk, t2jp,
 * jp2t}.
 */
final class ChineseConvertMapper {
  /** The name in recipes. */
  static final String NAME = "chinese_convert_mapper";

  private ChineseConvertMapper() {}

  /** From {@code mode, text_key}. */
  static Mapper of(Parameters parameters) {
    ChineseConversion conversion =
        ChineseConversion.of(
            parameters.choice("mode", "s2t", List.copyOf(ChineseConversion.MODES.keySet())));
    return new TextMapper(NAME, parameters.textKey(), conversion::apply);
  }
}
