package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private final int threads = start();

  private static int start() {
    PyTorch.engine();
    return JniUtils.getNumThreads();
  }

  @Test
  void resultsComeInTheOrderOfTheirComputations() {
    List<Supplier<String>> each = List.of(() -> slowly("first"), () -> "second");
    assertThat(SideBySide.run(each)).containsExactly("first", "second");
  }

  private static String slowly(String result) {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return result;
  }

  @Test
  void eachHasItsShareOfTheThreadsAndTheCallerKeepsItsOwn() throws Exception {
    List<Supplier<Integer>> each = List.of(JniUtils::getNumThreads, JniUtils::getNumThreads);
    int share = threads < 2 ? threads : threads / 2;
    assertThat(SideBySide.run(each)).containsOnly(share);
    assertThat(JniUtils.getNumThreads()).isEqualTo(threads);
    int newThreads =
        CompletableFuture.supplyAsync(JniUtils::getNumThreads, task -> new Thread(task).start())
            .get();
    assertThat(newThreads).isEqualTo(threads);
  }

  @Test
  void whereOneFailsItsErrorComesWhenAllHaveEnded() {
    AtomicBoolean ended = new AtomicBoolean();
    List<Supplier<Integer>> each =
        List.of(
            () -> {
              throw new IllegalArgumentException("of the first");
            },
            () -> {
              slowly("");
              ended.set(true);
              return 2;
            });
    assertThatThrownBy(() -> SideBySide.run(each))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("of the first");
    assertThat(threads < 2 || ended.get()).isTrue();
  }

  @Test
  void tooLittleMemoryStaysTheErrorThatItIs() {
    List<Supplier<Integer>> each =
        List.of(
            () -> 1,
            () -> {
              throw new OutOfMemoryError("for the second");
            });
    assertThatThrownBy(() -> SideBySide.run(each))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("for the second");
  }
}
