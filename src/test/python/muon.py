"""Three steps of Muon on a quadratic problem, in float64. Writes golden/muon.safetensors.

    pip install torch==2.7.1
    python src/test/python/muon.py                     # from the repository's root

As muon.py of https://github.com/KellerJordan/Muon has it (zeropower_via_newtonschulz5, muon_update, SingleDeviceMuon), but in
float64 where that multiplies in bfloat16, and scaled by 0.2 * sqrt(max(rows, columns)) as in "Muon is scalable for LLM
training" (Liu et al. 2025, equation 4) instead of max(1, rows / columns) ** 0.5.
"""
import pathlib

import torch
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
SHAPES = {"wide": (6, 10), "tall": (10, 4), "kernel": (4, 3, 3, 3)}
RATE, MOMENTUM, DECAY = 0.05, 0.95, 0.01


def orthogonal(matrix, steps=5):
    a, b, c = (3.4445, -4.7750, 2.0315)
    x = matrix
    if x.size(0) > x.size(1):
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        product = x @ x.T
        x = a * x + (b * product + c * product @ product) @ x
    return x.T if matrix.size(0) > matrix.size(1) else x


def main():
    torch.manual_seed(5)
    arrays = {}
    for name, shape in SHAPES.items():
        parameter, target, scale = torch.randn(shape), torch.randn(shape), torch.rand(shape) + 0.5
        arrays.update({f"{name}.start": parameter.clone(), f"{name}.target": target, f"{name}.scale": scale})
        parameter, momentum = parameter.double(), torch.zeros(shape, dtype=torch.float64)
        for step in range(1, 4):
            gradient = scale * (parameter - target)
            momentum.lerp_(gradient, 1 - MOMENTUM)
            update = orthogonal(gradient.lerp(momentum, MOMENTUM).flatten(1))
            update = update * 0.2 * max(update.shape) ** 0.5
            parameter.mul_(1 - RATE * DECAY)
            parameter.add_(update.reshape(shape), alpha=-RATE)
            arrays[f"{name}.after{step}"] = parameter.float().clone()
    save_file(arrays, GOLDEN / "muon.safetensors")


if __name__ == "__main__":
    main()
