#!/usr/bin/env python3
"""Writes a Kolors of full size with random weights, in the layout of the published model.

    src/bench/python/full_size_weights.py FOLDER                       about 18 GB
    src/bench/python/full_size_weights.py FOLDER --parts unet vae      only these

Names and shapes are those of src/bench/full-size: 6.2 billion parameters in the text encoder (seven
torch pickles), 2.6 billion in the UNet, 84 million in the VAE (safetensors), all in float16. The values
are normal, with a spread that keeps activations about as large from layer to layer; pictures are noise.
It is for measuring memory and time, and for comparing with other programs. Needs Python alone.
A file that is there already is left as it is.
"""
import argparse
import gzip
import io
import json
import math
import pickle
import random
import shutil
import struct
import sys
import types
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
TINY = HOME / "src/test/resources/golden/kolors-tiny"
SHARDS = 7
HALF = 2  # bytes
PIECE = 1 << 24  # bytes written at a time
ALIGNMENT = 64  # torch's, of each storage in its archive


class Values:
    """Normal numbers in float16: one pool of them, scaled, and read from another place each time."""

    POOL = 1_048_583  # a prime, so that rows of matrices do not repeat

    def __init__(self, seed):
        generator = random.Random(seed)
        self.pool = [generator.gauss(0, 1) for _ in range(self.POOL)]
        self.scaled = {}

    def bytes(self, name, shape):
        """The bytes of a tensor, piece by piece."""
        count = math.prod(shape)
        if name.endswith("inv_freq"):  # rotary positions; stored in the file, computed by everyone
            yield struct.pack(f"<{count}e", *(10000 ** (-i / count) for i in range(count)))
            return
        if len(shape) == 1 and not name.endswith("bias"):  # a norm's scale
            yield struct.pack("<e", 1) * count
            return
        spread = 0.02 if len(shape) == 1 else 1 / math.sqrt(math.prod(shape[1:]))
        pool = self.half(round(spread, 8))
        position = zlib.crc32(name.encode()) % self.POOL * HALF
        left = count * HALF
        while left > 0:
            piece = pool[position : position + left]
            yield piece
            left -= len(piece)
            position = 0

    def half(self, spread):
        if spread not in self.scaled:
            numbers = (spread * value for value in self.pool)
            self.scaled[spread] = memoryview(struct.pack(f"<{self.POOL}e", *numbers))
        return self.scaled[spread]


def write_aside(path, write):
    """Writes a file beside its target and moves it into place."""
    if path.exists():
        print(f"{path} is there")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    with open(aside, "wb") as out:
        write(out)
    aside.rename(path)
    print(f"{path}: {path.stat().st_size / 1e9:.2f} GB", flush=True)


def write_safetensors(out, tensors, values):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in tensors.items():
        end = offset + HALF * math.prod(shape)
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    out.write(struct.pack("<Q", len(text)) + text)
    for name, shape in tensors.items():
        for piece in values.bytes(name, shape):
            out.write(piece)


def stand_in(module, name, kind):
    """Something that pickles as torch's own of this name, without torch."""
    kind.__module__, kind.__qualname__, kind.__name__ = module, name, name
    sys.modules.setdefault(module, types.ModuleType(module))
    setattr(sys.modules[module], name, kind)
    return kind


HalfStorage = stand_in("torch", "HalfStorage", type("HalfStorage", (), {}))
rebuild = stand_in("torch._utils", "_rebuild_tensor_v2", lambda *arguments: None)


class Storage:
    def __init__(self, key, count):
        self.key, self.count = key, count


class Tensor:
    def __init__(self, key, shape):
        self.key, self.shape = key, tuple(shape)

    def __reduce__(self):
        strides, stride = [], 1
        for size in reversed(self.shape):
            strides.insert(0, stride)
            stride *= size
        storage = Storage(self.key, stride)
        return rebuild, (storage, 0, self.shape, tuple(strides), False, OrderedDict())


class TorchPickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return "storage", HalfStorage, value.key, "cpu", value.count
        return None


def write_torch(out, tensors, values, root):
    """The archive that torch.save writes: a pickle, and an entry for each storage."""
    state = OrderedDict((name, Tensor(str(i), shape)) for i, (name, shape) in enumerate(tensors.items()))
    description = io.BytesIO()
    TorchPickler(description, protocol=2).dump(state)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:

        def entry(name, size, pieces):
            info = zipfile.ZipInfo(f"{root}/{name}", (1980, 1, 2, 0, 0, 0))
            info.file_size = size
            begin = archive.fp.tell() + 30 + len(info.filename) + 4
            padding = -begin % ALIGNMENT
            info.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding
            with archive.open(info, "w") as target:
                for piece in pieces:
                    for start in range(0, len(piece), PIECE):
                        target.write(piece[start : start + PIECE])

        entry("data.pkl", description.tell(), [description.getvalue()])
        entry("byteorder", 6, [b"little"])
        for i, (name, shape) in enumerate(tensors.items()):
            entry(f"data/{i}", HALF * math.prod(shape), values.bytes(name, shape))
        entry("version", 2, [b"3\n"])


def write_text_encoder(folder, tensors, values):
    total = sum(HALF * math.prod(shape) for shape in tensors.values())
    shards, written = {}, 0
    for name, shape in tensors.items():
        shards.setdefault(SHARDS * written // total, {})[name] = shape
        written += HALF * math.prod(shape)
    places = {}
    for i, shard in enumerate(shards.values(), 1):
        name = f"pytorch_model-{i:05d}-of-{len(shards):05d}"
        places.update(dict.fromkeys(shard, name + ".bin"))
        write_aside(folder / (name + ".bin"), lambda out: write_torch(out, shard, values, name))
    index = {"metadata": {"total_size": total}, "weight_map": places}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=1))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog="See the head of this file for more.")
    parser.add_argument("folder", type=Path, help="where the model goes")
    parser.add_argument(
        "--parts", nargs="+", default=["unet", "vae", "text_encoder"], metavar="PART",
        choices=["unet", "vae", "text_encoder"], help="unet, vae, text_encoder; all if not given")
    parser.add_argument(
        "--description", type=Path, default=HOME / "src/bench/full-size", metavar="FOLDER",
        help="configurations, and manifest.json.gz with names and shapes")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    described = arguments.description
    manifest = json.loads(gzip.decompress((described / "manifest.json.gz").read_bytes()))
    size = sum(HALF * math.prod(s) for part in arguments.parts for s in manifest[part].values())
    arguments.folder.mkdir(parents=True, exist_ok=True)
    there = sum(file.stat().st_size for file in arguments.folder.rglob("*") if file.is_file())
    free = shutil.disk_usage(arguments.folder).free
    if size - there > free:
        sys.exit(f"{arguments.folder} needs {size / 1e9:.1f} GB, but {free / 1e9:.1f} GB are free.")

    for part in [*arguments.parts, "scheduler"]:
        (arguments.folder / part).mkdir(exist_ok=True)
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        shutil.copyfile(described / f"{part}_config.json", arguments.folder / part / name)
    shutil.copytree(TINY / "tokenizer", arguments.folder / "tokenizer", dirs_exist_ok=True)
    shutil.copyfile(TINY / "model_index.json", arguments.folder / "model_index.json")

    values = Values(arguments.seed)
    for part in arguments.parts:
        folder = arguments.folder / part
        if part == "text_encoder":
            write_text_encoder(folder, manifest[part], values)
        else:
            write_aside(
                folder / "diffusion_pytorch_model.safetensors",
                lambda out: write_safetensors(out, manifest[part], values))


if __name__ == "__main__":
    main()
