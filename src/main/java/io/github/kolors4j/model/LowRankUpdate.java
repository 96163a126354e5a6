package io.github.kolors4j.model;

import ai.djl.ndarray.NDArray;

/**
 * What one adapter adds to a linear layer: {@code scale · up · down} to its weight.
 *
 * @param down (rank, in), LoRA's A
 * @param up (out, rank), LoRA's B
 * @param scale alpha / rank, times the weight that the adapter is used with
 */
public record LowRankUpdate(NDArray down, NDArray up, double scale) {}
