package io.github.kolors4j.internal.juicer.operators;

/** A union-find forest over samples, in which the first sample of a cluster is its root. */
final class Clusters {
  private final int[] parents;

  Clusters(int size) {
    parents = new int[size];
    for (int i = 0; i < size; i++) {
      parents[i] = i;
    }
  }

  /** The first sample of the cluster. */
  int first(int sample) {
    int root = sample;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  /** Puts two samples into one cluster. */
  void join(int a, int b) {
    int first = first(a);
    int second = first(b);
    parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** The first sample of the cluster of each. */
  int[] firsts() {
    int[] firsts = new int[parents.length];
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = first(i);
    }
    return firsts;
  }
}
