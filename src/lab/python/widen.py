"""Makes larger networks of trained ones, for `mini train` to go on from.

  widen.py vae SOURCE TARGET LATENT_CHANNELS    more latent channels
  widen.py unet SOURCE TARGET LATENT_CHANNELS   a quarter more channels, and more latent channels
  widen.py text SOURCE TARGET OLD_TOKENIZER NEW_TOKENIZER   the embeddings of another small vocabulary

SOURCE and TARGET are folders with config.json and weights. What is new repeats what is there (Net2Net, Chen et al.
2015): each copy has half of the outgoing weight, so that a network computes nearly the same as before.
"""
import json
import os
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

random = np.random.default_rng(0)


def read(folder):
    names = [n for n in sorted(os.listdir(folder)) if n.endswith(".safetensors")]
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    weights = {}
    for name in names:
        weights.update({k: v.astype(np.float32) for k, v in load_file(os.path.join(folder, name)).items()})
    return config, weights, names[0]


def write(folder, config, weights, name):
    os.makedirs(folder, exist_ok=True)
    save_file({k: np.ascontiguousarray(v, np.float32) for k, v in weights.items()}, os.path.join(folder, name))
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=2)


def small(shape, scale):
    return random.standard_normal(shape).astype(np.float32) * scale


# --- the VAE -------------------------------------------------------------------------------------


def vae(source, target, channels):
    config, w, name = read(source)
    old, new = config["latent_channels"], channels
    kept = list(range(old)) + list(range(new, new + old))  # means, then logarithms of variances
    for part in ("weight", "bias"):
        key = f"encoder.conv_out.{part}"
        grown = np.zeros((2 * new,) + w[key].shape[1:], np.float32)
        grown[kept] = w[key]
        if part == "weight":
            grown[old:new] = small(grown[old:new].shape, 0.5 / np.sqrt(np.prod(grown.shape[1:])))
        w[key] = grown
    for key, size, rows in (("quant_conv", 2 * new, kept), ("post_quant_conv", new, list(range(old)))):
        weight = np.eye(size, dtype=np.float32)[:, :, None, None]
        weight[np.ix_(rows, rows)] = w[key + ".weight"]
        bias = np.zeros(size, np.float32)
        bias[rows] = w[key + ".bias"]
        if key == "quant_conv":
            bias[new + old :] = -4  # a small variance
        w[key + ".weight"], w[key + ".bias"] = weight, bias
    into = w["decoder.conv_in.weight"]
    w["decoder.conv_in.weight"] = np.concatenate(
        [into, small((into.shape[0], new - old, 3, 3), 0.1 / np.sqrt(old * 9))], 1)
    config["latent_channels"] = new
    write(target, config, w, name)


# --- the UNet ------------------------------------------------------------------------------------


