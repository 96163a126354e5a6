"""Python's side of environment/bench model, with diffusers and peft; Benchmark.java does the same.

    python benchmark.py serve MODEL DATASET LORA    waits for lines, each the name of a work below, does it once
                                                    and answers with the seconds that it took
    python benchmark.py picture MODEL               draws one picture and ends
    python benchmark.py limits MODEL                prints what this processor multiplies, and a step's work

"picture", "picture-lora" (the adapter beside the weights), "picture-lora fused" (in them), "text", "decode", "encode",
"unet BATCH" (ten steps), "train BATCH" and "train BATCH checkpointing" (ten steps), "full-size-unet PRECISION",
"full-size-text PRECISION", "memory".
"""

import csv
import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, KolorsPipeline, UNet2DConditionModel
from peft import LoraConfig
from PIL import Image

STEPS = 10
TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def load(model):
    pipeline = KolorsPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def picture(pipeline):
    return pipeline(
        "二次元，一个蓝色中分小男孩穿着蓝色背带裤，在练习室练习唱歌",
        negative_prompt="丑陋、变形、嘈杂、模糊、低对比度",
        generator=torch.Generator("cpu").manual_seed(0),
        guidance_scale=4.0,
        num_inference_steps=50,
    ).images[0]


def pixels(image):
    array = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return array.reshape(image.height, image.width, 3).permute(2, 0, 1)[None] / 127.5 - 1


@torch.no_grad()
def encode(pipeline, folder, row):
    image = Image.open(folder / row["file_name"]).convert("RGB")
    latents = pipeline.vae.encode(pixels(image)).latent_dist.mean * pipeline.vae.config.scaling_factor
    tokens, _, pooled, _ = pipeline.encode_prompt(
        row["text"], device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=False
    )
    size = torch.tensor([[image.height, image.width, 0, 0, image.height, image.width]])
    return latents, tokens, pooled, size.float()


