package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderedTasksTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void resultsComeInTheOrderOfTheTasks() {
    List<Integer> results = new ArrayList<>();
    OrderedTasks<Integer> tasks = new OrderedTasks<>(threads, 5, results::add);
    for (int i = 0; i < 50; i++) {
      int number = i;
      tasks.submit(
          1,
          () -> {
            Thread.sleep(number % 5 == 0 ? 3 : 0);
            return number;
          });
    }
    tasks.finish();

    assertThat(results).hasSize(50).isSorted();
  }

  @Test
  void onlyAFewAreUnderWayAtOnceAndFewerIfTheyAreLarge() {
    AtomicInteger handedOver = new AtomicInteger();
    OrderedTasks<Integer> tasks =
        new OrderedTasks<>(threads, 4, result -> handedOver.incrementAndGet());
    for (int i = 0; i < 10; i++) {
      tasks.submit(1, () -> 0);
      assertThat(i + 1 - handedOver.get()).isLessThanOrEqualTo(4);
    }
    tasks.finish();
    handedOver.set(0);
    for (int i = 0; i < 10; i++) {
      tasks.submit(1 << 23, () -> 0);
      assertThat(i + 1 - handedOver.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void whatATaskThrowsIsThrownToWhoSubmits() {
    OrderedTasks<Integer> tasks = new OrderedTasks<>(threads, 4, result -> {});
    tasks.submit(
        1,
        () -> {
          throw new RecipeException("line 7");
        });

    assertThatThrownBy(tasks::finish).isInstanceOf(RecipeException.class).hasMessage("line 7");
  }
}
