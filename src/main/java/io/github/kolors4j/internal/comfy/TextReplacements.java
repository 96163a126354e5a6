package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in the name of a file: {@code %KolorsSampler.seed%} is a value of another node (by its
 * {@code Node name for S&R}, or else its title), {@code %date:yyyy-MM-dd%} the time. Anything else
 * between per cent signs stays.
 */
final class TextReplacements {
  private static final Set<String> SAVING =
      Set.of(
          "SaveImage",
          "SaveImageAdvanced",
          "SaveSVGNode",
          "SaveVideo",
          "SaveAnimatedWEBP",
          "SaveWEBM",
          "SaveAudio",
          "SaveAudioMP3",
          "SaveAudioOpus",
          "SaveAudioAdvanced",
          "SaveGLB",
          "Save3DAdvanced",
          "SaveGaussianSplat",
          "SavePointCloud",
          "SaveAnimatedPNG",
          "CLIPSave",
          "VAESave",
          "ModelSave",
          "LoraSave",
          "SaveLatent");

  private static final Pattern FIELD = Pattern.compile("%([^%]+)%");
  private static final Pattern DATE = Pattern.compile("dd?|MM?|hh?|mm?|ss?|yyy?y?");
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[/?<>\\\\:*|\"\\x00-\\x1F\\x7F]");
  private static final String NAME = "Node name for S&R";

  private final ExecutableNodes nodes;
  private final WidgetValues values;

  TextReplacements(ExecutableNodes nodes, WidgetValues values) {
    this.nodes = nodes;
    this.values = values;
  }

  /** Whether a node's {@code filename_prefix} is such a text. */
  static boolean saves(String type) {
    return SAVING.contains(type);
  }

  String apply(String text) {
    return FIELD.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replacement(match)));
  }

  private String replacement(MatchResult match) {
    String[] parts = match.group(1).split("\\.", -1);
    if (parts.length != 2) {
      return parts[0].startsWith("date:")
          ? date(parts[0].substring("date:".length()), LocalDateTime.now())
          : match.group();
    }
    ExecutableNode node = find(parts[0]);
    Widget widget = node == null ? null : node.node().widget(parts[1]);
    if (node == null || widget == null) {
      return match.group();
    }
    JsonElement value = values.of(node, widget);
    return NOT_IN_NAMES.matcher(JsonShape.javaScriptText(value)).replaceAll("_");
  }

  private @Nullable ExecutableNode find(String name) {
    for (ExecutableNode node : nodes.all()) {
      if (name.equals(named(node.node()))) {
        return node;
      }
    }
    for (ExecutableNode node : nodes.all()) {
      if (name.equals(node.node().title)) {
        return node;
      }
    }
    return null;
  }

  /** Nodes that save have no such name unless a file gives it. */
  private static String named(GraphNode node) {
    boolean ofClass = node.kind == GraphNode.Kind.DECLARED && !saves(node.type);
    return JsonShape.text(node.properties(), NAME, ofClass ? node.type : "");
  }

  static String date(String format, LocalDateTime time) {
    Map<Character, Integer> numbers =
        Map.of(
            'd', time.getDayOfMonth(),
            'M', time.getMonthValue(),
            'h', time.getHour(),
            'm', time.getMinute(),
            's', time.getSecond());
    return DATE.matcher(format)
        .replaceAll(
            match -> {
              String field = match.group();
              String year = Integer.toString(time.getYear());
              Integer number = numbers.get(field.charAt(0));
              return switch (field) {
                case "yy" -> year.substring(2);
                case "yyyy" -> year;
                default -> number == null ? field : ("%0" + field.length() + "d").formatted(number);
              };
            });
  }
}
