package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's files: byte for byte as its own writer, and as TensorBoard reads them. */
class EventFileTest {
  @TempDir Path folder;

  @Test
  void eventsAreTheBytesOfTensorBoardsOwnWriter() throws IOException {
    Iterator<Double> times =
        List.of(1700000000.25, 1700000001.5, 1700000002.0, 1700000003.0, 1700000004.0, 1700000005.0)
            .iterator();
    Path file = folder.resolve("events.out.tfevents.1.test");
    EventFile events = new EventFile(file, times::next);
    events.restart(301);
    events.scalar("train_loss", 1, 0.125f);
    events.scalar("val_loss", 300, 1e-7f);
    events.scalar("learning_rate", 70000, 0);
    byte[] picture = "not a picture".getBytes(StandardCharsets.US_ASCII);
    events.picture("二次元", 2, 3, 2, picture);
    assertThat(file).hasSameBinaryContentAs(Golden.path("tensorboard.events"));
  }

  @Test
  void aTrainingLeavesWholeRecords() throws IOException {
    Path dataset = folder.resolve("data");
    LoraTrainingTest.draw(dataset, 3);
    LoraRun run =
        LoraTrainingTest.training(dataset, folder.resolve("models"))
            .stepsPerEpoch(4)
            .validation(2, 1)
            .train();
    List<byte[]> records = records(eventFiles(run.folder()).get(0));
    // the version, and loss and rate of four steps, and the validation's losses at 0, 2 and 4
    assertThat(records).hasSize(1 + 2 * 4 + 3);
    assertThat(new String(records.get(0), StandardCharsets.ISO_8859_1)).contains("brain.Event:2");
    assertThat(new String(records.get(2), StandardCharsets.ISO_8859_1)).contains("train_loss");
  }

  /** Reads a file as TensorFlow does, with both checksums of each record. */
  private static List<byte[]> records(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] content =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(content);
      assertThat(in.getInt()).isEqualTo(masked(content));
      records.add(content);
    }
    return records;
  }

  private static int masked(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    long value = checksum.getValue();
    return (int) ((value >>> 15 | value << 17 & 0xffffffffL) + 0xa282ead8L);
  }

  private static List<Path> eventFiles(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
    }
  }

  /** Installs TensorBoard (about 30 MB) into a virtual environment of its own the first time. */
  @Test
  @Tag("slow")
  void tensorBoardOpensAResumedRun() throws Exception {
    Path dataset = folder.resolve("data");
    LoraTrainingTest.draw(dataset, 3);
    LoraTraining training =
        LoraTrainingTest.training(dataset, folder.resolve("models"))
            .stepsPerEpoch(6)
            .checkpointEvery(2)
            .validation(3, 1);
    LoraRun stopped = LoraTrainingTest.stoppingAfter(3, training).train();
    LoraRun run = training.resume(stopped.folder()).train();
    assertThat(eventFiles(run.folder())).hasSize(2);

    Path python = environment();
    String read =
        run(python.toString(), "src/test/python/read_tensorboard.py", run.folder().toString());
    List<String> expected = new ArrayList<>();
    for (int step = 1; step <= 6; step++) {
      expected.add("train_loss %d %s".formatted(step, hex(run.losses().get(step - 1))));
    }
    run.validationLosses()
        .forEach((step, loss) -> expected.add("val_loss %d %s".formatted(step, hex(loss))));
    for (int step = 1; step <= 6; step++) {
      expected.add("learning_rate %d %s".formatted(step, hex(0.001f)));
    }
    List<String> points = // beside warnings about what is not installed
        read.lines().filter(line -> line.matches("\\w+ \\d+ [0-9a-f]+")).toList();
    assertThat(points).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String hex(float value) {
    return Integer.toHexString(Float.floatToIntBits(value));
  }

  private static Path environment() throws Exception {
    Path home = Path.of("build/tensorboard").toAbsolutePath();
    Path python = home.resolve("bin/python");
    if (!Files.exists(home.resolve("complete"))) {
      run("python3", "-m", "venv", home.toString());
      run(python.toString(), "-m", "pip", "install", "-q", "tensorboard==2.21.0");
      Files.createFile(home.resolve("complete"));
    }
    return python;
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
