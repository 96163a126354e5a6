package io.github.kolors4j.internal.juicer;

import io.github.kolors4j.internal.juicer.operators.OperatorCatalog;

/**
 * One step of a recipe. There are four kinds, and each says all that the executor must know of it:
 * a {@link Filter} decides about a sample, a {@link Mapper} edits it, and both see one sample at a
 * time; a {@link Deduplicator} and a {@link Selector} decide about the whole set, from something
 * small that they keep of each sample.
 *
 * <p>An operator is used by several threads at once and therefore keeps no state of its own. To add
 * one, write a small class with a constructor from {@link Parameters} and register it in {@link
 * OperatorCatalog}.
 */
public sealed interface Operator permits Filter, Mapper, Deduplicator, Selector {
  /** Its name in recipes. */
  String name();
}
