package io.github.kolors4j.internal.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operators of neural networks that DJL's {@link NDArray} lacks, computed by PyTorch.
 *
 * <p>Each is one call into a TorchScript program ({@code operators.py} beside this class).
 * Gradients flow through all of them. A result belongs to its first argument's manager.
 *
 * <p>Layers compute in the type of their input and convert weights of another type on the way: a
 * network whose weights are float32 runs in bfloat16 when its input is {@link #bfloat16}, and its
 * weights' gradients are float32 (mixed precision, Micikevicius et al. 2017).
 */
public final class TensorOperators {
  static final String SOURCE = TorchProgram.source("operators.py");

  private static final TorchProgram PROGRAM = new TorchProgram(SOURCE);

  private TensorOperators() {}

  /** The same values as float32; a float32 array gives another handle on itself. */
  public static NDArray float32(NDArray x) {
    return PROGRAM.call("float32", x);
  }

  /** The values rounded to bfloat16: the range of float32, eight bits of precision. */
  public static NDArray bfloat16(NDArray x) {
    return PROGRAM.call("bfloat16", x);
  }

  /**
   * Values in the type that a processor multiplies fastest: bfloat16 where it has instructions for
   * it, else float32. (Others compute bfloat16 in steps, several times slower than float32.)
   */
  public static NDArray fastType(NDArray x) {
    return multipliesBfloat16(x) ? bfloat16(x) : float32(x);
  }

  /** Whether the processor, or the GPU where {@code x} is, multiplies bfloat16 itself. */
  public static boolean multipliesBfloat16(NDArray x) {
    return x.getDevice().isGpu() || Processor.MULTIPLIES_BFLOAT16;
  }

  /** What the processor can do, asked once: training asks at each step. */
  private static final class Processor {
    static final boolean MULTIPLIES_BFLOAT16 = ask();

    private static boolean ask() {
      try (NDManager manager = PyTorch.manager(Device.cpu())) {
        return PROGRAM.call("multiplies_bfloat16", manager.create(0f)).getBoolean();
      }
    }
  }

  /** The values rounded to float16: up to 65,504, eleven bits of precision. */
  static NDArray float16(NDArray x) {
    return PROGRAM.call("float16", x);
  }

  /** Whether no value is infinite or not a number. */
  public static boolean allFinite(NDArray x) {
    try (NDArray all = PROGRAM.call("all_finite", x)) {
      return all.getBoolean();
    }
  }

  /** The values in the type of another array. */
  public static NDArray sameType(NDArray x, NDArray other) {
    return PROGRAM.call("same_type", x, other);
  }

  /** Another handle on the same numbers, with a name, an owner and an end of its own. */
  public static NDArray handle(NDArray x) {
    return sameType(x, x);
  }

  /**
   * {@code x · weightᵀ + bias}.
   *
   * @param x (…, in)
   * @param weight (out, in)
   * @param bias (out), or null for none
   * @return (…, out)
   */
  public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return bias == null
        ? PROGRAM.call("linear", x, weight)
        : PROGRAM.call("linear_bias", x, weight, bias);
  }

  /**
   * Linear layers with an activation between them, in one call: for small networks the calls cost
   * more than the computation.
   *
   * @param x (…, first width)
   * @param parameters of each layer its weight (out, in), row by row, and its bias (out), all in
   *     one row
   * @param widths int64 (layers + 1): of the input and of each layer's output
   * @param activation 0 for SiLU, 1 for tanh, 2 for ReLU
   * @return (…, last width)
   */
  public static NDArray perceptron(NDArray x, NDArray parameters, NDArray widths, int activation) {
    return PROGRAM.call("perceptron", x, parameters, widths, activation);
  }

  /**
   * {@code y + scale · x · downᵀ · upᵀ}: what a low-rank adapter adds to a linear layer's output.
   *
   * @param y (…, out)
   * @param x (…, in)
   * @param down (rank, in)
   * @param up (out, rank)
   */
  public static NDArray addLowRank(NDArray y, NDArray x, NDArray down, NDArray up, double scale) {
    return PROGRAM.call("add_low_rank", y, x, down, up, scale);
  }

  /**
   * What a weight-decomposed adapter makes of a linear layer without bias (DoRA, Liu et al. 2024;
   * peft {@code tuners/lora/dora.py}): {@code x · Wᵀ} for {@code W = weight + scale · up · down},
   * each row of W brought to the length in {@code magnitude}. No gradient flows through the length
   * that the row had.
   *
   * @param y {@code x · weightᵀ} (…, out)
   * @param x (…, in)
   * @param weight (out, in)
   * @param down (rank, in)
   * @param up (out, rank)
   * @param magnitude (out)
   */
  public static NDArray dora(
      NDArray y,
      NDArray x,
      NDArray weight,
      NDArray down,
      NDArray up,
      NDArray magnitude,
      double scale) {
    return PROGRAM.call("dora", y, x, weight, down, up, magnitude, scale);
  }

  /**
   * What each row or column of {@code W = weight + scale · up · down} is to be multiplied with to
   * have the length in {@code magnitude}, in float32. A column's length is taken as a little more
   * than it is, as LyCORIS does, which makes nothing of a column of zeros.
   *
   * @param weight (out, in) or (out, in, kernel, kernel)
   * @param down (rank, in) or (rank, in, kernel, kernel)
   * @param up (out, rank) or (out, rank, 1, 1)
   * @param magnitude (out) for the rows, (1, in) for the columns
   * @return (out) or (in)
   */
  public static NDArray doraFactor(
      NDArray weight, NDArray down, NDArray up, NDArray magnitude, double scale) {
    return PROGRAM.call("dora_factor", weight, down, up, magnitude, scale);
  }

  /**
   * The weight that an adapter makes of a layer's, in float32: {@code weight + scale · up · down},
   * with DoRA's lengths if there are any.
   *
   * @param weight (out, in) or (out, in, kernel, kernel), which stays as it is
   * @param down (rank, in) or (rank, in, kernel, kernel)
   * @param up (out, rank) or (out, rank, 1, 1)
   * @param magnitude (out) for the rows, (1, in) for the columns, or null
   */
  public static NDArray mergeLowRank(
      NDArray weight, NDArray down, NDArray up, @Nullable NDArray magnitude, double scale) {
    return magnitude == null
        ? PROGRAM.call("merge_low_rank", weight, down, up, scale)
        : PROGRAM.call("merge_dora", weight, down, up, magnitude, scale);
  }

  /**
   * What a low-rank adapter adds to a convolution's output: {@code y + scale · up * (down * x)}.
   *
   * @param y (batch, out, height, width)
   * @param x (batch, in, height, width)
   * @param down (rank, in, kernel, kernel)
   * @param up (out, rank, 1, 1)
   */
  public static NDArray addLowRankConv2d(
      NDArray y, NDArray x, NDArray down, NDArray up, double scale, int stride, int padding) {
    return PROGRAM.call("add_low_rank_conv2d", y, x, down, up, scale, stride, padding);
  }

  /**
   * The length of each row of a weight (out, in) or (out, in, kernel, kernel), in float32: (out).
   */
  public static NDArray rowNorms(NDArray weight) {
    return PROGRAM.call("row_norms", weight);
  }

  /**
   * Two-dimensional convolution with the same stride and padding in both directions.
   *
   * @param x (batch, in, height, width)
   * @param weight (out, in, kernel, kernel)
   * @param bias (out)
   */
  public static NDArray conv2d(NDArray x, NDArray weight, NDArray bias, int stride, int padding) {
    return PROGRAM.call("conv2d", x, weight, bias, stride, padding);
  }

  /**
   * Group normalisation (Wu and He 2018).
   *
   * @param x (batch, channels, …)
   * @param weight (channels)
   * @param bias (channels)
   */
  public static NDArray groupNorm(
      NDArray x, int groups, NDArray weight, NDArray bias, double epsilon) {
    return PROGRAM.call("group_norm", x, groups, weight, bias, epsilon);
  }

  /** {@link #groupNorm} followed by {@link #silu}. */
  public static NDArray groupNormSilu(
      NDArray x, int groups, NDArray weight, NDArray bias, double epsilon) {
    return PROGRAM.call("group_norm_silu", x, groups, weight, bias, epsilon);
  }

  /** Layer normalisation over the last axis (Ba et al. 2016); weight and bias of its length. */
  public static NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon) {
    return PROGRAM.call("layer_norm", x, weight, bias, epsilon);
  }

  /** Root-mean-square normalisation over the last axis (Zhang and Sennrich 2019). */
  public static NDArray rmsNorm(NDArray x, NDArray weight, double epsilon) {
    return PROGRAM.call("rms_norm", x, weight, epsilon);
  }

  /**
   * {@code factor · x}, also where a gradient is to flow through it. {@link NDArray#mul(Number)}
   * must not be used there: DJL keeps the number in a buffer of Java's that is garbage when the
   * call returns, while PyTorch reads it again in the backward pass. {@code div}, {@code pow} and
   * {@code clip} with numbers likewise.
   *
   * @param factor a constant: each value is remembered
   */
  public static NDArray scale(NDArray x, double factor) {
    return PROGRAM.call("scale", x, factor);
  }

  /** The values, those outside of the limits replaced by the nearer one. */
  public static NDArray clamp(NDArray x, double lowest, double highest) {
    return PROGRAM.call("clamp", x, lowest, highest);
  }

  /** {@code x · min(max(x + 3, 0), 6) / 6} (Howard et al. 2019). */
  public static NDArray hardSwish(NDArray x) {
    return PROGRAM.call("hard_swish", x);
  }

  /** {@code x · sigmoid(x)}. */
  public static NDArray silu(NDArray x) {
    return PROGRAM.call("silu", x);
  }

  /**
   * {@code log(1 + eˣ)}: with {@code x} a logit, {@code softplus(-x)} is minus the logarithm of its
   * sigmoid.
   */
  public static NDArray softplus(NDArray x) {
    return PROGRAM.call("softplus", x);
  }

  /** Splits the last axis in halves a, b and gives {@code a · gelu(b)} (Shazeer 2020). */
  public static NDArray geglu(NDArray x) {
    return PROGRAM.call("geglu", x);
  }

  /** Splits the last axis in halves a, b and gives {@code silu(a) · b} (Shazeer 2020). */
  public static NDArray swiglu(NDArray x) {
    return PROGRAM.call("swiglu", x);
  }

  /** Adds two arrays of one shape. */
  public static NDArray add(NDArray x, NDArray y) {
    return PROGRAM.call("add", x, y);
  }

  /**
   * Adds one number to each channel.
   *
   * @param x (batch, channels, height, width)
   * @param y (batch, channels)
   */
  public static NDArray addToChannels(NDArray x, NDArray y) {
    return PROGRAM.call("add_to_channels", x, y);
  }

  /** The channels, on the second axis, of one array and then of the other. */
  public static NDArray concatChannels(NDArray x, NDArray y) {
    return PROGRAM.call("concat_channels", x, y);
  }

  /** All axes but the first in one. */
  public static NDArray flatten(NDArray x) {
    return PROGRAM.call("flatten", x);
  }

  /** (batch, channels, height, width) as a sequence (batch, height · width, channels). */
  public static NDArray toPositions(NDArray x) {
    return PROGRAM.call("to_positions", x);
  }

  /**
   * A copy of an array (batch, channels, height, width) with the channels of a position beside each
   * other in memory, as convolutions are fastest on a processor; what they make of it is kept so.
   */
  public static NDArray channelsLast(NDArray x) {
    return PROGRAM.call("channels_last", x);
  }

  /**
   * The same array in the order of its dimensions in memory, as DJL reads arrays: of any other
   * order it makes such a one, and forgets to free it.
   */
  public static NDArray contiguous(NDArray x) {
    return PROGRAM.call("contiguous", x);
  }

  /**
   * A sequence as the map that it came from.
   *
   * @param x (batch, height · width, channels)
   * @param like an array of the map's shape (batch, channels, height, width)
   */
  public static NDArray fromPositions(NDArray x, NDArray like) {
    return PROGRAM.call("from_positions", x, like);
  }

  /**
   * Enlarges pictures to the height and width of others by repeating pixels.
   *
   * @param x (batch, channels, height, width)
   * @param like (…, …, new height, new width)
   */
  public static NDArray upsampleLike(NDArray x, NDArray like) {
    return PROGRAM.call("upsample_like", x, like);
  }

  /**
   * Nearest-neighbour enlargement of (batch, channels, h, w) to (batch, channels, height, width).
   */
  public static NDArray upsample(NDArray x, long height, long width) {
    return PROGRAM.call("upsample", x, height, width);
  }

  /** Adds a column of zeros at the right and a row of zeros at the bottom. */
  public static NDArray padRightBottom(NDArray x) {
    return PROGRAM.call("pad_right_bottom", x);
  }

  /**
   * Multi-head scaled-dot-product attention (Vaswani et al. 2017) that never holds the whole
   * attention matrix.
   *
   * @param query (batch, length, heads · size)
   * @param key (batch, context length, heads · size)
   * @param value as key
   * @return (batch, length, heads · size)
   */
  public static NDArray attention(NDArray query, NDArray key, NDArray value, int heads) {
    return PROGRAM.call("attention", query, key, value, heads);
  }

  /**
   * {@link #attention} with a bias on the scores of the keys.
   *
   * @param bias (batch, context length), or null for none; added to every query's scores, so that
   *     {@code log(n)} makes a key count for n equal ones and {@code -infinity} for none
   */
  public static NDArray attention(
      NDArray query, NDArray key, NDArray value, int heads, @Nullable NDArray bias) {
    return bias == null
        ? attention(query, key, value, heads)
        : PROGRAM.call("biased_attention", query, key, value, heads, bias);
  }

  /**
   * How {@link #attention} distributes each query over the keys: {@code softmax(query · keyᵀ /
   * sqrt(size) + bias)}. It holds the whole matrix, which {@link #attention} does not: for looking
   * at it.
   *
   * @param bias (batch, context length) added to every query's scores, or null for none
   * @return float32 (batch, heads, length, context length); sums to 1 over its last axis
   */
  public static NDArray attentionProbabilities(
      NDArray query, NDArray key, int heads, @Nullable NDArray bias) {
    return bias == null
        ? PROGRAM.call("attention_probabilities", query, key, heads)
        : PROGRAM.call("biased_attention_probabilities", query, key, heads, bias);
  }

  /**
   * Attention in which several query heads share one key and value head (Shazeer 2019; Ainslie et
   * al. 2023).
   *
   * @param query (batch, length, heads, size)
   * @param key (batch, length, groups, size); value likewise
   * @param mask boolean (batch, 1, length, length), true where a query (row) may look at a key
   * @return (batch, length, heads · size)
   */
  public static NDArray groupedAttention(NDArray query, NDArray key, NDArray value, NDArray mask) {
    return PROGRAM.call("grouped_attention", query, key, value, mask);
  }

  /**
   * ChatGLM's attention mask: a token sees the tokens up to itself; padding sees everything.
   *
   * @param attentionMask (batch, length) int64, 1 for a token, 0 for padding
   * @return boolean (batch, 1, length, length)
   */
  public static NDArray chatGlmMask(NDArray attentionMask) {
    return PROGRAM.call("glm_mask", attentionMask);
  }

  /**
   * Cosines and sines of rotary positions with base 10,000.
   *
   * @param positions (batch, length) int64
   * @return (batch, length, pairs, 2)
   */
  public static NDArray rotaryTurn(NDArray positions, int pairs) {
    return PROGRAM.call("rotary_turn", positions, pairs);
  }

  /**
   * Rotary position embedding on the first part of each head (Su et al. 2021).
   *
   * @param x (batch, length, heads, size)
   * @param turn (batch, length, pairs, 2): cosine and sine for each pair of neighbouring numbers;
   *     numbers beyond {@code 2 · pairs} stay as they are
   */
  public static NDArray rotary(NDArray x, NDArray turn) {
    return PROGRAM.call("rotary", x, turn);
  }

  /**
   * Sinusoidal embedding, cosines first (diffusers {@code get_timestep_embedding} with {@code
   * flip_sin_to_cos} and no frequency shift).
   *
   * @param timesteps any shape
   * @return (…, dimensions)
   */
  public static NDArray sinusoid(NDArray timesteps, int dimensions) {
    return PROGRAM.call("sinusoid", timesteps, dimensions);
  }

  /**
   * Coordinates, and beside them the sines and cosines of 1, 2, 4, … times each: what lets a small
   * network draw fine lines (Fourier features, Tancik et al. 2020).
   *
   * @param x (…, n)
   * @param octaves how many frequencies
   * @return (…, n · (1 + 2 · octaves))
   */
  public static NDArray waves(NDArray x, int octaves) {
    return PROGRAM.call("waves", x, octaves);
  }

  /**
   * The smallest weight of each group of neighbours in a row.
   *
   * @param weight (out, in)
   * @param size weights in a group, a divisor of {@code in}
   * @return float32 (out, in / size)
   */
  static NDArray groupMinimum(NDArray weight, int size) {
    return PROGRAM.call("group_minimum", weight, size);
  }

  /**
   * How far apart two levels are where each group's weights are spread over 0 to {@code levels}.
   */
  static NDArray groupScale(NDArray weight, int size, int levels) {
    return PROGRAM.call("group_scale", weight, size, levels);
  }

  /** The nearest level of each weight: uint8 (out, in), 0 to {@code levels}. */
  static NDArray quantize(NDArray weight, NDArray minimum, NDArray scale, int levels) {
    return PROGRAM.call("quantize", weight, minimum, scale, levels);
  }

  /** Levels of four bits (out, in), two in a byte (out, in / 2). */
  static NDArray packInt4(NDArray levels) {
    return PROGRAM.call("pack_int4", levels);
  }

  /** The levels that {@link #packInt4} packed. */
  static NDArray unpackInt4(NDArray packed) {
    return PROGRAM.call("unpack_int4", packed);
  }

  /** {@code minimum + scale · level}: float32 (out, in). */
  static NDArray dequantize(NDArray levels, NDArray minimum, NDArray scale) {
    return PROGRAM.call("dequantize", levels, minimum, scale);
  }

  /** Rows of a table: ids int64 of any shape, weight (rows, size), result (…, size). */
  public static NDArray embedding(NDArray ids, NDArray weight) {
    return PROGRAM.call("embedding", ids, weight);
  }

  /** Mean squared error in float32, one number. */
  public static NDArray meanSquaredError(NDArray x, NDArray target) {
    return PROGRAM.call("mse_loss", x, target);
  }

  /**
   * Mean cross-entropy.
   *
   * @param logits (rows, classes)
   * @param target (rows) int64; a row whose target is -100 does not count
   */
  public static NDArray crossEntropy(NDArray logits, NDArray target) {
    return PROGRAM.call("cross_entropy", logits, target);
  }

  /**
   * One step of {@code torch.optim.AdamW}, in place. The lists are in the same order.
   *
   * @param m the gradients' running averages
   * @param v those of their squares
   * @param hyper (6) float64: learning rate, beta 1, beta 2, epsilon, weight decay, number of this
   *     step from 1
   */
  public static void adamW(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> m,
      List<NDArray> v,
      NDArray hyper) {
    callWithLists("adamw", List.of(parameters, gradients, m, v), hyper).close();
  }

  /**
   * One step of Muon, in place.
   *
   * @param parameter with two dimensions or more; the first is the matrix' rows
   * @param momentum the gradients' running average
   * @param hyper (3) float64: learning rate, decay of the average, weight decay
   */
  public static void muon(NDArray parameter, NDArray gradient, NDArray momentum, NDArray hyper) {
    PROGRAM.call("muon", parameter, gradient, momentum, hyper).close();
  }

  /**
   * One step of AdamW, in place, whose averages are bytes (Dettmers et al. 2021; bitsandbytes
   * {@code AdamW8bit}).
   *
   * @param m uint8 (blocks, 256): for each number of the parameter, its place in {@code signed}
   * @param largestM (blocks, 1): what the block's values in the map are multiplied with
   * @param v uint8 as m, for the squares, with places in {@code unsigned}
   * @param signed (256), rising
   * @param unsigned (256), rising from 0
   * @param hyper as in {@link #adamW}
   */
  public static void adamW8bit(
      NDArray parameter,
      NDArray gradient,
      NDArray m,
      NDArray largestM,
      NDArray v,
      NDArray largestV,
      NDArray signed,
      NDArray unsigned,
      NDArray hyper) {
    PROGRAM
        .call("adamw_8bit", parameter, gradient, m, largestM, v, largestV, signed, unsigned, hyper)
        .close();
  }

  /**
   * The first half of a step of Prodigy (Mishchenko and Defazio 2023), in place: a parameter's
   * averages, and its part in the estimate of the distance.
   *
   * @param start the parameter's first values
   * @param rates (6) float64: d, d / d0, d · learning rate, beta 1, beta 2, beta 3
   * @return (2) float64: the product of gradient and way back to the start; the sum of |s|
   */
  public static NDArray prodigyEstimate(
      NDArray parameter,
      NDArray gradient,
      NDArray start,
      NDArray m,
      NDArray v,
      NDArray s,
      NDArray rates) {
    return PROGRAM.call("prodigy_estimate", parameter, gradient, start, m, v, s, rates);
  }

  /**
   * The second half: the step itself, in place.
   *
   * @param rates (3) float64: d · epsilon, d · learning rate, weight decay
   */
  public static void prodigyStep(NDArray parameter, NDArray m, NDArray v, NDArray rates) {
    PROGRAM.call("prodigy_step", parameter, m, v, rates).close();
  }

  /**
   * Multiplies gradients by a factor, in place, as {@code torch.amp.GradScaler} does.
   *
   * @return whether all of them are finite
   */
  public static boolean unscale(Collection<NDArray> gradients, double factor) {
    try (NDArray found = callWithLists("unscale", List.of(gradients), factor)) {
      return found.getFloat(0) == 0;
    }
  }

  /**
   * What an autoencoder is trained on: mean absolute and mean squared difference, mean absolute
   * difference of each pixel's steps to its right and lower neighbours, and four times the mean
   * squared difference of means over 8 x 8 pixels.
   */
  public static NDArray reconstructionLoss(NDArray pictures, NDArray target) {
    return PROGRAM.call("reconstruction_loss", pictures, target);
  }

  /** Mean Kullback-Leibler divergence of normal distributions from the unit normal one. */
  public static NDArray divergence(NDArray mean, NDArray logVariance) {
    return PROGRAM.call("kl_divergence", mean, logVariance);
  }

  /**
   * Scales gradients in place so that the norm of all together is at most {@code limit} ({@code
   * torch.nn.utils.clip_grad_norm_}).
   *
   * @return the norm before
   */
  public static double clipNorm(Collection<NDArray> gradients, double limit) {
    try (NDArray norm = callWithLists("clip_norm", List.of(gradients), limit)) {
      return norm.getFloat();
    }
  }

  /**
   * Writes an array's values over another's. {@link NDArray#copyTo} gives the other new memory
   * instead, in another order than {@link #channelsLast}'s.
   */
  public static void copy(NDArray source, NDArray target) {
    try (Gradients off = Gradients.disable()) {
      PROGRAM.call("copy", target, source).close();
    }
  }

  /** Fills arrays with zeros. */
  public static void zero(Collection<NDArray> arrays) {
    callWithLists("zero", List.of(arrays)).close();
  }

  /** Calls a method that takes lists, and other arguments after them. */
  private static NDArray callWithLists(
      String method, List<? extends Collection<NDArray>> lists, Object... others) {
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < lists.size(); i++) {
      String name = "list%d[]".formatted(i); // arrays of such a name arrive as one list
      for (NDArray array : lists.get(i)) {
        array.setName(name);
        arguments.add(array);
      }
    }
    arguments.addAll(List.of(others));
    try {
      return PROGRAM.call(method, arguments.toArray());
    } finally {
      lists.forEach(list -> list.forEach(array -> array.setName(null)));
    }
  }

  /**
   * {@code average ← decay · average + (1 - decay) · x}, in place.
   *
   * @param decay one number
   */
  public static void movingAverage(NDArray average, NDArray x, NDArray decay) {
    PROGRAM.call("average", average, x, decay).close();
  }
}
