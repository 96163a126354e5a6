"""The same work as Benchmark.java, with diffusers and peft. Prints one line a measurement.

    python benchmark.py generate MODEL
    python benchmark.py train MODEL DATASET [--encode-each-step]

Training without the option computes latents and text embeddings once, before the first step, as
kolors4j does; with it, at each step, as the course's trainer does.
"""

import csv
import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, KolorsPipeline
from peft import LoraConfig
from PIL import Image

PICTURES = 6  # the first warms up
STEPS, WARM_UP_STEPS, BATCH = 60, 10, 4


def generate(model):
    pipeline = KolorsPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    seconds = []
    for seed in range(PICTURES):
        start = time.perf_counter()
        pipeline(
            "二次元，一个蓝色中分小男孩穿着蓝色背带裤，在练习室练习唱歌",
            negative_prompt="丑陋、变形、嘈杂、模糊、低对比度",
            generator=torch.Generator("cpu").manual_seed(seed),
            guidance_scale=4.0,
            num_inference_steps=50,
        )
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


@torch.no_grad()
def encode(pipeline, folder, row):
    picture = Image.open(folder / row["file_name"]).convert("RGB")
    array = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    pixels = array.reshape(picture.height, picture.width, 3).permute(2, 0, 1)[None] / 127.5 - 1
    latents = pipeline.vae.encode(pixels).latent_dist.mean * pipeline.vae.config.scaling_factor
    tokens, _, pooled, _ = pipeline.encode_prompt(
        row["text"], device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=False
    )
    size = torch.tensor([[picture.height, picture.width, 0, 0, picture.height, picture.width]])
    return latents, tokens, pooled, size.float()


def train(model, dataset, encode_each_step):
    pipeline = KolorsPipeline.from_pretrained(model, torch_dtype=torch.float32)
    unet = pipeline.unet.requires_grad_(False)
    targets = ["to_q", "to_k", "to_v", "to_out.0"]
    unet.add_adapter(
        LoraConfig(r=16, lora_alpha=4, init_lora_weights="gaussian", target_modules=targets)
    )
    unet.train()
    schedule = DDPMScheduler.from_config(pipeline.scheduler.config)
    parameters = [p for p in unet.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    folder = Path(dataset) / "train"
    with open(folder / "metadata.csv", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    cached = None if encode_each_step else [encode(pipeline, folder, row) for row in rows]
    seconds = []
    for _ in range(STEPS):
        start = time.perf_counter()
        chosen = torch.randint(len(rows), (BATCH,)).tolist()
        samples = [cached[i] if cached else encode(pipeline, folder, rows[i]) for i in chosen]
        latents, tokens, pooled, sizes = (torch.cat(parts) for parts in zip(*samples))
        noise = torch.randn_like(latents)
        timesteps = torch.randint(schedule.config.num_train_timesteps, (BATCH,))
        predicted = unet(
            schedule.add_noise(latents, noise, timesteps),
            timesteps,
            encoder_hidden_states=tokens,
            added_cond_kwargs={"text_embeds": pooled, "time_ids": sizes},
        ).sample
        F.mse_loss(predicted, noise).backward()
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.perf_counter() - start)
    return seconds[WARM_UP_STEPS:]


def main(what, model, dataset=None, option=None):
    if what == "generate":
        name, seconds = "generate", generate(model)
    else:
        name = "train, encoding at each step" if option else "train"
        seconds = train(model, dataset, bool(option))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    median = sorted(seconds)[len(seconds) // 2]
    line = {"what": name, "by": "Python", "seconds": round(median, 4), "megabytes": peak}
    print(json.dumps(line))


if __name__ == "__main__":
    main(*sys.argv[1:])
