package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Mask;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collection;
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

  /** Begins a run: drops the results that no node of its prompt has, as ComfyUI does. */
  void begin(Collection<String> signatures) {
    needed = Set.copyOf(signatures);
    List<String> others = new ArrayList<>(kept.keySet());
    others.removeAll(needed);
    others.forEach(this::drop);
  }

  /** Says which results may still be asked for in this run. */
  void need(Collection<String> signatures) {
    needed = Set.copyOf(signatures);
    makeRoom();
  }

  void put(String signature, Result result) {
    drop(signature);
    kept.put(signature, result);
    makeRoom();
  }

  private void makeRoom() {
    long sum = bytes();
    for (String signature : new ArrayList<>(kept.keySet())) {
      if (sum <= limit) {
        return;
      }
      if (!needed.contains(signature)) {
        sum -= bytes(kept.get(signature));
        drop(signature);
      }
    }
  }

  private void drop(String signature) {
    Result dropped = kept.remove(signature);
    if (dropped == null) {
      return;
    }
    Map<Object, Boolean> stillHeld = new IdentityHashMap<>();
    kept.values()
        .forEach(result -> result.outputs.forEach(o -> o.forEach(v -> hold(v, stillHeld))));
    dropped.outputs.forEach(output -> output.forEach(value -> release(value, stillHeld)));
  }

  private static void hold(Object value, Map<Object, Boolean> held) {
    held.put(value, true);
    if (value instanceof List<?> list) {
      list.forEach(each -> hold(each, held));
    }
  }

  private static void release(Object value, Map<Object, Boolean> held) {
    if (held.putIfAbsent(value, true) != null) {
      return;
    }
    if (value instanceof List<?> list) {
      list.forEach(each -> release(each, held));
    } else if (value instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("A result could not be freed: " + e.getMessage(), e);
      }
    }
  }

  int size() {
    return kept.size();
  }

  /** About how much memory all of them take. */
  long bytes() {
    return kept.values().stream().mapToLong(NodeResults::bytes).sum();
  }

  private static long bytes(@Nullable Result result) {
    return result == null
        ? 0
        : 1024 + result.outputs.stream().flatMap(List::stream).mapToLong(NodeResults::size).sum();
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
