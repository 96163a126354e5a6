package io.github.kolors4j.cli;

import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.progress.WorkWatcher;
import io.github.kolors4j.juicer.Juicer;
import io.github.kolors4j.juicer.JuicerResult;
import io.github.kolors4j.juicer.Recipe;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code kolors4j dj-process}: data-juicer's {@code dj-process}, with the options of its that a
 * recipe of pictures and captions uses.
 */
@Command(
    name = "dj-process",
    description = {
      "Runs a data-juicer recipe: filters, edits and deduplicates a data set.",
      "Options other than --config take the place of the recipe's keys of the same names."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:The result is written.",
      "1:The recipe or its data set cannot be used, or the disk refuses; nothing is written.",
      "2:An option is wrong."
    })
final class DjProcessCommand implements Callable<Integer> {

  @Mixin private RecipeOptions recipe;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Recipe read = recipe.read();
    JuicerResult result;
    try (ProgressLine line = ProgressLine.of(spec);
        OnInterrupt interrupt =
            OnInterrupt.say(err, () -> "Stopped. Nothing was written; an earlier result stays.")) {
      result = Work.watchedBy(new Watcher(line), () -> Juicer.run(read));
    }
    spec.commandLine().getOut().println(result);
    return 0;
  }

  private record Watcher(ProgressLine line) implements WorkWatcher {
    @Override
    public void advanced(Work work) {
      line.update(
          work.name().replaceFirst("^.*\\(\\w+\\) ", ""), // the operators, or the file
          work.total() == 0 ? 0 : (double) work.done() / work.total(),
          String.format(Locale.ROOT, "%,d samples", work.done()));
    }
  }
}
