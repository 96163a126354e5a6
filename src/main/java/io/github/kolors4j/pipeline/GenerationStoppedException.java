package io.github.kolors4j.pipeline;

import io.github.kolors4j.StoppedException;

/** A picture was not finished: a listener, a person or an interrupt of the thread stopped it. */
public final class GenerationStoppedException extends StoppedException {
  private static final long serialVersionUID = 1L;

  GenerationStoppedException(int stepsMade, int steps, String by) {
    super("The picture was stopped after %d of %d steps by %s.".formatted(stepsMade, steps, by));
  }
}
