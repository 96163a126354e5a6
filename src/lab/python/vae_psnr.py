"""What a VAE keeps of renderings that it was not trained on: mean PSNR in dB, style by style.

    cd data/generator && node generate.mjs corpus --output ../../build/fresh --count 762 --lora-count 40 --seed fresh && cd ../..
    python src/lab/python/vae_psnr.py data/models/kolors-mini/vae build/fresh --each 40

Opens the folder with diffusers' AutoencoderKL (diffusers 0.35.2, torch 2.7.1), takes each picture's most likely latents, decodes
them, rounds to bytes, and takes the PSNR of all pixels (peak 255); the mean over a style is one of the PSNRs of its pictures, and
the base's mean one over its styles. The face is the part in which all styles' eyes and mouths lie (FaceArea.java).
Another seed than the corpus' own ("kolors4j") draws pictures that no training has seen.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from PIL import Image

NEW_STYLE = "lorelei"  # which the base does not draw: only the LoRA does


def chosen(corpus, each):
    """The first pictures of each style: style -> files."""
    files = defaultdict(list)
    with open(corpus / "corpus.jsonl", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if len(files[entry["style"]]) < each:
                files[entry["style"]].append(corpus / entry["file_name"])
    return files


def psnr(difference):
    """Of a difference of pixels in 0 .. 255."""
    return 10 * np.log10(255.0**2 / max(np.mean(np.square(difference)), 1e-9))


@torch.inference_mode()
def through(vae, pictures):
    """uint8 (n, height, width, 3) there and back."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
    y = vae.decode(vae.encode(x).latent_dist.mode()).sample
    return ((y + 1) * 127.5).round().clamp(0, 255).permute(0, 2, 3, 1).numpy()


def face(pictures):
    height, width = pictures.shape[1:3]
    return pictures[:, round(height * 0.25) : round(height * 0.625), round(width * 0.25) : round(width * 0.75)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vae", type=Path, help="folder with config.json and diffusion_pytorch_model.safetensors")
    parser.add_argument("corpus", type=Path, help="folder that data/generator has written")
    parser.add_argument("--each", type=int, default=40, help="pictures of a style (default 40)")
    parser.add_argument("--aim", type=float, help="dB that the base's styles shall reach; ends with 1 below")
    parser.add_argument("--new-style-aim", type=float, help="the same for the new style")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    vae = AutoencoderKL.from_pretrained(arguments.vae, torch_dtype=torch.float32).eval()
    rows = {}
    print("| style | pictures | PSNR | lowest | of the face |\n|---|---:|---:|---:|---:|", flush=True)
    for style, files in sorted(chosen(arguments.corpus, arguments.each).items()):
        whole, faces = [], []
        for start in range(0, len(files), 8):
            pictures = np.stack([np.asarray(Image.open(f).convert("RGB")) for f in files[start : start + 8]])
            difference = through(vae, pictures) - pictures.astype(np.float32)
            whole += [psnr(d) for d in difference]
            faces += [psnr(d) for d in face(difference)]
        rows[style] = {"pictures": len(files), "psnr": np.mean(whole), "lowest": np.min(whole), "face": np.mean(faces)}
        print("| {} | {pictures} | {psnr:.2f} | {lowest:.2f} | {face:.2f} |".format(style, **rows[style]), flush=True)
    base = [row for style, row in rows.items() if style != NEW_STYLE]
    reached = {"base": np.mean([row["psnr"] for row in base])}
    for name, what in (("psnr", "mean"), ("face", "mean of the face")):
        print(f"base's {len(base)} styles, {what}: {np.mean([row[name] for row in base]):.2f} dB", flush=True)
    if NEW_STYLE in rows:
        reached["new"] = rows[NEW_STYLE]["psnr"]
        print(f"{NEW_STYLE}: {reached['new']:.2f} dB")
    if arguments.json:
        figures = {style: {k: round(float(v), 3) for k, v in row.items()} for style, row in rows.items()}
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")
    missed = [
        f"Missed: {name} {reached[name]:.2f} dB, not {aim:.2f} dB"
        for name, aim in (("base", arguments.aim), ("new", arguments.new_style_aim))
        if aim is not None and name in reached and reached[name] < aim
    ]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
