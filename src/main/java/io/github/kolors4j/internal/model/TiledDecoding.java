package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Decoding in tiles that overlap by a quarter, each blended into the one above and the one to its
 * left by weights that grow evenly over the overlap (diffusers {@code AutoencoderKL.tiled_decode},
 * {@code blend_v} and {@code blend_h}).
 */
final class TiledDecoding {
  private static final double OVERLAP = 0.25;

  private final int tile;
  private final int stride;
  private final int blend;
  private final int kept;

  /**
   * @param tile height and width of a tile of latents
   * @param scale pixels for each latent, in each direction
   */
  TiledDecoding(int tile, int scale) {
    if (tile < 4) {
      throw new IllegalArgumentException(
          "A tile has at least 4 latents in each direction, not " + tile + ".");
    }
    this.tile = tile;
    stride = (int) (tile * (1 - OVERLAP));
    blend = (int) (tile * scale * OVERLAP);
    kept = tile * scale - blend;
  }

  /**
   * @param latents (batch, channels, height, width)
   * @param decoder of one tile
   * @return pictures, owned by the latents' manager
   */
  NDArray decode(NDArray latents, UnaryOperator<NDArray> decoder) {
    try (Scope scope = new Scope(latents)) {
      NDList rows = new NDList();
      List<NDArray> above = List.of();
      for (long y = 0; y < latents.getShape().get(2); y += stride) {
        List<NDArray> row = row(latents, y, above, decoder);
        try (NDManager cutting = scope.manager().newSubManager()) {
          NDList cut = new NDList();
          for (NDArray picture : row) {
            NDArray inner = picture.get(new NDIndex(":, :, :{}, :{}", kept, kept));
            inner.attach(cutting);
            cut.add(inner);
          }
          NDArray whole = NDArrays.concat(cut, 3);
          whole.attach(scope.manager());
          rows.add(whole);
        }
        above.forEach(NDArray::close);
        above = row;
      }
      return scope.result(NDArrays.concat(rows, 2));
    }
  }

  /** The tiles that begin at a height, blended with those above and with each other. */
  private List<NDArray> row(
      NDArray latents, long y, List<NDArray> above, UnaryOperator<NDArray> decoder) {
    List<NDArray> row = new ArrayList<>();
    for (long x = 0; x < latents.getShape().get(3); x += stride) {
      long bottom = Math.min(latents.getShape().get(2), y + tile);
      long right = Math.min(latents.getShape().get(3), x + tile);
      try (Scope scope = new Scope(latents)) {
        NDArray piece = latents.get(new NDIndex(":, :, {}:{}, {}:{}", y, bottom, x, right));
        NDArray picture = TensorOperators.float32(decoder.apply(piece));
        if (!above.isEmpty()) {
          picture = blended(above.get(row.size()), picture, 2);
        }
        if (!row.isEmpty()) {
          picture = blended(row.get(row.size() - 1), picture, 3);
        }
        row.add(scope.result(picture));
      }
    }
    return row;
  }

  /**
   * {@code picture} with its first rows (axis 2) or columns (axis 3) blended into what is before.
   */
  private NDArray blended(NDArray before, NDArray picture, int axis) {
    long size = picture.getShape().get(axis);
    int extent = (int) Math.min(blend, Math.min(size, before.getShape().get(axis)));
    NDManager manager = picture.getManager();
    NDArray share = manager.arange(extent).div(extent);
    share = share.reshape(axis == 2 ? new Shape(extent, 1) : new Shape(1, extent));
    NDArray first = slice(picture, axis, 0, extent).mul(share);
    long end = before.getShape().get(axis);
    NDArray last = slice(before, axis, end - extent, end);
    last.attach(manager);
    NDArray seam = first.add(last.mul(share.sub(1).neg()));
    return extent == size ? seam : seam.concat(slice(picture, axis, extent, size), axis);
  }

  private static NDArray slice(NDArray picture, int axis, long from, long to) {
    NDIndex index = new NDIndex().addAllDim(axis).addSliceDim(from, to);
    return picture.get(index);
  }
}
