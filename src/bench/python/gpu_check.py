"""The same work as GpuCheck.java, with diffusers and peft. Prints one line.

    python gpu_check.py denoise|train
"""

import statistics
import sys
import time

import torch
from diffusers import UNet2DConditionModel

RANK, SIDE, STEPS, WARM_UP = 16, 128, 10, 2
CONFIG = dict(
    sample_size=128,
    in_channels=4,
    out_channels=4,
    block_out_channels=(320, 640, 1280),
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    transformer_layers_per_block=(1, 2, 10),
    attention_head_dim=(5, 10, 20),
    cross_attention_dim=2048,
    use_linear_projection=True,
    addition_embed_type="text_time",
    addition_time_embed_dim=256,
    projection_class_embeddings_input_dim=5632,
    encoder_hid_dim=4096,
    encoder_hid_dim_type="text_proj",
)


def inputs(rows):
    def noise(*shape):
        return torch.randn(*shape, dtype=torch.float16, device="cuda")

    conditions = {"text_embeds": noise(rows, 4096), "time_ids": torch.zeros(rows, 6, device="cuda")}
    return noise(rows, 4, SIDE, SIDE), noise(rows, 256, 4096), conditions


def median(step):
    seconds = []
    for _ in range(WARM_UP + STEPS):
        start = time.perf_counter()
        step()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[WARM_UP:])


def denoise(unet):
    latents, text, conditions = inputs(2)

    @torch.no_grad()
    def step():
        unet(latents, 500, text, added_cond_kwargs=conditions).sample.float().sum().item()

    return median(step)


def train(unet):
    from peft import LoraConfig

    unet.requires_grad_(False)
    unet.add_adapter(LoraConfig(r=RANK, lora_alpha=4, target_modules=["to_q", "to_k", "to_v", "to_out.0"]))
    parameters = [p for p in unet.parameters() if p.requires_grad]
    for parameter in parameters:
        parameter.data = parameter.data.float()
    unet.enable_gradient_checkpointing()
    unet.train()
    optimizer = torch.optim.AdamW(parameters)
    latents, text, conditions = inputs(1)
    target = torch.randn_like(latents, dtype=torch.float32)

    def step():
        with torch.autocast("cuda", torch.float16):
            output = unet(latents, 500, text, added_cond_kwargs=conditions).sample
        loss = torch.nn.functional.mse_loss(output.float(), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1)
        optimizer.step()
        optimizer.zero_grad()

    return median(step)


torch.set_default_dtype(torch.float16)
with torch.device("cuda"):
    network = UNet2DConditionModel(**CONFIG)
torch.set_default_dtype(torch.float32)
result = {"denoise": denoise, "train": train}[sys.argv[1]](network)
print(f"{result:.3f} s a step ({1 / result:.2f} a second) on cuda, float16, latents {SIDE}×{SIDE}")
