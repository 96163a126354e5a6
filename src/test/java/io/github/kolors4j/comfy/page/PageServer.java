package io.github.kolors4j.comfy.page;

import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.training.LoraRun;
import io.github.kolors4j.training.LoraTraining;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Our server with ComfyUI's page, which must be installed, at a port that was free. */
final class PageServer implements AutoCloseable {
  private final ComfyServer server;

  private PageServer(ComfyServer server) {
    this.server = server;
  }

  static PageServer start(Path base) throws IOException {
    NodeCatalogue.register(new ConversionProbe());
    ComfyServer server = ComfyServer.options().port(0).base(base).start();
    if (!server.hasPage()) {
      server.close();
      throw new AssertionError(
          "ComfyUI's page is not installed, which this test opens: environment/comfyui-front-end"
              + " fetches it.");
    }
    return new PageServer(server);
  }

  URI address() {
    return server.url();
  }

  /** JavaScript that is true once so many prompts are run or wait. */
  String queueLength(int prompts) {
    return "fetch('api/prompt').then(r => r.json()).then(p => p.exec_info.queue_remaining === %d)"
        .formatted(prompts);
  }

  /** The ids of the jobs of a status, as the page is told. */
  List<String> jobs(ComfyPage page, String status) {
    return page.strings(
        "fetch('api/jobs?limit=100&offset=0&status=%s').then(r => r.json()).then(a => a.jobs.map(j => j.id))"
            .formatted(status));
  }

  /**
   * Trains a LoRA for kolors-mini, by one step on two pictures, and puts it to the server's models.
   */
  static void trainLora(Path folder, Path lora) throws IOException {
    Path train = Files.createDirectories(folder.resolve("dataset/train"));
    StringBuilder captions = new StringBuilder("file_name,text\n");
    for (int i = 0; i < 2; i++) {
      BufferedImage picture = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      graphics.setColor(i == 0 ? Color.ORANGE : Color.CYAN);
      graphics.fillOval(40, 40, 150, 180);
      graphics.dispose();
      ImageIO.write(picture, "png", train.resolve(i + ".png").toFile());
      captions.append(i).append(".png,二次元，一个男孩\n");
    }
    Files.writeString(train.resolve("metadata.csv"), captions);
    LoraRun run =
        LoraTraining.on(ModelFolder.embedded())
            .dataset(folder.resolve("dataset"))
            .outputPath(folder.resolve("models"))
            .loraRank(4)
            .stepsPerEpoch(1)
            .maxEpochs(1)
            .train();
    Files.createDirectories(lora.getParent());
    Files.copy(run.checkpoint(), lora);
  }

  @Override
  public void close() {
    server.close();
  }
}
