"""Writes weight files of unusual but valid kinds, as PyTorch and safetensors write them.

    python src/test/python/odd_weights.py src/test/resources/golden/odd_weights

Needs torch 2.7.1, safetensors and numpy. Beside the files stands values.json, what torch reads from them.
"""

import argparse
import json
import pathlib
import sys

import numpy
import safetensors.torch
import torch

TYPES = [
    "bool", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
    "float16", "bfloat16", "float32", "float64",
    "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
]  # fmt: skip


def sample(name):
    """Values at the ends of a type's range, and between."""
    dtype = getattr(torch, name)
    if name == "bool":
        return torch.tensor([True, False, True])
    if dtype.is_floating_point:
        if torch.finfo(dtype).bits == 8:
            return torch.arange(256, dtype=torch.uint8).view(dtype)  # every number there is
        info = torch.finfo(dtype)
        return torch.tensor([0.0, -1.5, info.max, info.min, info.tiny, 0.1], dtype=torch.float64).to(dtype)
    info = torch.iinfo(dtype)
    largest = min(info.max, 2**63 - 1)
    return torch.tensor([0, 1, info.min, largest, largest - 1], dtype=torch.int64).to(dtype)


def values(tensor):
    if tensor.dtype.is_floating_point:
        return [str(v) for v in tensor.to(torch.float64).flatten().tolist()]
    return [str(int(v)) for v in tensor.flatten().tolist()]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}

    def save(name, content, **options):
        torch.save(content, folder / name, **options)

    every = {name: sample(name) for name in TYPES}
    save("types.pt", every)
    # The two last have no name in this version of safetensors.
    safetensors.torch.save_file(
        {name: t for name, t in every.items() if not name.endswith("fnuz")}, folder / "types.safetensors"
    )
    expected["types"] = {name: values(tensor) for name, tensor in every.items()}

    base = torch.arange(24.0).reshape(2, 3, 4)
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 2)
    tied = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
    shapes = {
        "scalar": torch.tensor(7.5),
        "empty": torch.empty(0, 3),
        "empty_inside": torch.empty(2, 0, 3),
        "transposed": base.permute(2, 0, 1),
        "strided": base[:, ::2, 1:],
        "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 3),
        "tied_a": tied,
        "tied_b": tied,
        "view_of_tied": tied.data[1],
        "parameter": layer.weight,
        "buffer": torch.nn.Buffer(torch.ones(2)),
    }
    save("shapes.pt", shapes)
    for protocol in (3, 4, 5):
        save(f"shapes_protocol{protocol}.pt", shapes, pickle_protocol=protocol)
    save("module.pt", layer.state_dict())  # an OrderedDict with _metadata
    expected["shapes"] = {name: values(tensor) for name, tensor in shapes.items()}
    expected["module"] = {name: values(tensor) for name, tensor in layer.state_dict().items()}

    optimizer = torch.optim.AdamW(layer.parameters())
    layer(torch.ones(3)).sum().backward()
    optimizer.step()
    save(
        "lightning.ckpt",
        {
            "epoch": 3,
            "global_step": numpy.int64(120),
            "best": numpy.float32(0.25),
            "pytorch-lightning_version": "2.5.0",
            "state_dict": {"model.weight": base, "model.half": base.half()},
            "hyper_parameters": argparse.Namespace(
                lora_rank=16, learning_rate=1e-4, size=torch.Size([1, 2]), device=torch.device("cpu"), dtype=torch.float16
            ),
            "optimizer_states": [optimizer.state_dict()],
            "rng": {"numpy": numpy.arange(3), "seed": 2**64 - 1},
            "tags": [{"a", "b"}, frozenset({1}), b"bytes"],
        },
    )
    torch.serialization.set_crc32_options(False)
    save("no_checksums.pt", {"x": base})
    torch.serialization.set_crc32_options(True)
    expected["base"] = values(base)

    save("legacy.bin", {"x": base, "tied": tied, "half": base.half()[1], "alias": tied}, _use_new_zipfile_serialization=False)
    save("complex.pt", {"x": torch.ones(2, dtype=torch.complex64)})
    save("quantised.pt", {"x": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8)})
    save("sparse.pt", {"x": torch.eye(3).to_sparse()})
    save("negated.pt", {"x": torch.complex(torch.ones(2), torch.ones(2)).conj().imag})
    save("object.pt", {"x": pathlib.PurePosixPath("a")})
    torch.jit.script(torch.nn.Linear(3, 2)).save(folder / "script.pt")
    (folder / "values.json").write_text(json.dumps(expected, indent=0) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
