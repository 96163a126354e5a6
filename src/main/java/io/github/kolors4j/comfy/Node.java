package io.github.kolors4j.comfy;

import java.util.List;

/**
 * One kind of box in a graph.
 *
 * <pre>{@code
 * class Invert implements Node {
 *   public NodeDeclaration declaration() {
 *     return NodeDeclaration.of("ImageInvert").category("image")
 *         .input("image", "IMAGE").output("IMAGE");
 *   }
 *
 *   public List<Object> run(NodeInputs inputs, NodeContext context) {
 *     return List.of(inputs.images("image").stream().map(this::inverted).toList());
 *   }
 * }
 *
 * NodeCatalogue.register(new Invert());
 * }</pre>
 *
 * <p>It is found by {@link java.util.ServiceLoader} in a jar, or registered from a notebook's cell.
 * One object serves all boxes of its kind, so it keeps nothing between two runs. Values are {@code
 * List<BufferedImage>} for {@code IMAGE}, {@link Latent} for {@code LATENT}, {@link Mask} for
 * {@code MASK}, {@code Long}, {@code Double}, {@code Boolean} and {@code String} for {@code INT},
 * {@code FLOAT}, {@code BOOLEAN} and the rest; a type of one's own is any object. A value that
 * holds native memory is {@link AutoCloseable}: it is closed when it is no longer kept.
 */
public interface Node {

  /** What the node takes and gives. It may change from call to call. */
  NodeDeclaration declaration();

  /**
   * Does the node's work.
   *
   * @return as many values as the declaration has outputs, in their order
   * @throws Exception whatever goes wrong; the box turns red and shows the message
   */
  List<Object> run(NodeInputs inputs, NodeContext context) throws Exception;

  /**
   * What the result depends on besides the inputs, such as the content of a file: the node runs
   * again when this differs from the last time (ComfyUI's {@code IS_CHANGED}).
   *
   * @param inputs those that are no links; linked ones are absent
   * @return empty if there is nothing
   * @throws Exception if it cannot be found out; the node is then run
   */
  default String changes(NodeInputs inputs, NodeContext context) throws Exception {
    return "";
  }
}
