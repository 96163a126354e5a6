"""Writes src/test/resources/golden/random_more.json: sequences of calls that random.safetensors does not hold.

    pip install torch==2.7.1
    python src/test/python/random_numbers.py          # from the repository's root

Floats are written as their bits. "instructions" is what torch computed with (AVX2, AVX512, DEFAULT).
"""

import json
import pathlib
import zlib

import torch

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "golden"


def bits(values):
    return values.flatten().view(torch.int32).tolist()


sequences = []
for seed in (0, 42, -1, 2**31, 2**32 + 5, 2**63 - 1):
    torch.manual_seed(seed)
    sequences.append({
        "seed": seed,
        "randn_3": bits(torch.randn(3)),  # leaves a number for the next small call
        "randn_16": bits(torch.randn(16)),
        "randn_2": bits(torch.randn(2)),
        "randn_5x5": bits(torch.randn(5, 5)),  # 25: the last 16 are drawn anew
        "randn_33": bits(torch.randn(33)),
        "rand_3": bits(torch.rand(3)),
        "randint_small": torch.randint(-5, 5, (9,)).tolist(),
        "randint_large": torch.randint(-(2**40), 2**40, (9,)).tolist(),
        "randint_huge": torch.randint(-(2**63), 2**63 - 1, (9,)).tolist(),
        "randperm_1": torch.randperm(1).tolist(),
        "randperm_100": torch.randperm(100).tolist(),
        "randperm_0": torch.randperm(0).tolist(),
        "rand_after": bits(torch.rand(2)),
        "randn_1": bits(torch.randn(1)),
    })
torch.manual_seed(3)
long = torch.randn(1, 4, 32, 32)
torch.manual_seed(2024)
million = zlib.crc32(torch.randn(1_000_003).numpy().tobytes())
document = {"instructions": torch.backends.cpu.get_cpu_capability(), "sequences": sequences, "long": bits(long), "crc32_of_1000003": million}
(RESOURCES / "random_more.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
