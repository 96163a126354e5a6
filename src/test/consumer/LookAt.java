import java.awt.image.BufferedImage;
import java.io.File;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Fails unless a picture, its argument, shows something: one of noise or of one colour does not. */
class LookAt {
  public static void main(String[] arguments) throws Exception {
    BufferedImage picture = ImageIO.read(new File(arguments[0]));
    int width = picture.getWidth();
    int height = picture.getHeight();
    var grey =
        IntStream.range(0, width * height)
            .map(i -> picture.getRGB(i % width, i / width) >> 8 & 255)
            .toArray();
    double mean = IntStream.of(grey).average().orElseThrow();
    double spread =
        Math.sqrt(
            IntStream.of(grey).mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
    double step = // from pixel to pixel
        IntStream.range(1, grey.length).mapToDouble(i -> Math.abs(grey[i] - grey[i - 1])).average().orElseThrow();
    System.out.printf("%d×%d, mean %.0f, spread %.0f, %.1f from pixel to pixel%n", width, height, mean, spread, step);
    if (width != 256 || height != 256 || spread < 20 || step > spread / 2) {
      throw new IllegalStateException("This is no picture of anything.");
    }
  }
}
