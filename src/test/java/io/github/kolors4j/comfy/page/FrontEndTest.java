package io.github.kolors4j.comfy.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * ComfyUI's own page, served by our server, in Chromium: what a learner does with it. One page is
 * used from test to test, in order; the pictures of each stage lie in {@code target/comfyui}.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FrontEndTest {
  private static final Duration A_RUN = Duration.ofMinutes(3);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PROMPT = "一个红色短发的小男孩，穿着蓝色背带裤";
  private static final String LORA = "boy.ckpt";
  private static final int STEPS = 8;
  private static final int SIZE = 256;

  @TempDir static Path folder;

  private PageServer server;
  private ComfyPage page;

  @BeforeAll
  void start() throws IOException {
    PageServer.trainLora(folder, folder.resolve("comfyui/models/loras").resolve(LORA));
    server = PageServer.start(folder.resolve("comfyui"));
    page = ComfyPage.open(server.address());
  }

  @AfterAll
  void stop() throws IOException {
    if (page != null) page.close();
    if (server != null) server.close();
  }

  @Test
  @Order(1)
  void aDroppedWorkflowIsDrawnWithoutRedFrames() throws IOException {
    page.screenshot("1-open");
    page.drop(ConversionPairs.workflowFile("kolors_with_lora_example"), 9);
    page.screenshot("2-dropped");
    assertThat(page.alarms()).isEmpty();
    assertThat(page.widgets("LoadKolorsLoRA").get("lora_alpha").getAsDouble()).isEqualTo(2);
  }

  @Test
  @Order(2)
  void runShowsProgressPreviewsAndThePicture() throws IOException {
    page.set("KolorsTextEncode", "prompt", PROMPT);
    page.set("KolorsSampler", "width", SIZE);
    page.set("KolorsSampler", "height", SIZE);
    page.set("KolorsSampler", "steps", STEPS);
    page.set("KolorsSampler", "seed", 7);
    page.set("LoadKolorsLoRA", "lora_path", LORA);
    page.listen();
    page.run();
    page.waitForMessage("b_preview_with_metadata", A_RUN);
    page.browser()
        .waitFor(
            "a preview on the sampler's node",
            node("KolorsSampler") + ".imgs?.[0]?.naturalWidth > 0",
            SOON);
    page.screenshot("3-preview");
    assertThat(page.browser().evaluate(node("KolorsSampler") + ".imgs[0].src").getAsString())
        .startsWith("blob:");
    page.waitForMessage("execution_success", A_RUN);
    page.browser()
        .waitFor(
            "the picture", node("PreviewImage") + ".imgs?.[0]?.naturalWidth === " + SIZE, SOON);
    page.screenshot("4-picture");
    assertThat(page.messages("progress")).isGreaterThanOrEqualTo(STEPS);
    assertThat(page.messages("b_preview_with_metadata")).isGreaterThanOrEqualTo(STEPS - 1);
    assertThat(page.executed()).contains("6", "13", "12", "11", "16", "14", "10", "3");
    assertThat(page.alarms()).isEmpty();
  }

  @Test
  @Order(3)
  void theRunIsInTheListOfJobs() throws IOException {
    page.toggleJobs();
    page.browser().waitFor("a job", "document.querySelector('[data-job-id] img')", SOON);
    page.screenshot("5-jobs");
    assertThat(page.jobs()).hasSize(1);
    page.toggleJobs();
  }

  @Test
  @Order(4)
  void aSecondRunDoesAnewWhatChangedAlone() throws IOException {
    page.set("LoadKolorsLoRA", "lora_alpha", 0.5);
    page.listen();
    page.run();
    page.waitForMessage("execution_success", A_RUN);
    assertThat(page.executed()).containsExactlyInAnyOrder("16", "14", "10", "3");
    page.listen();
    page.run();
    page.waitForMessage("execution_success", SOON);
    assertThat(page.executed()).doesNotContain("16", "14", "10");
    page.screenshot("6-again");
  }

  @Test
  @Order(5)
  void interruptStopsARunWithinAStep() throws IOException {
    page.set("KolorsSampler", "steps", 200);
    page.set("KolorsSampler", "seed", 8);
    page.listen();
    page.run();
    page.browser()
        .waitFor(
            "three steps", "window.heard.filter(m => m.type === 'progress').length >= 3", A_RUN);
    page.interrupt();
    int steps = page.messages("progress");
    page.waitForMessage("execution_interrupted", SOON);
    page.screenshot("7-interrupted");
    // The step that was being computed, and the one that began while the button was pressed.
    assertThat(page.messages("progress")).isLessThanOrEqualTo(steps + 2);
    assertThat(page.messages("execution_success")).isZero();
    assertThat(server.jobs(page, "cancelled")).hasSize(1);
  }

  @Test
  @Order(6)
  void clearingTheQueueLeavesNothingWaiting() throws IOException {
    for (int i = 0; i < 4; i++) {
      page.set("KolorsSampler", "seed", 100 + i);
      page.run();
    }
    page.browser().waitFor("four jobs", server.queueLength(4), SOON);
    page.toggleJobs();
    page.screenshot("8-queued");
    page.clearQueue();
    page.browser().waitFor("one job", server.queueLength(1), SOON);
    page.toggleJobs();
    page.cancelRunning();
    page.browser().waitFor("no job", server.queueLength(0), SOON);
    page.browser()
        .waitFor(
            "0 active",
            "document.querySelector('[data-testid=queue-overlay-toggle]').innerText.startsWith('0')",
            SOON);
    page.screenshot("9-cleared");
    assertThat(page.alarms()).isEmpty();
  }

  @Test
  @Order(7)
  void aReloadedPageHasTheHistory() throws IOException {
    page.goTo(server.address());
    page.toggleJobs();
    page.browser()
        .waitFor("the jobs", "document.querySelectorAll('[data-job-id]').length >= 3", SOON);
    page.screenshot("10-reloaded");
    page.toggleJobs();
  }

  @Test
  @Order(8)
  void aPictureOfTheLibraryOpensTheGraphThatDrawsIt() throws IOException {
    Path picture = folder.resolve("drawn.png");
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      pipeline.generate(Prompt.of(PROMPT).seed(5).steps(2).cfgScale(4)).save(picture);
    }
    page.browser().evaluate("app.graph.clear()");
    page.browser().drop(picture, 700, 800);
    page.browser().waitFor("its graph", node("KolorsSampler"), SOON);
    page.showAll();
    page.screenshot("11-from-picture");
    assertThat(page.alarms()).isEmpty();
    JsonObject sampler = page.widgets("KolorsSampler");
    assertThat(sampler.get("seed").getAsLong()).isEqualTo(5);
    assertThat(sampler.get("steps").getAsInt()).isEqualTo(2);
    assertThat(page.widgets("KolorsTextEncode").get("prompt").getAsString()).isEqualTo(PROMPT);
    page.listen();
    page.run();
    page.waitForMessage("execution_success", A_RUN);
    page.screenshot("12-drawn-again");
  }

  @Test
  @Order(9)
  void thePageComplainedOfNothingAndAskedNobodyElse() {
    URI address = server.address();
    assertThat(page.requestsElsewhere(address)).isEmpty();
    assertThat(page.browser().complaints()).isEmpty();
    assertThat(List.copyOf(page.browser().requests())).hasSizeGreaterThan(20);
  }

  private static String node(String type) {
    return "app.graph.nodes.find(n => n.type === '%s')".formatted(type);
  }
}
