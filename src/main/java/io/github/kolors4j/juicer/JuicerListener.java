package io.github.kolors4j.juicer;

/** Hears how far a recipe has come. */
@FunctionalInterface
public interface JuicerListener {
  /** Hears nothing. */
  JuicerListener NONE = progress -> {};

  /**
   * How far a recipe has come.
   *
   * @param what what is being done, such as {@code image_shape_filter, image_aspect_ratio_filter}
   * @param samples how many samples have gone through it
   * @param share the part of the work under that name that is done, from 0 to 1
   */
  record Progress(String what, long samples, double share) {}

  /** Called often, by the thread that runs the recipe. */
  void progress(Progress progress);
}
