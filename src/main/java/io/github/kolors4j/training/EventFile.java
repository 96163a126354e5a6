package io.github.kolors4j.training;

import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;

/**
 * A file that TensorBoard shows: curves of numbers, and pictures, by step.
 *
 * <p>A file is a row of records, each with its length and two checksums (TensorFlow's {@code
 * record_writer.cc}); a record is a protocol-buffer message {@code Event} ({@code
 * tensorboard/compat/proto/event.proto}, {@code summary.proto}), of which the few fields that are
 * used here are written by hand.
 */
final class EventFile {
  private static final String VERSION = "brain.Event:2";

  /** Kinds of values on the wire. */
  private static final int VARINT = 0;

  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private final Path file;
  private final DoubleSupplier seconds;

  /**
   * Begins a file.
   *
   * @param file is made; TensorBoard looks for {@code tfevents} in the name
   * @param seconds the time since 1970
   */
  EventFile(Path file, DoubleSupplier seconds) {
    this.file = file;
    this.seconds = seconds;
    append(event(0).string(3, VERSION));
  }

  /**
   * Begins a file beside those that are in a run's folder already.
   *
   * @param step the first step that will be written. What older files say from it on, because they
   *     went further than the last checkpoint, is not shown any more
   */
  static EventFile create(Path folder, long step) {
    DoubleSupplier clock = () -> System.currentTimeMillis() / 1000.0;
    Path file;
    int number = 0;
    do {
      file =
          folder.resolve(
              "events.out.tfevents.%d.kolors4j.%d.%d"
                  .formatted((long) clock.getAsDouble(), ProcessHandle.current().pid(), number++));
    } while (Files.exists(file));
    EventFile events = new EventFile(file, clock);
    if (step > 1) {
      events.restart(step);
    }
    return events;
  }

  /** Tells TensorBoard to forget what earlier files say from a step on. */
  void restart(long step) {
    append(event(step).message(7, new Message().integer(1, 1))); // SessionLog: START
  }

  /** Adds a point to a curve. */
  void scalar(String tag, long step, float value) {
    append(event(step).message(5, summary(new Message().string(1, tag).float32(2, value))));
  }

  /** Adds a picture, as PNG. */
  void picture(String tag, long step, BufferedImage picture) {
    picture(tag, step, picture.getWidth(), picture.getHeight(), PictureEncoder.png(picture));
  }

  /** Adds a picture that is encoded already. */
  void picture(String tag, long step, int width, int height, byte[] encoded) {
    Message image =
        new Message()
            .integer(1, height)
            .integer(2, width)
            .integer(3, 3) // colours: red, green, blue
            .bytes(4, encoded);
    append(event(step).message(5, summary(new Message().string(1, tag).message(4, image))));
  }

  private static Message summary(Message value) {
    return new Message().message(1, value);
  }

  private Message event(long step) {
    Message event = new Message().float64(1, seconds.getAsDouble());
    return step == 0 ? event : event.integer(2, step); // protocol buffers leave zeros out
  }

  private void append(Message event) {
    // A channel would be closed for good by an interrupt, which is how a training is stopped.
    try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
      out.write(record(event.bytes()));
    } catch (IOException e) {
      throw RunFolder.cannotWrite(file, e);
    }
  }

  /** Length, its checksum, content, its checksum. */
  private static byte[] record(byte[] content) {
    ByteBuffer record = ByteBuffer.allocate(content.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(content.length);
    record.putInt(maskedChecksum(record.array(), 8));
    record.put(content);
    record.putInt(maskedChecksum(content, content.length));
    return record.array();
  }

  /** CRC-32C, turned and shifted so that a checksum of a checksum is no trivial one. */
  private static int maskedChecksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
  }

  /** A protocol-buffer message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message integer(int field, long value) {
      key(field, VARINT);
      varint(value);
      return this;
    }

    Message float64(int field, double value) {
      key(field, FIXED_64);
      out.writeBytes(little(8).putDouble(value).array());
      return this;
    }

    Message float32(int field, float value) {
      key(field, FIXED_32);
      out.writeBytes(little(4).putFloat(value).array());
      return this;
    }

    Message string(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      key(field, BYTES);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void key(int field, int kind) {
      varint((long) field << 3 | kind);
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    private static ByteBuffer little(int size) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
