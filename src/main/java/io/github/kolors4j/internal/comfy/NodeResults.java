package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Mask;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What nodes gave, by the signature of all that it depends on, so that an unchanged node need not
 * run again. Bounded: what was used longest ago is dropped, and what of it holds native memory is
 * closed unless another result holds it too.
 */
final class NodeResults implements AutoCloseable {

  /**
   * What a node gave.
   *
   * @param outputs for each output its values, one if it is no list
   * @param shown what the page shows on the node; null if nothing
   */
  record Result(List<List<Object>> outputs, @Nullable JsonObject shown) {}

  private final long limit;
  private final Map<String, Result> kept = new LinkedHashMap<>(16, 0.75f, true);

  /** How many results hold each value that holds memory. */
  private final Map<AutoCloseable, Integer> holders = new IdentityHashMap<>();

  private long bytes;

  /** Those that a node of the run at work may still ask for. */
  private Set<String> needed = Set.of();

  /**
   * @param limit in bytes, of what is not needed at the moment
   */
  NodeResults(long limit) {
    this.limit = limit;
  }

  /** The result of a signature, or null. */
  @Nullable Result get(String signature) {
    return kept.get(signature);
  }

  boolean has(String signature) {
    return kept.containsKey(signature);
  }

  /**
   * Begins a run: drops the results that no node of its prompt has, as ComfyUI does.
   *
   * @param mayBeNeeded those that may still be asked for, which changes as the run goes on
   */
  void begin(Set<String> signatures, Set<String> mayBeNeeded) {
    needed = mayBeNeeded;
    List<String> others = new ArrayList<>(kept.keySet());
    others.removeIf(signatures::contains);
    others.forEach(this::drop);
  }

  void put(String signature, Result result) {
    drop(signature);
    kept.put(signature, result);
    bytes += bytes(result);
    closeables(result.outputs).forEach(value -> holders.merge(value, 1, Integer::sum));
    makeRoom();
  }

  /** Drops what was used longest ago and is not needed, until the rest is within the limit. */
  void makeRoom() {
    if (bytes <= limit) {
      return;
    }
    for (String signature : new ArrayList<>(kept.keySet())) {
      if (bytes > limit && !needed.contains(signature)) {
        drop(signature);
      }
    }
  }

  private void drop(String signature) {
    Result dropped = kept.remove(signature);
    if (dropped == null) {
      return;
    }
    bytes -= bytes(dropped);
    for (AutoCloseable value : closeables(dropped.outputs)) {
      if (holders.merge(value, -1, Integer::sum) == 0) {
        holders.remove(value);
        close(value);
      }
    }
  }

  private static void close(AutoCloseable value) {
    try {
      value.close();
    } catch (Exception e) {
      throw new IllegalStateException("A result could not be freed: " + e.getMessage(), e);
    }
  }

  /** What holds memory among values, however deep in lists. */
  private static List<AutoCloseable> closeables(List<?> values) {
    List<AutoCloseable> found = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof List<?> list) {
        found.addAll(closeables(list));
      } else if (value instanceof AutoCloseable closeable) {
        found.add(closeable);
      }
    }
    return found;
  }

  int size() {
    return kept.size();
  }

  /** About how much memory a result takes; the same each time it is asked. */
  private static long bytes(Result result) {
    return 1024 + result.outputs.stream().flatMap(List::stream).mapToLong(NodeResults::size).sum();
  }

  private static long size(Object value) {
    if (value instanceof List<?> list) {
      return 64 + list.stream().mapToLong(NodeResults::size).sum();
    }
    if (value instanceof BufferedImage picture) {
      return 4L * picture.getWidth() * picture.getHeight();
    }
    if (value instanceof Latent latent) {
      return 8L * latent.samples().length;
    }
    if (value instanceof Mask mask) {
      return 4L * mask.values().length;
    }
    if (value instanceof KolorsEmbeddings embeddings) {
      return embeddings.bytes();
    }
    return value instanceof String text ? 2L * text.length() : 64;
  }

  @Override
  public void close() {
    new ArrayList<>(kept.keySet()).forEach(this::drop);
  }
}
