import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.nio.file.Path;

class Draw {
  public static void main(String[] arguments) {
    try (var pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      pipeline.generate(Prompt.of("二次元，一个蓝色中分小男孩").seed(0).steps(4)).save(Path.of("boy.png"));
    }
  }
}
