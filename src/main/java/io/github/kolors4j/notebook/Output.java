package io.github.kolors4j.notebook;

/** Where values are shown: a kernel's display or, without one, a terminal and files. */
interface Output {

  /** Shows a value for the first time, under a name by which it can be replaced. */
  void show(String id, Object value);

  /** Replaces what was shown under this name. */
  void update(String id, Object value);
}
