package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;

/**
 * {@code clean_html_mapper}: the text of an HTML page or fragment without its tags, and entities as
 * characters; each item of a list starts a line with {@code *}. (Data-juicer parses with
 * selectolax, this class with jsoup.)
 */
final class CleanHtmlMapper {
  /** The name in recipes. */
  static final String NAME = "clean_html_mapper";

  /** White space before the first text or tag is not part of a page's body. */
  private static final Pattern LEADING = Pattern.compile("^[ \\t\\n\\f]+");

  private CleanHtmlMapper() {}

  /** From {@code text_key}. */
  static Mapper of(Parameters parameters) {
    return new TextMapper(NAME, parameters.textKey(), CleanHtmlMapper::clean);
  }

  private static String clean(String html) {
    String marked =
        html.replace("\r\n", "\n")
            .replace('\r', '\n')
            .replace("<li>", "\n*")
            .replace("</li>", "")
            .replace("<ol>", "\n*")
            .replace("</ol>", "");
    Element body = Jsoup.parse(LEADING.matcher(marked).replaceFirst("")).body();
    StringBuilder text = new StringBuilder();
    NodeTraversor.traverse(
        (node, depth) -> {
          if (node instanceof TextNode words) {
            text.append(words.getWholeText());
          } else if (node instanceof DataNode data) {
            text.append(data.getWholeData());
          }
        },
        body);
    return text.toString();
  }
}
