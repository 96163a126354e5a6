package io.github.kolors4j.internal.juicer;

import java.io.Serializable;

/**
 * Why an operator throws a sample out.
 *
 * @param value what was measured, such as {@code 800×600}
 * @param bound the bound that it broke, such as {@code min_width = 1024}
 * @param chinese the reason in a learner's words
 * @param english the same in English
 */
public record Reason(String value, String bound, String chinese, String english)
    implements Serializable {
  /** The bound that a picture breaks which cannot be read. */
  public static final String READABLE = "readable";
}
