package io.github.kolors4j.charts;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.juicer.Analysis;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * All of an analysis as files, as data-juicer's {@code dj-analyze} leaves them in the folder {@code
 * analysis}: {@code overall.csv} and {@code overall.md}, of each statistic {@code NAME-hist.png}
 * and {@code NAME-box.png} (or all in {@code all-stats.png}, if the recipe says {@code
 * save_stats_in_one_file}), the correlations in {@code stats-corr-pearson.png}, as its later
 * versions do, and {@code caption-words.png}.
 */
public final class AnalysisReport {
  private static final int WORDS = 24;

  private AnalysisReport() {}

  /** Writes everything into {@link Analysis#folder}; returns the files. */
  public static List<Path> write(Analysis analysis) {
    List<Path> files = new ArrayList<>(analysis.write());
    pictures(analysis)
        .forEach(
            (name, picture) -> {
              Path file = analysis.folder().resolve(name);
              PictureFile.write(picture, file);
              files.add(file);
            });
    return List.copyOf(files);
  }

  private static Map<String, BufferedImage> pictures(Analysis analysis) {
    Map<String, BufferedImage> statistics = new LinkedHashMap<>();
    for (String statistic : analysis.statistics()) {
      if (analysis.values(statistic).length > 0) {
        statistics.put(statistic + "-hist.png", draw(Charts.histogram(analysis, statistic)));
        statistics.put(statistic + "-box.png", draw(Charts.boxPlot(analysis, statistic)));
      }
    }
    Map<String, BufferedImage> pictures = new LinkedHashMap<>();
    if (analysis.wantsOnePicture() && !statistics.isEmpty()) {
      List<BufferedImage> all = List.copyOf(statistics.values());
      pictures.put("all-stats.png", PictureGrid.of(all, all.size() / 2, 2).render());
    } else {
      pictures.putAll(statistics);
    }
    if (!analysis.statistics().isEmpty()) {
      pictures.put("stats-corr-pearson.png", draw(Charts.correlation(analysis)));
    }
    if (!analysis.words(1).isEmpty()) {
      pictures.put("caption-words.png", draw(Charts.words(analysis, WORDS)));
    }
    return pictures;
  }

  private static BufferedImage draw(Chart<?, ?> chart) {
    return BitmapEncoder.getBufferedImage(chart);
  }
}
