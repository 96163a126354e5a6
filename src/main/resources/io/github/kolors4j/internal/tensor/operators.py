# What DJL's NDArray lacks, written in TorchScript and run by PyTorch itself (see TensorOperators.java).
# This is the dialect of saved TorchScript archives: operators are named torch.NAME, a list's
# length is torch.len, dtypes are numbers (6 is float32), and numbers arrive as tensors.
class Operators(Module):
  __parameters__ = []
  __buffers__ = []

  # ---- types -------------------------------------------------------------------------------

  def float32(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def bfloat16(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.to(x, 15)

  def multiplies_bfloat16(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.tensor(ops.mkldnn._is_mkldnn_bf16_supported())

  def float16(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.to(x, 5)

  def same_type(self: __torch__.Operators, x: Tensor, other: Tensor) -> Tensor:
    return torch.type_as(x, other)

  def all_finite(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.all(torch.isfinite(x))

  # ---- layers ------------------------------------------------------------------------------
  # Each computes in the type of x; weights of another type are converted on the way.

  def linear(self: __torch__.Operators, x: Tensor, weight: Tensor) -> Tensor:
    return torch.linear(x, torch.type_as(weight, x), None)

  def linear_bias(self: __torch__.Operators, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.linear(x, torch.type_as(weight, x), torch.type_as(bias, x))

  # linear layers with an activation between them; their weights and biases lie in a row in parameters
  def perceptron(self: __torch__.Operators, x: Tensor, parameters: Tensor, widths: Tensor, activation: Tensor) -> Tensor:
    kind = int(activation)
    layers = torch.sub(torch.numel(widths), 1)
    y = x
    start = 0
    for i in range(layers):
      columns = int(torch.select(widths, 0, i))
      rows = int(torch.select(widths, 0, torch.add(i, 1)))
      size = torch.mul(rows, columns)
      weight = torch.view(torch.narrow(parameters, 0, start, size), [rows, columns])
      bias = torch.narrow(parameters, 0, torch.add(start, size), rows)
      y = torch.linear(y, weight, bias)
      start = torch.add(torch.add(start, size), rows)
      if torch.lt(torch.add(i, 1), layers):
        if torch.eq(kind, 0):
          y = torch.silu(y)
        else:
          if torch.eq(kind, 1):
            y = torch.tanh(y)
          else:
            y = torch.relu(y)
    return y

  def add_low_rank(self: __torch__.Operators, y: Tensor, x: Tensor, down: Tensor, up: Tensor, scale: Tensor) -> Tensor:
    return torch.add(y, torch.linear(torch.linear(x, torch.type_as(down, x), None), torch.type_as(up, x), None), alpha=float(scale))

  # DoRA: each row of weight + scale up down is brought to the length in magnitude; y is x weight^T.
  # The length that it has is no part of the gradient (section 4.3 of the paper).
  def dora(self: __torch__.Operators, y: Tensor, x: Tensor, weight: Tensor, down: Tensor, up: Tensor, magnitude: Tensor, scale: Tensor) -> Tensor:
    wide = torch.detach(torch.add(torch.to(weight, 6), torch.matmul(up, down), alpha=float(scale)))
    factor = torch.type_as(torch.div(magnitude, torch.linalg_vector_norm(wide, 2, [1])), x)
    low = torch.linear(torch.linear(x, torch.type_as(down, x), None), torch.type_as(up, x), None)
    return torch.mul(torch.add(y, low, alpha=float(scale)), factor)

  # weight + scale up down in float32; a convolution's matrices are taken as (rank, the rest)
  def merge_low_rank(self: __torch__.Operators, weight: Tensor, down: Tensor, up: Tensor, scale: Tensor) -> Tensor:
    product = torch.matmul(torch.flatten(torch.to(up, 6), 1), torch.flatten(torch.to(down, 6), 1))
    return torch.add(torch.to(weight, 6), torch.reshape(product, torch.size(weight)), alpha=float(scale))

  # DoRA's factor of each row (peft), or of each column if magnitude is (1, in) (LyCORIS)
  def dora_factor(self: __torch__.Operators, weight: Tensor, down: Tensor, up: Tensor, magnitude: Tensor, scale: Tensor) -> Tensor:
    wide = torch.detach((self).merge_low_rank(weight, down, up, scale))
    if torch.eq(torch.dim(magnitude), 2):
      columns = torch.flatten(torch.transpose(wide, 0, 1), 1)
      factor = torch.div(torch.squeeze(magnitude, 0), torch.add(torch.linalg_vector_norm(columns, 2, [1]), 1.1920928955078125e-07))
    else:
      factor = torch.div(magnitude, torch.linalg_vector_norm(torch.flatten(wide, 1), 2, [1]))
    return factor

  def merge_dora(self: __torch__.Operators, weight: Tensor, down: Tensor, up: Tensor, magnitude: Tensor, scale: Tensor) -> Tensor:
    wide = (self).merge_low_rank(weight, down, up, scale)
    factor = torch.unsqueeze((self).dora_factor(weight, down, up, magnitude, scale), 1)
    if torch.eq(torch.dim(magnitude), 2):
      columns = torch.transpose(wide, 0, 1)
      scaled = torch.reshape(torch.mul(torch.flatten(columns, 1), factor), torch.size(columns))
      merged = torch.contiguous(torch.transpose(scaled, 0, 1))
    else:
      merged = torch.reshape(torch.mul(torch.flatten(wide, 1), factor), torch.size(wide))
    return merged

  def add_low_rank_conv2d(self: __torch__.Operators, y: Tensor, x: Tensor, down: Tensor, up: Tensor, scale: Tensor, stride: Tensor, padding: Tensor) -> Tensor:
    s = int(stride)
    p = int(padding)
    low = torch.conv2d(x, torch.type_as(down, x), None, [s, s], [p, p], [1, 1], 1)
    high = torch.conv2d(low, torch.type_as(up, x), None, [1, 1], [0, 0], [1, 1], 1)
    return torch.add(y, high, alpha=float(scale))

  def row_norms(self: __torch__.Operators, weight: Tensor) -> Tensor:
    return torch.linalg_vector_norm(torch.flatten(torch.to(weight, 6), 1), 2, [1])

  # a copy, those of one position's channels beside each other in memory
  def channels_last(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.clone(x, memory_format=2)

  # the same numbers in the order of the dimensions, the last one's beside each other
  def contiguous(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.contiguous(x)

  def conv2d(self: __torch__.Operators, x: Tensor, weight: Tensor, bias: Tensor, stride: Tensor, padding: Tensor) -> Tensor:
    s = int(stride)
    p = int(padding)
    return torch.conv2d(x, torch.type_as(weight, x), torch.type_as(bias, x), [s, s], [p, p], [1, 1], 1)

  def group_norm(self: __torch__.Operators, x: Tensor, groups: Tensor, weight: Tensor, bias: Tensor, eps: Tensor) -> Tensor:
    return torch.group_norm(x, int(groups), torch.type_as(weight, x), torch.type_as(bias, x), float(eps), True)

  def group_norm_silu(self: __torch__.Operators, x: Tensor, groups: Tensor, weight: Tensor, bias: Tensor, eps: Tensor) -> Tensor:
    return torch.silu(torch.group_norm(x, int(groups), torch.type_as(weight, x), torch.type_as(bias, x), float(eps), True))

  def layer_norm(self: __torch__.Operators, x: Tensor, weight: Tensor, bias: Tensor, eps: Tensor) -> Tensor:
    return torch.layer_norm(x, torch.size(weight), torch.type_as(weight, x), torch.type_as(bias, x), float(eps), True)

  def rms_norm(self: __torch__.Operators, x: Tensor, weight: Tensor, eps: Tensor) -> Tensor:
    wide = torch.to(x, 6)
    variance = torch.mean(torch.mul(wide, wide), [-1], True)
    return torch.mul(torch.type_as(weight, x), torch.type_as(torch.mul(wide, torch.rsqrt(torch.add(variance, float(eps)))), x))

  def scale(self: __torch__.Operators, x: Tensor, factor: Tensor) -> Tensor:
    return torch.mul(x, float(factor))

  def clamp(self: __torch__.Operators, x: Tensor, lowest: Tensor, highest: Tensor) -> Tensor:
    return torch.clamp(x, float(lowest), float(highest))

  def hard_swish(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.hardswish(x)

  def silu(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.silu(x)

  def softplus(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.softplus(x, 1., 20.)

  def geglu(self: __torch__.Operators, x: Tensor) -> Tensor:
    halves = torch.chunk(x, 2, -1)
    return torch.mul(halves[0], torch.gelu(halves[1]))

  def swiglu(self: __torch__.Operators, x: Tensor) -> Tensor:
    halves = torch.chunk(x, 2, -1)
    return torch.mul(torch.silu(halves[0]), halves[1])

  def add(self: __torch__.Operators, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

  # one number a channel (batch, channels) on (batch, channels, height, width)
  def add_to_channels(self: __torch__.Operators, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, torch.unsqueeze(torch.unsqueeze(y, 2), 3))

  def concat_channels(self: __torch__.Operators, x: Tensor, y: Tensor) -> Tensor:
    return torch.cat([x, y], 1)

  def flatten(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.flatten(x, 1)

  # (batch, channels, height, width) -> (batch, height * width, channels), and back to the size of another
  def to_positions(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.transpose(torch.flatten(x, 2, 3), 1, 2)

  def from_positions(self: __torch__.Operators, x: Tensor, like: Tensor) -> Tensor:
    return torch.reshape(torch.transpose(x, 1, 2), torch.size(like))

  # to the height and width of another
  def upsample_like(self: __torch__.Operators, x: Tensor, like: Tensor) -> Tensor:
    return torch.upsample_nearest2d(x, [torch.size(like, 2), torch.size(like, 3)], None, None)

  def upsample(self: __torch__.Operators, x: Tensor, height: Tensor, width: Tensor) -> Tensor:
    return torch.upsample_nearest2d(x, [int(height), int(width)], None, None)

  def pad_right_bottom(self: __torch__.Operators, x: Tensor) -> Tensor:
    return torch.constant_pad_nd(x, [0, 1, 0, 1], 0)

  # ---- quantized weights -------------------------------------------------------------------
  # Each row is cut into groups of neighbours: weight = minimum + scale * level, level 0 ... levels.

  def group_minimum(self: __torch__.Operators, weight: Tensor, size: Tensor) -> Tensor:
    return torch.amin(torch.unflatten(torch.to(weight, 6), 1, [-1, int(size)]), [2])

  def group_scale(self: __torch__.Operators, weight: Tensor, size: Tensor, levels: Tensor) -> Tensor:
    groups = torch.unflatten(torch.to(weight, 6), 1, [-1, int(size)])
    spread = torch.sub(torch.amax(groups, [2]), torch.amin(groups, [2]))
    return torch.clamp(torch.div(spread, float(levels)), 1e-30, None)

  def quantize(self: __torch__.Operators, weight: Tensor, minimum: Tensor, scale: Tensor, levels: Tensor) -> Tensor:
    groups = torch.unflatten(torch.to(weight, 6), 1, [torch.size(minimum, 1), -1])
    level = torch.div(torch.sub(groups, torch.unsqueeze(minimum, 2)), torch.unsqueeze(scale, 2))
    return torch.flatten(torch.to(torch.clamp(torch.round(level), 0., float(levels)), 0), 1)

  # two levels of four bits in a byte: of the row's first half below, of its second half above
  def pack_int4(self: __torch__.Operators, level: Tensor) -> Tensor:
    halves = torch.chunk(level, 2, 1)
    return torch.add(halves[0], torch.mul(halves[1], 16))

  def unpack_int4(self: __torch__.Operators, packed: Tensor) -> Tensor:
    return torch.cat([torch.bitwise_and(packed, 15), torch.bitwise_right_shift(packed, 4)], 1)

  def dequantize(self: __torch__.Operators, level: Tensor, minimum: Tensor, scale: Tensor) -> Tensor:
    groups = torch.unflatten(torch.to(level, 6), 1, [torch.size(minimum, 1), -1])
    weight = torch.add_(torch.mul_(groups, torch.unsqueeze(scale, 2)), torch.unsqueeze(minimum, 2))
    return torch.flatten(weight, 1)

  # ---- attention ---------------------------------------------------------------------------

  # (batch, length, channels) each, split into heads and joined again
  def attention(self: __torch__.Operators, query: Tensor, key: Tensor, value: Tensor, heads: Tensor) -> Tensor:
    h = int(heads)
    q = torch.transpose(torch.unflatten(query, 2, [h, -1]), 1, 2)
    k = torch.transpose(torch.unflatten(key, 2, [h, -1]), 1, 2)
    v = torch.transpose(torch.unflatten(value, 2, [h, -1]), 1, 2)
    return torch.flatten(torch.transpose(torch.scaled_dot_product_attention(q, k, v), 1, 2), 2)

  # the same with a bias (batch, key length) that is added to each query's scores of the keys
  def biased_attention(self: __torch__.Operators, query: Tensor, key: Tensor, value: Tensor, heads: Tensor, bias: Tensor) -> Tensor:
    h = int(heads)
    q = torch.transpose(torch.unflatten(query, 2, [h, -1]), 1, 2)
    k = torch.transpose(torch.unflatten(key, 2, [h, -1]), 1, 2)
    v = torch.transpose(torch.unflatten(value, 2, [h, -1]), 1, 2)
    b = torch.expand(torch.unsqueeze(torch.unsqueeze(torch.type_as(bias, q), 1), 1), [-1, h, torch.size(query, 1), -1])
    return torch.flatten(torch.transpose(torch.scaled_dot_product_attention(q, k, v, b), 1, 2), 2)

  # the scores of both, as they are before the softmax: (batch, heads, query length, key length)
  def attention_scores(self: __torch__.Operators, query: Tensor, key: Tensor, heads: Tensor) -> Tensor:
    h = int(heads)
    q = torch.to(torch.transpose(torch.unflatten(query, 2, [h, -1]), 1, 2), 6)
    k = torch.to(torch.transpose(torch.unflatten(key, 2, [h, -1]), 1, 2), 6)
    return torch.div(torch.matmul(q, torch.transpose(k, 2, 3)), torch.sqrt(torch.size(q, 3)))

  def attention_probabilities(self: __torch__.Operators, query: Tensor, key: Tensor, heads: Tensor) -> Tensor:
    return torch.softmax((self).attention_scores(query, key, heads), -1)

  def biased_attention_probabilities(self: __torch__.Operators, query: Tensor, key: Tensor, heads: Tensor, bias: Tensor) -> Tensor:
    b = torch.unsqueeze(torch.unsqueeze(torch.to(bias, 6), 1), 1)
    return torch.softmax(torch.add((self).attention_scores(query, key, heads), b), -1)

  # ChatGLM's mask from 1 (token) and 0 (padding): a token sees tokens up to itself, padding sees all
  def glm_mask(self: __torch__.Operators, padding: Tensor) -> Tensor:
    p = torch.to(padding, 6)
    n = torch.size(p, 1)
    causal = torch.tril(torch.ones([1, n, n], dtype=6, device=ops.prim.device(p)))
    seen = torch.mul(causal, torch.unsqueeze(p, 1))
    opened = torch.sub(seen, torch.sub(torch.unsqueeze(p, -1), 1.))
    return torch.unsqueeze(torch.ge(opened, 0.5), 1)

  # the cosines and sines of rotary positions: (batch, length, pairs, 2)
  def rotary_turn(self: __torch__.Operators, positions: Tensor, pairs: Tensor) -> Tensor:
    n = torch.mul(int(pairs), 2)
    exponent = torch.div(torch.arange(0, n, 2, dtype=6, device=ops.prim.device(positions)), n)
    theta = torch.reciprocal(torch.pow(10000., exponent))
    angle = torch.mul(torch.unsqueeze(torch.to(positions, 6), -1), theta)
    return torch.stack([torch.cos(angle), torch.sin(angle)], -1)

  # (batch, length, heads, head size) each, fewer key heads than query heads: groups share a key
  def grouped_attention(self: __torch__.Operators, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    times = torch.floordiv(torch.size(query, 2), torch.size(key, 2))
    q = torch.transpose(query, 1, 2)
    k = torch.transpose(torch.repeat_interleave(key, times, 2), 1, 2)
    v = torch.transpose(torch.repeat_interleave(value, times, 2), 1, 2)
    return torch.flatten(torch.transpose(torch.scaled_dot_product_attention(q, k, v, mask), 1, 2), 2)

  # (batch, length, heads, head size); turn (batch, length, rotated / 2, 2) holds cosine and sine
  def rotary(self: __torch__.Operators, x: Tensor, turn: Tensor) -> Tensor:
    rotated = torch.mul(torch.size(turn, 2), 2)
    kept = torch.slice(x, 3, rotated, None, 1)
    pairs = torch.unflatten(torch.slice(x, 3, 0, rotated, 1), 3, [-1, 2])
    c = torch.unsqueeze(torch.select(turn, 3, 0), 2)
    s = torch.unsqueeze(torch.select(turn, 3, 1), 2)
    a = torch.select(pairs, 4, 0)
    b = torch.select(pairs, 4, 1)
    first = torch.sub(torch.mul(a, c), torch.mul(b, s))
    second = torch.add(torch.mul(b, c), torch.mul(a, s))
    return torch.cat([torch.flatten(torch.stack([first, second], -1), 3), kept], -1)

  # ---- embeddings --------------------------------------------------------------------------

  # diffusers' get_timestep_embedding with flip_sin_to_cos and downscale_freq_shift 0
  def sinusoid(self: __torch__.Operators, t: Tensor, dim: Tensor) -> Tensor:
    half = torch.floordiv(int(dim), 2)
    exponent = torch.mul(torch.arange(half, dtype=6, device=ops.prim.device(t)), -9.210340371976184)
    frequency = torch.exp(torch.div(exponent, half))
    angle = torch.mul(torch.unsqueeze(torch.to(t, 6), -1), frequency)
    return torch.cat([torch.cos(angle), torch.sin(angle)], -1)

  # beside x the sines and cosines of x, 2 x, 4 x, ...
  def waves(self: __torch__.Operators, x: Tensor, octaves: Tensor) -> Tensor:
    parts = annotate(List[Tensor], [])
    _0 = torch.append(parts, x)
    factor = 1.
    for i in range(int(octaves)):
      angle = torch.mul(x, factor)
      _1 = torch.append(parts, torch.sin(angle))
      _2 = torch.append(parts, torch.cos(angle))
      factor = torch.mul(factor, 2.)
    return torch.cat(parts, -1)

  # the table may lie on another device than the ids, whose device the rows come to
  def embedding(self: __torch__.Operators, ids: Tensor, weight: Tensor) -> Tensor:
    rows = torch.embedding(weight, torch.to(ids, ops.prim.device(weight), None))
    return torch.to(rows, ops.prim.device(ids), None)

  # ---- losses ------------------------------------------------------------------------------

  def mse_loss(self: __torch__.Operators, x: Tensor, target: Tensor) -> Tensor:
    return torch.mse_loss(torch.to(x, 6), torch.to(target, 6))

  # logits (rows, classes), targets (rows), rows whose target is -100 do not count
  def cross_entropy(self: __torch__.Operators, logits: Tensor, target: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, target, None, 1, -100, 0.)

  # what an autoencoder is trained on: absolute and squared differences of colours; of each colour's
  # step to its right and lower neighbour, which keeps thin lines sharp; and squared differences of
  # means over 8 x 8 pixels, which keep the colours of areas true
  def reconstruction_loss(self: __torch__.Operators, x: Tensor, target: Tensor) -> Tensor:
    d = torch.sub(torch.to(x, 6), target)
    right = torch.mean(torch.abs(torch.diff(d, 1, 3)))
    down = torch.mean(torch.abs(torch.diff(d, 1, 2)))
    area = torch.avg_pool2d(d, [8, 8])
    colours = torch.mul(torch.mean(torch.mul(area, area)), 4.)
    pixels = torch.add(torch.mean(torch.abs(d)), torch.mean(torch.mul(d, d)))
    return torch.add(torch.add(pixels, colours), torch.add(right, down))

  # Kullback-Leibler divergence from the unit normal distribution, a mean over all latents
  def kl_divergence(self: __torch__.Operators, mean: Tensor, logvar: Tensor) -> Tensor:
    terms = torch.sub(torch.add(torch.mul(mean, mean), torch.exp(logvar)), torch.add(logvar, 1.))
    return torch.mul(torch.mean(terms), 0.5)

  # ---- optimizer (in place) ----------------------------------------------------------------

  # torch.optim.AdamW, one parameter; step counts from 1
  def adamw(self: __torch__.Operators, parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor], v: List[Tensor], hyper: Tensor) -> Tensor:
    lr = float(hyper[0])
    beta1 = float(hyper[1])
    beta2 = float(hyper[2])
    eps = float(hyper[3])
    decay = float(hyper[4])
    step = float(hyper[5])
    torch._foreach_mul_(parameters, 1. - lr * decay)
    torch._foreach_lerp_(m, gradients, 1. - beta1)
    torch._foreach_mul_(v, beta2)
    torch._foreach_addcmul_(v, gradients, gradients, value=1. - beta2)
    correction1 = 1. - torch.pow(beta1, step)
    correction2 = torch.sqrt(1. - torch.pow(beta2, step))
    denominators = torch._foreach_sqrt(v)
    torch._foreach_div_(denominators, correction2)
    torch._foreach_add_(denominators, eps)
    torch._foreach_addcdiv_(parameters, m, denominators, value=-(lr / correction1))
    return hyper

  # Muon: Nesterov's momentum, made orthogonal by five of Newton's and Schulz' iterations, with the root
  # mean square 0.2 that AdamW's updates mostly have
  def muon(self: __torch__.Operators, parameter: Tensor, gradient: Tensor, momentum: Tensor, hyper: Tensor) -> Tensor:
    lr = float(hyper[0])
    beta = float(hyper[1])
    torch.lerp_(momentum, gradient, 1. - beta)
    x = torch.flatten(torch.lerp(gradient, momentum, beta), 1)
    rows = torch.size(x, 0)
    columns = torch.size(x, 1)
    tall = torch.gt(rows, columns)
    if tall:
      y = torch.transpose(x, 0, 1)
    else:
      y = x
    y = torch.div(y, torch.add(torch.norm(y, 2), 1e-7))
    for i in range(5):
      a = torch.matmul(y, torch.transpose(y, 0, 1))
      b = torch.add(torch.mul(a, -4.7750), torch.matmul(a, a), alpha=2.0315)
      y = torch.add(torch.mul(y, 3.4445), torch.matmul(b, y))
    if tall:
      update = torch.transpose(y, 0, 1)
      larger = rows
    else:
      update = y
      larger = columns
    torch.mul_(parameter, 1. - lr * float(hyper[2]))
    scale = 0.2 * torch.sqrt(float(larger)) * lr
    torch.sub_(parameter, torch.reshape(update, torch.size(parameter)), alpha=scale)
    return parameter

  # the norm of all gradients together, scaled in place so that it is at most the limit
  def clip_norm(self: __torch__.Operators, gradients: List[Tensor], limit: Tensor) -> Tensor:
    squares = annotate(List[Tensor], [])
    for i in range(torch.len(gradients)):
      g = gradients[i]
      _0 = torch.append(squares, torch.norm(g, 2))
    total = torch.norm(torch.stack(squares), 2)
    factor = torch.clamp(torch.mul(torch.reciprocal(torch.add(total, 1e-6)), float(limit)), None, 1.)
    for i in range(torch.len(gradients)):
      g = gradients[i]
      _1 = torch.mul_(g, factor)
    return total

  def copy(self: __torch__.Operators, x: Tensor, source: Tensor) -> Tensor:
    return torch.copy_(x, source)

  def zero(self: __torch__.Operators, arrays: List[Tensor]) -> Tensor:
    torch._foreach_zero_(arrays)
    return arrays[0]

  # average + (1 - decay) (x - average), in place
  def average(self: __torch__.Operators, average: Tensor, x: Tensor, decay: Tensor) -> Tensor:
    return torch.lerp_(average, x, 1. - float(decay))

  # AdamW whose averages are kept as bytes (bitsandbytes' AdamW8bit on a CPU): each number is a place
  # in a map of 256, times the largest of its block. Codes are (blocks, 256), largest (blocks, 1).
  def adamw_8bit(self: __torch__.Operators, parameter: Tensor, gradient: Tensor, m: Tensor, largest_m: Tensor, v: Tensor, largest_v: Tensor, signed: Tensor, unsigned: Tensor, hyper: Tensor) -> Tensor:
    lr = float(hyper[0])
    beta1 = float(hyper[1])
    beta2 = float(hyper[2])
    eps = float(hyper[3])
    decay = float(hyper[4])
    step = float(hyper[5])
    n = torch.numel(gradient)
    padding = torch.sub(torch.numel(m), n)
    g = torch.reshape(torch.constant_pad_nd(torch.flatten(gradient), [0, padding], 0), torch.size(m))
    first = torch.mul(torch.take(signed, torch.to(m, 4)), largest_m)
    second = torch.mul(torch.take(unsigned, torch.to(v, 4)), largest_v)
    torch.add_(torch.mul_(first, beta1), g, alpha=1. - beta1)
    torch.addcmul_(torch.mul_(second, beta2), g, g, value=1. - beta2)
    correction1 = 1. - torch.pow(beta1, step)
    correction2 = torch.sqrt(1. - torch.pow(beta2, step))
    denominator = torch.add_(torch.div(torch.sqrt(second), correction2), eps)
    update = torch.div(first, denominator)
    torch.mul_(parameter, 1. - lr * decay)
    torch.add_(parameter, torch.reshape(torch.slice(torch.flatten(update), 0, 0, n, 1), torch.size(parameter)), alpha=-(lr / correction1))
    new_m = torch.amax(torch.abs(first), [1], True)
    new_v = torch.amax(second, [1], True)
    torch.copy_(largest_m, new_m)
    torch.copy_(largest_v, new_v)
    # the nearest place in the map is found between the middles of neighbours
    middles_m = torch.mul(torch.add(torch.slice(signed, 0, 0, 255, 1), torch.slice(signed, 0, 1, 256, 1)), 0.5)
    middles_v = torch.mul(torch.add(torch.slice(unsigned, 0, 0, 255, 1), torch.slice(unsigned, 0, 1, 256, 1)), 0.5)
    torch.copy_(m, torch.bucketize(torch.div(first, torch.clamp(new_m, 1e-38, None)), middles_m))
    torch.copy_(v, torch.bucketize(torch.div(second, torch.clamp(new_v, 1e-38, None)), middles_v))
    return parameter

  # Prodigy, first part: the averages of one parameter, and what it adds to the estimate of d: the
  # gradient along the way from the start, and the sum of |s|. rates: d, d/d0, d times the learning
  # rate, beta 1, beta 2, beta 3
  def prodigy_estimate(self: __torch__.Operators, parameter: Tensor, gradient: Tensor, start: Tensor, m: Tensor, v: Tensor, s: Tensor, rates: Tensor) -> Tensor:
    d = float(rates[0])
    ratio = float(rates[1])
    dlr = float(rates[2])
    beta1 = float(rates[3])
    beta2 = float(rates[4])
    beta3 = float(rates[5])
    way = torch.sum(torch.mul(gradient, torch.sub(start, parameter)))
    torch.add_(torch.mul_(m, beta1), gradient, alpha=d * (1. - beta1))
    torch.addcmul_(torch.mul_(v, beta2), gradient, gradient, value=d * d * (1. - beta2))
    torch.add_(torch.mul_(s, beta3), gradient, alpha=ratio * dlr)
    return torch.to(torch.stack([way, torch.sum(torch.abs(s))]), 7)

  # second part: the step. rates: d times epsilon, d times the learning rate, weight decay
  def prodigy_step(self: __torch__.Operators, parameter: Tensor, m: Tensor, v: Tensor, rates: Tensor) -> Tensor:
    denominator = torch.add_(torch.sqrt(v), float(rates[0]))
    dlr = float(rates[1])
    torch.add_(parameter, parameter, alpha=-(float(rates[2]) * dlr))
    torch.addcdiv_(parameter, m, denominator, value=-dlr)
    return parameter

  # gradients times a factor, in place; 1 if one of them is infinite or not a number
  def unscale(self: __torch__.Operators, gradients: List[Tensor], factor: Tensor) -> Tensor:
    found = torch.zeros([1], dtype=6, device=ops.prim.device(gradients[0]))
    wide = torch.full([1], float(factor), dtype=6, device=ops.prim.device(gradients[0]))
    torch._amp_foreach_non_finite_check_and_unscale_(gradients, found, wide)
    return found