def training(model, dataset, batch, checkpointing):
    """Ten steps at a call, from latents and text embeddings that are computed before."""
    pipeline = load(model)
    unet = pipeline.unet.requires_grad_(False)
    targets = ["to_q", "to_k", "to_v", "to_out.0"]
    unet.add_adapter(LoraConfig(r=16, lora_alpha=4, init_lora_weights="gaussian", target_modules=targets))
    unet.train()
    if checkpointing:
        unet.enable_gradient_checkpointing()
    schedule = DDPMScheduler.from_config(pipeline.scheduler.config)
    parameters = [p for p in unet.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    folder = Path(dataset) / "train"
    with open(folder / "metadata.csv", encoding="utf-8-sig") as file:
        cached = [encode(pipeline, folder, row) for row in csv.DictReader(file)]

    def steps():
        for _ in range(STEPS):
            chosen = torch.randint(len(cached), (batch,)).tolist()
            latents, tokens, pooled, sizes = (torch.cat(parts) for parts in zip(*(cached[i] for i in chosen)))
            noise = torch.randn_like(latents)
            timesteps = torch.randint(schedule.config.num_train_timesteps, (batch,))
            predicted = unet(
                schedule.add_noise(latents, noise, timesteps),
                timesteps,
                encoder_hidden_states=tokens,
                added_cond_kwargs={"text_embeds": pooled, "time_ids": sizes},
            ).sample
            F.mse_loss(predicted, noise).backward()
            optimizer.step()
            optimizer.zero_grad()

    return steps


def unet_inputs(unet, batch, dtype=torch.float32):
    config = unet.config
    return dict(
        sample=torch.randn(batch, config.in_channels, config.sample_size, config.sample_size, dtype=dtype),
        timestep=torch.full((batch,), 500),
        encoder_hidden_states=torch.randn(batch, 256, config.encoder_hid_dim, dtype=dtype),
        added_cond_kwargs={
            "text_embeds": torch.randn(batch, config.encoder_hid_dim, dtype=dtype),
            "time_ids": torch.full((batch, 6), 256.0),
        },
    )


def unet_steps(unet, batch, steps=STEPS, dtype=torch.float32):
    inputs = unet_inputs(unet, batch, dtype)

    @torch.no_grad()
    def run():
        for _ in range(steps):
            unet(**inputs)

    return run


def full_size_level(dtype):
    unet = UNet2DConditionModel(
        sample_size=64, in_channels=4, out_channels=4, block_out_channels=(640,), layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D",), up_block_types=("CrossAttnUpBlock2D",),
        transformer_layers_per_block=(2,), attention_head_dim=(10,), cross_attention_dim=2048, encoder_hid_dim=4096,
        encoder_hid_dim_type="text_proj", use_linear_projection=True, addition_embed_type="text_time",
        addition_time_embed_dim=256, projection_class_embeddings_input_dim=4096 + 6 * 256,
    )
    return unet.eval().to(dtype)


def full_size_text(dtype):
    from diffusers.pipelines.kolors.text_encoder import ChatGLMConfig, ChatGLMModel

    file = Path(__file__).parent.parent / "full-size" / "text_encoder_config.json"
    values = json.loads(file.read_text())
    config = ChatGLMConfig(**{**values, "num_layers": 1, "padded_vocab_size": 512, "use_cache": False})
    model = ChatGLMModel(config).eval().to(dtype)
    ids = torch.ones(1, 256, dtype=torch.int64)

    @torch.no_grad()
    def run():
        model(input_ids=ids, attention_mask=ids, position_ids=torch.arange(256)[None], output_hidden_states=True)

    return run


class Works:
    def __init__(self, model, dataset, lora):
        self.model, self.dataset, self.lora = model, dataset, lora
        self.pipeline = load(model)

    def of(self, name):
        what, *words = name.split()
        if what == "picture":
            return lambda: picture(self.pipeline)
        if what == "picture-lora":
            pipeline = load(self.model)
            pipeline.load_lora_weights(str(Path(self.lora).parent), weight_name=Path(self.lora).name)
            if words:
                pipeline.fuse_lora()
            return lambda: picture(pipeline)
        if what == "text":
            return lambda: self.pipeline.encode_prompt(
                "二次元，一个蓝色中分小男孩穿着蓝色背带裤，在练习室练习唱歌", device="cpu", num_images_per_prompt=1,
                do_classifier_free_guidance=True, negative_prompt="丑陋、变形、嘈杂、模糊、低对比度",
            )
        vae = self.pipeline.vae
        if what == "decode":
            config = self.pipeline.unet.config
            latents = torch.randn(1, config.in_channels, config.sample_size, config.sample_size)
            return torch.no_grad()(lambda: vae.decode(latents).sample)
        if what == "encode":
            image = pixels(picture(self.pipeline))
            return torch.no_grad()(lambda: vae.encode(image).latent_dist.mean)
        if what == "unet":
            return unet_steps(self.pipeline.unet, int(words[0]))
        if what == "train":
            return training(self.model, self.dataset, int(words[0]), len(words) > 1)
        if what == "full-size-unet":
            return unet_steps(full_size_level(TYPES[words[0]]), 1, 1, TYPES[words[0]])
        if what == "full-size-text":
            return full_size_text(TYPES[words[0]])
        raise ValueError(name)


def serve(model, dataset, lora):
    works, made = Works(model, dataset, lora), {}
    print("ready", flush=True)
    for line in sys.stdin:
        name = line.strip()
        if name == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)
            continue
        if name not in made:
            made[name] = works.of(name)
        start = time.perf_counter()
        made[name]()
        print(f"{time.perf_counter() - start:.6f}", flush=True)


def limits(model):
    """GFLOP/s of large matrix products; GFLOP of a step of the UNet at batch 2, of pictures through the VAE."""
    from torch.utils.flop_counter import FlopCounterMode

    result = {}
    for name, dtype in TYPES.items():
        a, b = torch.randn(2048, 2048, dtype=dtype), torch.randn(2048, 2048, dtype=dtype)
        best = None
        for _ in range(8):
            start = time.perf_counter()
            a @ b
            seconds = time.perf_counter() - start
            best = seconds if best is None else min(best, seconds)
            if seconds > 5:
                break
        result[name] = 2 * 2048**3 / best / 1e9
    pipeline = load(model)

    def count(run):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            run()
        return counter.get_total_flops() / 1e9

    config = pipeline.unet.config
    latents = torch.randn(1, config.in_channels, config.sample_size, config.sample_size)
    for batch in (1, 2):
        result[f"unet {batch}"] = count(lambda: pipeline.unet(**unet_inputs(pipeline.unet, batch)))
    result["decode"] = count(lambda: pipeline.vae.decode(latents))
    result["encode"] = count(lambda: pipeline.vae.encode(torch.randn(1, 3, 256, 256)))
    level = full_size_level(torch.float32)
    for dtype in TYPES:  # the same work in both
        result[f"full-size-unet {dtype}"] = count(lambda: level(**unet_inputs(level, 1)))
        result[f"full-size-text {dtype}"] = count(full_size_text(torch.float32))
    print(json.dumps(result))


if __name__ == "__main__":
    {"serve": serve, "picture": lambda model: picture(load(model)), "limits": limits}[sys.argv[1]](*sys.argv[2:])
