"""Whether diffusers draws from a model folder what this library draws: the same prompts, seeds and settings as `mini judge`.

    python src/lab/python/same_pictures.py data/models/kolors-mini data/generator/heldout-prompts.jsonl build/evaluation/generated

Opens the folder with diffusers' KolorsPipeline (diffusers 0.35.2, torch 2.7.1, transformers below 5), draws the first prompts with
their numbers as seeds (guidance 4, 50 steps, the course's negative prompt), and compares with 000.png, 001.png, … It ends with 1 where
a picture's mean difference is more than one grey level of 255.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import KolorsPipeline
from PIL import Image

NEGATIVE = "丑陋、变形、嘈杂、模糊、低对比度"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--steps", type=int, default=50)
    arguments = parser.parse_args()
    pipeline = KolorsPipeline.from_pretrained(arguments.model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    lines = arguments.prompts.read_text(encoding="utf-8").splitlines()
    worst = 0
    for seed in range(arguments.count):
        picture = pipeline(
            json.loads(lines[seed])["prompt"],
            negative_prompt=NEGATIVE,
            generator=torch.Generator("cpu").manual_seed(seed),
            guidance_scale=4.0,
            num_inference_steps=arguments.steps,
        ).images[0]
        ours = Image.open(arguments.pictures / f"{seed:03d}.png").convert("RGB")
        difference = np.abs(np.asarray(picture, np.int32) - np.asarray(ours, np.int32))
        print(f"{seed:03d}: mean difference {difference.mean():.4f}, largest {difference.max()} of 255", flush=True)
        worst = max(worst, difference.mean())
    return 0 if worst <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
