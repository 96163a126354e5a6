/** What every training is made of: optimizers, learning rates, and averages of parameters. */
@NullMarked
package io.github.kolors4j.internal.training;

import org.jspecify.annotations.NullMarked;
