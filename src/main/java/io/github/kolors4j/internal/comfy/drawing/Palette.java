package io.github.kolors4j.internal.comfy.drawing;

import java.awt.Color;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The colours of ComfyUI's dark theme, {@code Dark (Default)} of its front end. */
final class Palette {
  static final Color BACKGROUND = new Color(0x1e1e1e);
  static final Color TITLE_BAR = new Color(0x333333);
  static final Color BODY = new Color(0x353535);
  static final Color BYPASSED_BODY = new Color(0x6a246a);
  static final Color OUTLINE = new Color(0x111111);
  static final Color ERROR = new Color(0xee0000);
  static final Color TITLE_TEXT = new Color(0xc4c4c4);
  static final Color SLOT_TEXT = new Color(0xb4b4b4);
  static final Color DIM_TEXT = new Color(0x999999);
  static final Color FIELD = new Color(0x222222);
  static final Color FIELD_OUTLINE = new Color(0x666666);
  static final Color FIELD_TEXT = new Color(0xdddddd);
  static final Color TITLE_DOT = new Color(0x666666);
  static final Color GROUP = new Color(0x335533);

  private static final Color OTHER_WIRE = new Color(0x99aa99);
  private static final Color OTHER_SLOT = new Color(0x77ff77);
  private static final Color OTHER_SLOT_UNLINKED = new Color(0x777788);

  private static final Map<String, Color> TYPES =
      Map.ofEntries(
          type("CLIP", 0xffd500),
          type("CLIP_VISION", 0xa8dadc),
          type("CLIP_VISION_OUTPUT", 0xad7452),
          type("CONDITIONING", 0xffa931),
          type("CONTROL_NET", 0x6ee7b7),
          type("IMAGE", 0x64b5f6),
          type("LATENT", 0xff9cf9),
          type("MASK", 0x81c784),
          type("MODEL", 0xb39ddb),
          type("STYLE_MODEL", 0xc2ffae),
          type("VAE", 0xff6e6e),
          type("NOISE", 0xb0b0b0),
          type("GUIDER", 0x66ffff),
          type("SAMPLER", 0xecb4b4),
          type("SIGMAS", 0xcdffcd),
          type("TAESD", 0xdcc274));

  private Palette() {}

  private static Map.Entry<String, Color> type(String name, int colour) {
    return Map.entry(name, new Color(colour));
  }

  /** The colour of a wire that carries this type. */
  static Color wire(String type) {
    return TYPES.getOrDefault(type, OTHER_WIRE);
  }

  /** The colour of the dot where such a wire ends. */
  static Color slot(String type, boolean linked) {
    return TYPES.getOrDefault(type, linked ? OTHER_SLOT : OTHER_SLOT_UNLINKED);
  }

  /** The colour of a web page's {@code #432} or {@code #443322}; null for anything else. */
  static @Nullable Color parse(@Nullable String text) {
    if (text == null || !text.matches("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")) {
      return null;
    }
    String digits = text.substring(1);
    if (digits.length() == 3) {
      digits = digits.replaceAll(".", "$0$0");
    }
    return new Color(Integer.parseInt(digits, 16));
  }
}
