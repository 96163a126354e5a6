/** What tensors need beyond DJL: PyTorch operators, random numbers, scopes and gradients. */
@NullMarked
package io.github.kolors4j.internal.tensor;

import org.jspecify.annotations.NullMarked;
