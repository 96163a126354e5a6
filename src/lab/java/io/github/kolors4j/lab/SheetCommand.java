package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts the first pictures that {@code judge} has drawn on one sheet, for a person to look at. */
@Command(
    name = "sheet",
    mixinStandardHelpOptions = true,
    description =
        "Put drawn pictures, such as judge keeps in its output folder, on one JPEG sheet of less"
            + " than 500 KB, each with its number, which is its seed.")
final class SheetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--pictures", required = true, description = "Folder of the pictures.")
  private Path pictures;

  @Option(names = "--output", required = true, description = "The .jpg file to write.")
  private Path output;

  @Option(names = "--count", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(names = "--title", defaultValue = "", description = "Words above them.")
  private String title;

  @Override
  public Integer call() {
    List<Path> files = new PictureFolder(pictures).files();
    if (files.size() < count || count < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "%s has %d pictures, not the %d of --count.".formatted(pictures, files.size(), count));
    }
    new ContactSheet(title, files.stream().limit(count).map(PictureFile::read).toList())
        .write(output);
    System.out.println(output + " shows " + count + " pictures");
    return 0;
  }
}
