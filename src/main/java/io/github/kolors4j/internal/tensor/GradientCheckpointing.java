package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gradient checkpointing (Chen et al. 2016): the forward pass keeps only each block's inputs; the
 * backward pass runs the blocks again, last first, this time recorded, and back-propagates through
 * one at a time. Memory falls to one block's activations, for one more forward pass of time.
 *
 * <pre>{@code
 * GradientCheckpointing checkpointing = new GradientCheckpointing();
 * NDArray output = unet.forward(…, checkpointing);   // records nothing
 * checkpointing.backward(output, out -> TensorOperators.meanSquaredError(out, noise));
 * }</pre>
 */
public final class GradientCheckpointing implements Checkpointing {
  private record Step(Block block, NDArray[] inputs, NDArray output) {}

  /** The loss as a function of the network's output. */
  @FunctionalInterface
  public interface Loss {
    NDArray of(NDArray output);
  }

  private final List<Step> steps = new ArrayList<>();

  @Override
  public NDArray run(Block block, NDArray... inputs) {
    try (Gradients off = Gradients.disable()) {
      NDArray output = block.forward(inputs);
      steps.add(new Step(block, inputs.clone(), output));
      return output;
    }
  }

  /**
   * Computes the loss and adds its gradients to those of the parameters, then forgets the blocks.
   *
   * @param output of the last block
   * @return the loss, owned by the output's manager
   */
  public NDArray backward(NDArray output, Loss loss) {
    NDManager manager = output.getManager();
    Map<NDArray, NDArray> gradients = new IdentityHashMap<>();
    NDArray value;
    try (Scope scope = new Scope(output);
        Gradients recording = Gradients.enable()) {
      NDArray leaf = leaf(output, scope.manager());
      NDArray recorded = loss.of(leaf);
      Gradients.backward(recorded);
      value = scope.result(recorded.stopGradient());
      gradients.put(output, kept(Objects.requireNonNull(Gradients.of(leaf)), manager));
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      backward(steps.get(i), gradients, manager);
    }
    gradients.values().forEach(NDArray::close);
    steps.clear();
    return value;
  }

  private void backward(Step step, Map<NDArray, NDArray> gradients, NDManager manager) {
    NDArray outputGradient = gradients.remove(step.output());
    if (outputGradient == null) {
      return; // nothing depends on it
    }
    try (NDManager scope = manager.newSubManager();
        Gradients recording = Gradients.enable()) {
      NDArray[] leaves = new NDArray[step.inputs().length];
      for (int i = 0; i < leaves.length; i++) {
        leaves[i] = leaf(step.inputs()[i], scope);
      }
      NDArray sum = dot(step.block().forward(leaves), outputGradient);
      for (int i = 0; i < leaves.length; i++) {
        NDArray later = gradients.remove(step.inputs()[i]);
        if (later != null) {
          // What later blocks gave comes first in the sum, as it does without checkpointing:
          // so both give the same gradients, bit for bit.
          later.attach(scope);
          sum = sum.add(dot(leaves[i], later));
        }
      }
      Gradients.backward(sum);
      for (int i = 0; i < leaves.length; i++) {
        NDArray gradient = Gradients.of(leaves[i]);
        if (gradient != null) {
          gradient.attach(scope);
          NDArray twin = gradients.get(step.inputs()[i]); // of an array that was given twice
          if (twin == null) {
            gradients.put(step.inputs()[i], kept(gradient, manager));
          } else {
            twin.addi(gradient);
          }
        }
      }
    }
    outputGradient.close();
  }

  /** In float32, whatever the activations are, since DJL makes no gradient for other types. */
  private static NDArray dot(NDArray activation, NDArray gradient) {
    return TensorOperators.float32(activation.mul(gradient)).sum();
  }

  private static NDArray leaf(NDArray array, NDManager scope) {
    // A copy, since PyTorch lets no gradient reach what was computed while it recorded nothing.
    NDArray leaf = array.duplicate();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private static NDArray kept(NDArray gradient, NDManager manager) {
    NDArray copy = gradient.duplicate();
    copy.attach(manager);
    return copy;
  }
}
