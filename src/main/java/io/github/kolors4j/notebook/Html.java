package io.github.kolors4j.notebook;

import java.util.Objects;

/**
 * A piece of HTML that a cell shows as it is.
 *
 * @param source the HTML; text from outside must have gone through {@link #escape(String)}
 */
public record Html(String source) {

  /** Checks that there is a text. */
  public Html {
    Objects.requireNonNull(source, "source");
  }

  /**
   * Several values under one another as one piece of HTML, for instance a chart over a progress
   * line: what one {@link LiveDisplay} shows at a time. Pictures are embedded.
   */
  public static Html column(Object... values) {
    var html = new StringBuilder("<div>");
    for (Object value : values) {
      html.append("<div style=\"margin:2px 0\">").append(Rendering.of(value).toHtml());
      html.append("</div>");
    }
    return new Html(html.append("</div>").toString());
  }

  /** Escapes text for use between tags and inside quoted attributes; Chinese stays readable. */
  public static String escape(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** The text without its tags, for a terminal. */
  @Override
  public String toString() {
    return source
        .replaceAll("(?s)<(script|style)\\b.*?</\\1>", "")
        .replaceAll("<[^>]*>", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
