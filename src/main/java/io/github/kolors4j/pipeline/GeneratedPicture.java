package io.github.kolors4j.pipeline;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.image.PictureEncoder;
import io.github.kolors4j.internal.pipeline.PictureGraph;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture with everything that is needed to draw it again.
 *
 * @param image the picture
 * @param prompt what it was drawn from, with the seed, size and sampler that were used in place of
 *     those not set
 * @param adapters the LoRAs, hypernetworks and new words at work, each with its settings
 * @param seconds how long it took
 * @param warnings what a reader should know, such as a prompt that was too long
 * @param latents the final latents in row-major order: see {@link KolorsPipeline#latentShape}
 */
public record GeneratedPicture(
    BufferedImage image,
    Prompt prompt,
    List<String> adapters,
    double seconds,
    List<String> warnings,
    float[] latents)
    implements Renderable {

  private static final String ENDING = ".png";

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
    return described().toWebUiText(seed());
  }

  /**
   * What a saved picture was drawn from; its {@link PictureParameters#prompt} draws it again.
   *
   * @param file a PNG file of this library, or of another program that writes {@code parameters}
   * @throws PictureException if the file is no PNG, or says nothing about how it was drawn
   */
  public static PictureParameters parameters(Path file) {
    return PictureParameters.read(file);
  }

  private PictureParameters described() {
    return new PictureParameters(prompt, adapters, prompt.picture() != null, Map.of());
  }

  /**
   * Finds out, before a picture is drawn, whether {@link #save} could write there: whether the name
   * ends in {@code .png} and is one that the disk takes, and whether a file can be made in its
   * folder.
   *
   * @throws PictureException with the reason, if not
   */
  public static void requireSavable(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING)) {
      throw new PictureException(
          file, "is saved as PNG, so that the prompt goes with it: end the name in .png");
    }
    try {
      AtomicFile.requireWritable(file);
    } catch (IOException e) {
      throw new PictureException(file, "cannot be written: " + reasonOf(e), e);
    }
  }

  private static String reasonOf(IOException e) {
    boolean named = e instanceof FileSystemException known && known.getReason() != null;
    return named ? ((FileSystemException) e).getReason() : e.toString();
  }

  /**
   * Writes the picture as PNG, with {@link #parameters()} in a text chunk of that name, all values
   * as JSON in a chunk {@code kolors4j}, and the graph of ComfyUI's Kolors nodes that draws it in
   * {@code workflow} and {@code prompt}: dropped on ComfyUI's page, the picture opens it. The file
   * is complete or not there.
   *
   * @param file its name ends in {@code .png}; folders above it are made
   * @return the file
   * @throws PictureException if the name has another ending or the disk refuses
   */
  public Path save(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING)) {
      requireSavable(file);
    }
    try {
      Map<String, String> texts = described().toTexts(seed());
      texts.putAll(PictureGraph.of(prompt, adapters, seed()).texts());
      AtomicFile.write(file, out -> PictureEncoder.png(image, texts, out));
      return file;
    } catch (IOException e) {
      throw new PictureException(file, "could not be written: " + e.getMessage(), e);
    }
  }

  /**
   * Same, but where the disk refuses, the picture is saved under a new name in the same folder, the
   * working folder, the home folder or that for temporary files: the work of minutes is not lost.
   *
   * @return where the picture is; if this is not {@code file}, tell it
   * @throws PictureException if none of these takes it
   */
  public Path saveHereOrElsewhere(Path file) {
    try {
      return save(file);
    } catch (PictureException e) {
      for (Path folder : elsewhere(file)) {
        try {
          return save(unused(folder));
        } catch (PictureException again) {
          e.addSuppressed(again);
        }
      }
      throw e;
    }
  }

  private static List<Path> elsewhere(Path file) {
    return List.of(
        file.toAbsolutePath().getParent(),
        Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("user.home")),
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  private Path unused(Path folder) {
    Path file = folder.resolve("kolors4j-" + seed() + ENDING);
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve("kolors4j-" + seed() + "-" + i + ENDING);
    }
    return file;
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
