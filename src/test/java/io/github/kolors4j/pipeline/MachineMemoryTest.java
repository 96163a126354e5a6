package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir Path root;

  @BeforeEach
  void aMachineWith8GibFree() throws IOException {
    write("proc/meminfo", "MemTotal: 16777216 kB\nMemFree: 100 kB\nMemAvailable: 8388608 kB\n");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }

  private long freeMib() {
    return new MachineMemory("Linux", root).freeBytes() / MIB;
  }

  @Test
  void whatTheKernelCallsAvailableIsFree() {
    assertThat(freeMib()).isEqualTo(8192);
  }

  @Test
  void aContainersLimitCountsAndItsFileCacheIsFree() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", 4096 * MIB + "\n");
    write("sys/fs/cgroup/memory.current", 3072 * MIB + "\n");
    write("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file " + 512 * MIB + "\nactive_file 0\n");
    assertThat(freeMib()).isEqualTo(1536);
  }

  @Test
  void aLimitOfAGroupAroundOursCounts() throws IOException {
    write("proc/self/cgroup", "0::/jobs/mine\n");
    write("sys/fs/cgroup/jobs/mine/memory.max", "max\n");
    write("sys/fs/cgroup/jobs/mine/memory.current", "1\n");
    write("sys/fs/cgroup/jobs/memory.max", 2048 * MIB + "\n");
    write("sys/fs/cgroup/jobs/memory.current", 48 * MIB + "\n");
    assertThat(freeMib()).isEqualTo(2000);
  }

  @Test
  void theFirstVersionOfControlGroupsIsRead() throws IOException {
    write("proc/self/cgroup", "5:devices:/x\n4:memory:/docker/abc\n0::/\n");
    // Inside the container, the host's path is not there.
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 1024 * MIB + "\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", 1000 * MIB + "\n");
    write("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file " + 100 * MIB);
    assertThat(freeMib()).isEqualTo(124);
  }

  @Test
  void noLimitIsNoLimit() throws IOException {
    write("proc/self/cgroup", "4:memory:/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", 1000 * MIB + "\n");
    assertThat(freeMib()).isEqualTo(8192);
  }

  @Test
  void onWindowsFreeIsWhatThatCallsAvailable() {
    long free = new MachineMemory("Windows 11", root).freeBytes();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assertThat(free).isBetween(1L, system.getTotalMemorySize() - 1);
  }

  @Test
  void withoutTheKernelsWordTheWholeMachineIsCountedOn() throws IOException {
    Files.delete(root.resolve("proc/meminfo"));
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assertThat(freeMib()).isEqualTo(system.getTotalMemorySize() / MIB);
  }

  @Test
  void aGpuThatCannotBeAskedIsTriedAllTheSame() {
    assertThat(MachineMemory.free(Device.gpu(99))).isEqualTo(MachineMemory.UNKNOWN);
    assertThat(MachineMemory.gibibytes(MachineMemory.UNKNOWN)).isEqualTo("an unknown amount");
  }

  @Test
  void thisMachineHasSomeMemoryFree() {
    assertThat(MachineMemory.free(Device.cpu())).isGreaterThan(16 * MIB);
  }
}
