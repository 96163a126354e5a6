package io.github.kolors4j.cli;

import io.github.kolors4j.charts.AnalysisReport;
import io.github.kolors4j.juicer.Analysis;
import io.github.kolors4j.juicer.Juicer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kolors4j dj-analyze}: what a recipe's filters measure, as tables and charts. */
@Command(
    name = "dj-analyze",
    description = {
      "Measures a data set with the filters of a data-juicer recipe and throws nothing out.",
      "Tables (overall.csv, overall.md) and charts go into the folder \"analysis\" beside the"
          + " recipe's export_path."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class DjAnalyzeCommand implements Callable<Integer> {

  @Mixin private RecipeOptions recipe;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Analysis analysis = Juicer.analyze(recipe.read());
    List<Path> files = AnalysisReport.write(analysis);
    analysis.notices().forEach(spec.commandLine().getErr()::println);
    out.println(analysis.overall().print());
    files.forEach(out::println);
    return 0;
  }
}
