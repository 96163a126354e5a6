package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that says which cell shows what the course tells. */
class CourseTest {
  private static final Pattern PLACE =
      Pattern.compile("\\[[^]]+]\\(\\.\\./(notebooks/[^)]+\\.ipynb)\\), „([^“]+)“");

  private record Place(Path notebook, String heading) {}

  private static List<Place> places() throws IOException {
    List<Place> places = new ArrayList<>();
    Matcher matcher = PLACE.matcher(Files.readString(Path.of("docs/course.md")));
    while (matcher.find()) {
      places.add(new Place(Path.of(matcher.group(1)), matcher.group(2)));
    }
    return places;
  }

  private static String source(JsonObject cell) {
    StringBuilder text = new StringBuilder();
    cell.get("source").getAsJsonArray().forEach(line -> text.append(line.getAsString()));
    return text.toString();
  }

  /** Whether a heading holds the words, and a cell under it, before the next heading, has run. */
  private static boolean shows(Place place) throws IOException {
    boolean under = false;
    for (JsonElement element :
        JsonParser.parseString(Files.readString(place.notebook()))
            .getAsJsonObject()
            .get("cells")
            .getAsJsonArray()) {
      JsonObject cell = element.getAsJsonObject();
      if (cell.get("cell_type").getAsString().equals("markdown")) {
        List<String> headings = source(cell).lines().filter(line -> line.startsWith("#")).toList();
        if (!headings.isEmpty()) {
          under = headings.stream().anyMatch(line -> line.contains(place.heading()));
        }
      } else if (under && !cell.get("outputs").getAsJsonArray().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyStatementIsShownByACellThatHasRun() throws IOException {
    List<Place> places = places();
    assertThat(places).hasSizeGreaterThan(30);
    for (Place place : places) {
      assertThat(place.notebook()).exists();
      assertThat(shows(place)).as(place.toString()).isTrue();
    }
  }

  @Test
  void everyRowNamesAPlace() throws IOException {
    String page = Files.readString(Path.of("docs/course.md"));
    List<String> rows =
        page.substring(0, page.indexOf("## What the course names and no cell shows"))
            .lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| statement"))
            .toList();
    assertThat(rows).isNotEmpty().allMatch(row -> PLACE.matcher(row).find());
  }
}
