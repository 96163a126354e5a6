package io.github.kolors4j.pipeline;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import io.github.kolors4j.internal.files.OperatingSystem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory is free: on Linux what the kernel says is available without swapping, within the
 * limits of the control groups that a container or a job scheduler put this process into; on
 * Windows what that calls available. Files that the system keeps in memory count as free, since it
 * gives them up.
 */
final class MachineMemory {
  /** Free bytes where the system does not say: more than anything takes. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(MachineMemory.class);
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private final String system;
  private final Path root;

  /**
   * @param system as Java calls it, such as {@code Windows 11}
   * @param root where {@code proc} and {@code sys} are, on Linux
   */
  MachineMemory(String system, Path root) {
    this.system = system;
    this.root = root;
  }

  /** Free bytes of a device, or {@link #UNKNOWN}: not to know it is no reason to stop. */
  static long free(Device device) {
    if (!device.isGpu()) {
      return new MachineMemory(System.getProperty("os.name", ""), Path.of("/")).freeBytes();
    }
    try {
      JniUtils.emptyCudaCache(); // PyTorch keeps what was freed; it counts as free
      MemoryUsage usage = CudaUtils.getGpuMemory(device);
      return usage.getMax() - usage.getUsed();
    } catch (RuntimeException | LinkageError e) {
      say("How much memory the GPU has free cannot be found out (" + e + "): it is tried.");
      return UNKNOWN;
    }
  }

  /** Bytes as GiB with one decimal. */
  static String gibibytes(long bytes) {
    return bytes == UNKNOWN
        ? "an unknown amount"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  /** Once is enough: every picture asks. */
  private static void say(String notice) {
    if (SAID.add(notice)) {
      LOG.warn(notice);
    }
  }

  /** Free bytes of the machine, as far as this process may use them. */
  long freeBytes() {
    long free = available();
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3); // number, controllers, path
      if (fields.length == 3 && fields[1].isEmpty()) {
        free = Math.min(free, freeInGroups("sys/fs/cgroup", fields[2], false));
      } else if (fields.length == 3 && List.of(fields[1].split(",")).contains("memory")) {
        free = Math.min(free, freeInGroups("sys/fs/cgroup/memory", fields[2], true));
      }
    }
    return Math.max(0, free);
  }

  private long available() {
    if (OperatingSystem.of(system) == OperatingSystem.WINDOWS) {
      return bytes(OperatingSystemMXBean::getFreeMemorySize); // with the files it keeps
    }
    long kilobytes = value(root.resolve("proc/meminfo"), "MemAvailable:", -1);
    if (kilobytes >= 0) {
      return kilobytes * 1024;
    }
    // What Java calls free on a Mac leaves out the files that the system keeps in memory: nearly
    // all
    // of it on a machine that has run for a while.
    long all = bytes(OperatingSystemMXBean::getTotalMemorySize);
    say(
        "How much memory is free cannot be found out ("
            + system
            + " does not say): "
            + (all == UNKNOWN
                ? "it is tried."
                : "the machine's " + gibibytes(all) + " are counted on."));
    return all;
  }

  private static long bytes(ToLongFunction<OperatingSystemMXBean> what) {
    try {
      long bytes =
          what.applyAsLong((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean());
      return bytes > 0 ? bytes : UNKNOWN;
    } catch (RuntimeException | LinkageError e) {
      return UNKNOWN; // a Java without this bean, or one that may not look
    }
  }

  /**
   * The least that a group or one of those around it leaves free. Inside a container the path may
   * be the host's and not be there: what is there is looked at.
   */
  private long freeInGroups(String mount, String path, boolean first) {
    long free = Long.MAX_VALUE;
    Path top = root.resolve(mount);
    Path group = top.resolve(path.substring(Math.min(1, path.length()))).normalize();
    for (; group != null && group.startsWith(top); group = group.getParent()) {
      long limit = number(group.resolve(first ? "memory.limit_in_bytes" : "memory.max"));
      long used = number(group.resolve(first ? "memory.usage_in_bytes" : "memory.current"));
      if (limit >= 0 && used >= 0) {
        Path statistics = group.resolve("memory.stat");
        String prefix = first ? "total_" : "";
        long files =
            value(statistics, prefix + "inactive_file", 0)
                + value(statistics, prefix + "active_file", 0);
        free = Math.min(free, limit - used + files);
      }
    }
    return free;
  }

  /** The number in a file, or -1 if there is none, as in {@code max}. */
  private static long number(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() || !lines.get(0).matches("\\d{1,19}") ? -1 : parse(lines.get(0));
  }

  private static long value(Path file, String key, long otherwise) {
    for (String line : lines(file)) {
      String[] words = line.split("\\s+");
      if (words.length > 1 && words[0].equals(key)) {
        return parse(words[1]);
      }
    }
    return otherwise;
  }

  private static long parse(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // more than a long holds is no limit
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException | RuntimeException e) {
      return List.of(); // what may not be read limits nothing that we know of
    }
  }
}
