package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Chinese README says what the English one says, as far as a program can see it. */
class ReadmeTest {
  private static final Path ENGLISH = Path.of("README.md");
  private static final Path CHINESE = Path.of("README.zh.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(.*?)^ *```");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.*)$");

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String read(Path page) throws IOException {
    return Files.readString(page).replace("\r\n", "\n");
  }

  private static String withoutBlocks(Path page) throws IOException {
    return BLOCK.matcher(read(page)).replaceAll("");
  }

  /** Words between single backquotes, on whatever lines they are broken. */
  private static List<String> code(Path page) throws IOException {
    return found(CODE, withoutBlocks(page)).stream()
        .map(code -> code.replaceAll("\\s+", " "))
        .sorted()
        .toList();
  }

  /** Where links lead, those between the two pages and within one left out. */
  private static List<String> links(Path page) throws IOException {
    return found(LINK, withoutBlocks(page)).stream()
        .filter(link -> !link.startsWith("#") && !link.startsWith("README"))
        .sorted()
        .toList();
  }

  /**
   * The levels of the headings, and how many rows of tables and items of lists stand under each.
   */
  private static List<String> outline(Path page) throws IOException {
    String text = withoutBlocks(page);
    List<MatchResult> headings = HEADING.matcher(text).results().toList();
    return IntStream.range(0, headings.size())
        .mapToObj(
            i -> {
              int end = i + 1 < headings.size() ? headings.get(i + 1).start() : text.length();
              List<String> lines = text.substring(headings.get(i).end(), end).lines().toList();
              long rows = lines.stream().filter(line -> line.strip().startsWith("|")).count();
              long items = lines.stream().filter(line -> line.startsWith("- ")).count();
              return "%s rows %d items %d".formatted(headings.get(i).group(1), rows, items);
            })
        .toList();
  }

  @Test
  void bothHaveTheSameHeadingsTablesAndLists() throws IOException {
    assertThat(outline(CHINESE)).isEqualTo(outline(ENGLISH)).hasSizeGreaterThan(8);
  }

  @Test
  void bothShowTheSameCommandsAndPrograms() throws IOException {
    assertThat(found(BLOCK, read(CHINESE))).isEqualTo(found(BLOCK, read(ENGLISH))).isNotEmpty();
    assertThat(code(CHINESE)).isEqualTo(code(ENGLISH)).isNotEmpty();
  }

  @Test
  void bothLinkToTheSamePages() throws IOException {
    assertThat(links(CHINESE)).isEqualTo(links(ENGLISH)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh.md"})
  void everyLinkLeadsSomewhere(String page) throws IOException {
    String text = withoutBlocks(Path.of(page));
    List<String> anchors =
        found(Pattern.compile("(?m)^#+ (.*)$"), text).stream().map(ReadmeTest::anchor).toList();
    for (String link : found(LINK, text)) {
      if (link.startsWith("#")) {
        assertThat(anchors).contains(link.substring(1));
      } else if (!link.startsWith("http")) {
        assertThat(Path.of(link.replaceFirst("#.*", ""))).exists();
      }
    }
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
