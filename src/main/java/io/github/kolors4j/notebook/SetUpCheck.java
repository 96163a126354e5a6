package io.github.kolors4j.notebook;

import com.sun.management.OperatingSystemMXBean;
import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.internal.tensor.PyTorch;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What this machine has, from inside a notebook: {@code SetUpCheck.table()} as a cell's last
 * expression. {@code environment/doctor} looks at what surrounds the notebook.
 */
public final class SetUpCheck {
  private static final long GIBIBYTE = 1L << 30;
  private static final String GOOD = "✓";

  private SetUpCheck() {}

  /** One row a thing that matters: {@code part, found, advice}; advice is ✓ where all is well. */
  public static Table table() {
    StringColumn part = StringColumn.create("part");
    StringColumn found = StringColumn.create("found");
    StringColumn advice = StringColumn.create("advice");
    Table table = Table.create("环境 (this machine)", part, found, advice);

    check(table, "Java", SetUpCheck::java);
    check(table, "kolors4j", SetUpCheck::library);
    check(table, "PyTorch", () -> Found.good(PyTorch.engine().getVersion()));
    check(table, "处理器 (processors)", SetUpCheck::processors);
    check(table, "内存 (memory)", SetUpCheck::memory);
    check(table, "GPU", SetUpCheck::gpu);
    check(table, "中文字体 (font)", SetUpCheck::font);
    return table;
  }

  /** What a look at one part gave. */
  private record Found(String text, String advice) {
    static Found good(String text) {
      return new Found(text, GOOD);
    }

    static Found of(String text, boolean good, String advice) {
      return new Found(text, good ? GOOD : advice);
    }
  }

  private static Found java() {
    return Found.of(
        System.getProperty("java.version"),
        Runtime.version().feature() >= 17,
        "JDK 17 or newer is needed");
  }

  private static Found library() {
    String version = SetUpCheck.class.getPackage().getImplementationVersion();
    return Found.good(version == null ? "from class files" : version);
  }

  private static Found processors() {
    int cores = Runtime.getRuntime().availableProcessors();
    return Found.of("" + cores, cores >= 2, "everything takes longer than it says");
  }

  private static Found memory() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long all = system.getTotalMemorySize();
    String text =
        String.format(
            Locale.ROOT,
            "%.1f GB free of %.1f",
            (double) system.getFreeMemorySize() / GIBIBYTE,
            (double) all / GIBIBYTE);
    return Found.of(
        text, all >= 3 * GIBIBYTE, "the small model's training wants 3 GB: close other programs");
  }

  private static Found gpu() {
    int gpus = PyTorch.engine().getGpuCount();
    return Found.good(gpus == 0 ? "none" : gpus + " × CUDA");
  }

  private static Found font() {
    boolean chinese = ChineseFont.at(12).canDisplayUpTo("二次元，蓝色中分") < 0;
    return Found.of("Noto Sans SC", chinese, "the library's font is damaged: rebuild");
  }

  /** A look that fails is a row of its own kind, and the next part is looked at. */
  private static void check(Table table, String part, Supplier<Found> look) {
    Found found;
    try {
      found = look.get();
    } catch (RuntimeException | LinkageError | InternalError e) {
      found = new Found("not known", "this could not be looked at: " + e);
    }
    table.stringColumn("part").append(part);
    table.stringColumn("found").append(found.text());
    table.stringColumn("advice").append(found.advice());
  }
}
