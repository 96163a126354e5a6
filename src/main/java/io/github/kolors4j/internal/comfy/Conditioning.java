package io.github.kolors4j.internal.comfy;

/**
 * What {@code CONDITIONING} is: a text, and what encodes it. The sampler encodes it together with
 * the negative one, as Kolors' pipeline does.
 *
 * @param model the text encoder
 * @param text what to draw, or what not
 */
public record Conditioning(TextModel model, String text) {}
