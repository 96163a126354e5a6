package io.github.kolors4j.notebook;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import io.github.kolors4j.image.ChineseFont;
import java.lang.management.ManagementFactory;
import java.util.Locale;
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

    int java = Runtime.version().feature();
    row(table, "Java", System.getProperty("java.version"), java >= 17, "JDK 17 or newer is needed");
    String library = SetUpCheck.class.getPackage().getImplementationVersion();
    row(table, "kolors4j", library == null ? "from class files" : library, true, "");
    Engine engine = Engine.getInstance();
    row(table, engine.getEngineName(), engine.getVersion(), true, "");

    int cores = Runtime.getRuntime().availableProcessors();
    row(table, "处理器 (processors)", "" + cores, cores >= 2, "everything takes longer than it says");
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getFreeMemorySize();
    row(
        table,
        "内存 (memory)",
        String.format(
            Locale.ROOT,
            "%.1f GB free of %.1f",
            (double) free / GIBIBYTE,
            (double) system.getTotalMemorySize() / GIBIBYTE),
        system.getTotalMemorySize() >= 3 * GIBIBYTE,
        "the small model's training wants 3 GB: close other programs");
    int gpus = engine.getGpuCount();
    row(table, "GPU", gpus == 0 ? "none" : gpus + " × CUDA", true, "");
    boolean chinese = ChineseFont.at(12).canDisplayUpTo("二次元，蓝色中分") < 0;
    row(table, "中文字体 (font)", "Noto Sans SC", chinese, "the library's font is damaged: rebuild");
    return table;
  }

  private static void row(Table table, String part, String found, boolean good, String advice) {
    table.stringColumn("part").append(part);
    table.stringColumn("found").append(found);
    table.stringColumn("advice").append(good ? GOOD : advice);
  }
}
