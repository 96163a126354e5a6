/**
 * Samplers: from noise to a picture's latents, one sampler a file.
 *
 * <p>A {@link io.github.kolors4j.scheduler.Scheduler} is a sampler with its configuration and never
 * changes; {@link io.github.kolors4j.scheduler.Scheduler#begin(int)} starts one run of it, a {@link
 * io.github.kolors4j.scheduler.Sampling}, which the caller steps through:
 *
 * <pre>{@code
 * Scheduler scheduler = Scheduler.of("EulerDiscreteScheduler", SchedulerConfig.kolors());
 * try (Sampling sampling = scheduler.begin(25)) {
 *   NDArray sample = noise.draw(shape, manager).mul(sampling.initNoiseSigma());
 *   for (int i = sampling.startIndex(); i < sampling.steps(); i++) {
 *     NDArray input = sampling.scaleModelInput(sample, i);
 *     NDArray epsilon = predictNoise(input, sampling.timesteps()[i]);
 *     sample = sampling.step(epsilon, i, sample, noise);
 *   }
 * }
 * }</pre>
 *
 * <p>Names are those of the papers: {@code betas} and {@code alphasCumprod} belong to the training
 * process (Ho et al. 2020), {@code sigma = sqrt((1 - alphasCumprod) / alphasCumprod)} is the noise
 * relative to the picture (Karras et al. 2022), {@code epsilon} the noise that the model predicts.
 */
@NullMarked
package io.github.kolors4j.scheduler;

import org.jspecify.annotations.NullMarked;
