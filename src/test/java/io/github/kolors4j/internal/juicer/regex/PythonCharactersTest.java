package io.github.kolors4j.internal.juicer.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All characters of Unicode against Python 3.11's tables; made by {@code make_regex.py}. */
class PythonCharactersTest {
  private static JsonObject python;

  @BeforeAll
  static void read() throws IOException {
    Path file = Path.of("src/test/resources/golden/regex/characters.json");
    python = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void everyCharacterIsOfTheClassesThatPythonPutsItIn() {
    assertClass("w", PythonCharacters::isWord);
    assertClass("d", PythonCharacters::isDigit);
    assertClass("s", PythonCharacters::isSpace);
    assertClass("alnum", PythonCharacters::isAlphanumeric);
    assertClass("alpha", PythonCharacters::isLetter);
    assertClass("space", PythonCharacters::isSpace);
    assertClass("identifier", c -> PythonCharacters.isIdentifier(Character.toString(c)));
    assertClass("identifier_part", c -> PythonCharacters.isIdentifier("a" + Character.toString(c)));
    assertClass("cased", PythonCharacters::isCased);
  }

  private static void assertClass(String name, IntPredicate predicate) {
    BitSet expected = new BitSet();
    for (JsonElement range : python.getAsJsonArray(name)) {
      JsonArray ends = range.getAsJsonArray();
      expected.set(ends.get(0).getAsInt(), ends.get(1).getAsInt() + 1);
    }
    BitSet wrong = new BitSet();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      wrong.set(c, predicate.test(c) != expected.get(c));
    }
    assertThat(wrong).as(name).isEqualTo(new BitSet());
  }

  @Test
  void everyCharacterHasTheCasesThatPythonGivesIt() {
    List<List<Integer>> lower = new ArrayList<>();
    List<List<Integer>> others = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (PythonCharacters.lower(c) != c) {
        lower.add(List.of(c, PythonCharacters.lower(c)));
      }
      if (PythonCharacters.otherCases(c).length > 0) {
        List<Integer> equal = new ArrayList<>(List.of(c));
        IntStream.of(PythonCharacters.otherCases(c)).forEach(equal::add);
        others.add(equal);
      }
    }
    assertThat(lower).isEqualTo(lists("lower"));
    assertThat(others).isEqualTo(lists("other_cases"));
  }

  @Test
  void aTextIsMadeSmallAsPythonMakesIt() {
    for (JsonElement pair : python.getAsJsonArray("lowered")) {
      int c = pair.getAsJsonArray().get(0).getAsInt();
      String expected = pair.getAsJsonArray().get(1).getAsString();
      assertThat(PythonCharacters.lower(Character.toString(c))).isEqualTo(expected);
    }
    assertThat(PythonCharacters.lower("ΑΣ ΣΑ Ꟁ \ua7cb")).isEqualTo("ας σα ꟁ \ua7cb");
  }

  private static List<List<Integer>> lists(String name) {
    return StreamSupport.stream(python.getAsJsonArray(name).spliterator(), false)
        .map(
            list ->
                StreamSupport.stream(list.getAsJsonArray().spliterator(), false)
                    .map(JsonElement::getAsInt)
                    .toList())
        .toList();
  }
}
