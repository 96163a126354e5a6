package io.github.kolors4j.pipeline;

import io.github.kolors4j.image.AtomicFile;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.Renderable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * A picture with everything that is needed to draw it again.
 *
 * @param image the picture
 * @param prompt what it was drawn from, with the seed, size and sampler that were used in place of
 *     those not set
 * @param adapters the LoRAs at work, each with its alpha and weight
 * @param seconds how long it took
 * @param warnings what a reader should know, such as a prompt that was too long
 * @param latents the final latents in row-major order: channels · height/8 · width/8 numbers
 */
public record GeneratedPicture(
    BufferedImage image,
    Prompt prompt,
    List<String> adapters,
    double seconds,
    List<String> warnings,
    float[] latents)
    implements Renderable {

  /** Copies the lists. */
  public GeneratedPicture {
    adapters = List.copyOf(adapters);
    warnings = List.copyOf(warnings);
  }

  /** The seed that was used. */
  public long seed() {
    return prompt.seed().orElseThrow();
  }

  @Override
  public BufferedImage render() {
    return image;
  }

  /**
   * Prompt and settings as text, in the form that the Stable Diffusion web UI introduced and most
   * tools read.
   */
  public String parameters() {
    StringBuilder text = new StringBuilder(prompt.text());
    if (prompt.negative() != null) {
      text.append("\nNegative prompt: ").append(prompt.negative());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "\nSteps: %d, Sampler: %s, CFG scale: %s, Seed: %d, Size: %dx%d",
            prompt.steps(),
            prompt.scheduler(),
            prompt.cfgScale(),
            seed(),
            prompt.width(),
            prompt.height()));
    if (prompt.picture() != null) {
      text.append(", Denoising strength: ").append(prompt.strength());
    }
    if (!adapters.isEmpty()) {
      text.append(", Lora: \"").append(String.join("; ", adapters)).append('"');
    }
    return text.append(", Version: kolors4j").toString();
  }

  /**
   * Writes the picture as PNG, with {@link #parameters()} in a text chunk of that name (iTXt,
   * UTF-8). The file is complete or not there.
   *
   * @param file its name ends in {@code .png}; folders above it are made
   * @return the file
   * @throws PictureException if the name has another ending or the disk refuses
   */
  public Path save(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new PictureException(
          file, "is saved as PNG, so that the prompt goes with it: end the name in .png");
    }
    try {
      AtomicFile.write(file, this::writePng);
      return file;
    } catch (IOException e) {
      throw new PictureException(file, "could not be written: " + e.getMessage(), e);
    }
  }

  private void writePng(OutputStream out) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
      IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
      entry.setAttribute("keyword", "parameters");
      entry.setAttribute("compressionFlag", "FALSE");
      entry.setAttribute("compressionMethod", "0");
      entry.setAttribute("languageTag", "");
      entry.setAttribute("translatedKeyword", "");
      entry.setAttribute("text", parameters());
      IIOMetadataNode texts = new IIOMetadataNode("iTXt");
      texts.appendChild(entry);
      IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
      root.appendChild(texts);
      metadata.mergeTree("javax_imageio_png_1.0", root);
      writer.setOutput(stream);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d×%d in %.1f s, seed %d: %s",
        image.getWidth(),
        image.getHeight(),
        seconds,
        seed(),
        prompt.text());
  }
}
