/** What tensors need beyond DJL: PyTorch operators, random numbers, scopes and gradients. */
package io.github.kolors4j.tensor;
