import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.Resampling;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws the pictures of environment/bench juicer: {@code JuicerPictures FOLDER COUNT}. Three of
 * four are JPEG, the others PNG; sizes are between 640 and 1536 pixels, so that about half are large
 * enough for the course's recipe; one of ten is an earlier one in another size.
 */
class JuicerPictures {
  private static final int SMALLEST = 640;
  private static final int SIZES = 897;

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]).toAbsolutePath();
    int count = Integer.parseInt(args[1]);
    Files.createDirectories(folder.resolve("img"));
    List<String> lines =
        IntStream.range(0, count).parallel().mapToObj(i -> draw(folder, i).toString()).toList();
    Files.write(folder.resolve("metadata.jsonl"), lines);
  }

  private static JsonObject draw(Path folder, int number) {
    Random sizes = new Random(number);
    int width = SMALLEST + sizes.nextInt(SIZES);
    int height = SMALLEST + sizes.nextInt(SIZES);
    // The same seed draws the same scene.
    boolean repeated = number % 10 == 9;
    BufferedImage scene = scene(new Random(1_000_000L + (repeated ? number - 1 : number)));
    String file = "img/" + number + (number % 4 == 3 ? ".png" : ".jpg");
    PictureFile.write(
        Resampling.BILINEAR.resize(scene, width, height), folder.resolve(file));
    JsonArray pictures = new JsonArray();
    pictures.add(file);
    JsonObject line = new JsonObject();
    line.addProperty("text", "二次元，第 " + number + " 张图 (picture number " + number + ")");
    line.add("image", pictures);
    return line;
  }

  /** Coloured noise with a few shapes; enlarged, it compresses about as a drawing does. */
  private static BufferedImage scene(Random random) {
    BufferedImage scene = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
    Color sky = new Color(random.nextInt(0x1000000));
    for (int y = 0; y < 256; y++) {
      for (int x = 0; x < 256; x++) {
        int shade = (x + y) / 8 + random.nextInt(12);
        scene.setRGB(
            x,
            y,
            new Color(
                    Math.min(255, sky.getRed() / 2 + shade),
                    Math.min(255, sky.getGreen() / 2 + shade),
                    Math.min(255, sky.getBlue() / 2 + shade))
                .getRGB());
      }
    }
    Graphics2D g = scene.createGraphics();
    for (int i = 0; i < 12; i++) {
      g.setColor(new Color(random.nextInt(0x1000000)));
      int size = 20 + random.nextInt(100);
      g.fillOval(random.nextInt(256) - 20, random.nextInt(256) - 20, size, size);
    }
    g.dispose();
    return scene;
  }
}