def copies(size):
    """Which old channel each new one is: all, and the first quarter once more."""
    return np.concatenate([np.arange(size), np.arange(size // 4)])


def parts_of(key, size, dimension, channels):
    """The sizes of what stands one after another in a dimension: skip connections and gates."""
    low, high = channels
    if dimension == 1 or ".norm1." in key:
        if key.startswith("up_blocks.0.resnets.0.") and size == 2 * high: return [high, high]
        if key.startswith(("up_blocks.0.resnets.1.", "up_blocks.1.resnets.0.")) and size == high + low: return [high, low]
        if key.startswith("up_blocks.1.resnets.1.") and size == 2 * low: return [low, low]
    if "ff.net.0.proj" in key and dimension == 0: return [size // 2, size // 2]
    return [size]


def indices(key, size, dimension, channels):
    out, start = [], 0
    for part in parts_of(key, size, dimension, channels):
        out.append(start + copies(part))
        start += part
    return np.concatenate(out)


def unet(source, target, latent_channels):
    config, w, name = read(source)
    low, high = config["block_out_channels"]
    noise = 0.02
    out = {}
    for key, weight in w.items():
        rows = not (key.startswith("conv_out") or key.startswith("encoder_hid_proj"))
        columns = (weight.ndim > 1 and not key.startswith(("conv_in", "encoder_hid_proj", "add_embedding.linear_1", "time_embedding.linear_1"))
                   and not ("attn2.to_k" in key or "attn2.to_v" in key))
        scale = weight.std() if weight.ndim > 1 else 0
        if rows:
            weight = weight[indices(key, weight.shape[0], 0, (low, high))]
        if columns:
            index = indices(key, weight.shape[1], 1, (low, high))
            share = 1 / np.bincount(index)[index]
            weight = weight[:, index] * share.reshape((1, -1) + (1,) * (weight.ndim - 2))
        out[key] = weight + small(weight.shape, noise * scale) if weight.ndim > 1 else weight
    # The sinusoids of a timestep are more, with other frequencies: those of before, as near as they come.
    t = np.arange(0, 1101)[:, None]

    def sinusoids(size):
        angle = t * np.exp(-np.log(10000) * np.arange(size // 2) / (size // 2))[None]
        return np.concatenate([np.cos(angle), np.sin(angle)], 1)

    fit, *_ = np.linalg.lstsq(sinusoids(low * 5 // 4), sinusoids(low), rcond=1e-4)
    print("relative error of a timestep's embedding", np.linalg.norm(sinusoids(low * 5 // 4) @ fit - sinusoids(low)) / np.linalg.norm(sinusoids(low)))
    first = w["time_embedding.linear_1.weight"]
    out["time_embedding.linear_1.weight"] = (first @ fit.T)[copies(first.shape[0])]
    extra = latent_channels - config["in_channels"]
    if extra:
        into, last = out["conv_in.weight"], out["conv_out.weight"]
        out["conv_in.weight"] = np.concatenate([into, small((into.shape[0], extra, 3, 3), 0.02)], 1)
        out["conv_out.weight"] = np.concatenate([last, small((extra,) + last.shape[1:], 0.02)])
        out["conv_out.bias"] = np.concatenate([out["conv_out.bias"], np.zeros(extra, np.float32)])
    config.update(block_out_channels=[low * 5 // 4, high * 5 // 4], norm_num_groups=config["norm_num_groups"] * 5 // 4,
                  attention_head_dim=[heads * 5 // 4 for heads in config["attention_head_dim"]],
                  in_channels=latent_channels, out_channels=latent_channels)
    write(target, config, out, name)


# --- the text encoder ----------------------------------------------------------------------------


def pieces(tokenizer):
    """The texts of a SentencePiece model's pieces, in order."""
    data = open(os.path.join(tokenizer, "tokenizer.model"), "rb").read()

    def varint(at):
        value = shift = 0
        while True:
            value |= (data[at] & 127) << shift
            shift += 7
            at += 1
            if data[at - 1] < 128: return value, at

    found, at = [], 0
    while at < len(data):
        tag, at = varint(at)
        if tag & 7 == 2:
            length, at = varint(at)
            if tag >> 3 == 1:
                assert data[at] == 0x0A  # the piece's text comes first
                size, begin = varint(at + 1)
                found.append(data[begin : begin + size])
            at += length
        elif tag & 7 == 0: _, at = varint(at)
        else: at += {1: 8, 5: 4}[tag & 7]
    return found


def text(source, target, old_tokenizer, new_tokenizer):
    config, w, name = read(source)
    old, new = pieces(old_tokenizer), pieces(new_tokenizer)
    special = config["padded_vocab_size"] - len(old)  # [gMASK] and its like, behind the pieces
    where = {piece: row for row, piece in enumerate(old)}
    for key in ("embedding.word_embeddings.weight", "output_layer.weight"):
        rows = [w[key][where[p]] if p in where else small(w[key].shape[1:], w[key].std()) for p in new]
        w[key] = np.stack(rows + list(w[key][len(old) : len(old) + special]))
    print(f"{sum(p in where for p in new)} of {len(new)} pieces are known, and {special} others")
    config.update(padded_vocab_size=len(new) + special, vocab_size=len(new) + special)
    write(target, config, w, name)


if __name__ == "__main__":
    kind, source, target, *rest = sys.argv[1:]
    if kind == "text": text(source, target, *rest)
    else: {"vae": vae, "unet": unet}[kind](source, target, int(rest[0]))
