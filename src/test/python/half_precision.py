"""What diffusers computes in bfloat16 and in tiles on the tiny Kolors: vae_tiled.safetensors.

    python src/test/python/half_precision.py     (torch 2.7.1, diffusers 0.35.2, transformers < 5)

Prints how far diffusers itself is off in bfloat16, relative to the largest value of float32: what the
tolerances of the tests in bfloat16 are measured against.
"""
from pathlib import Path

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, KolorsPipeline, UNet2DConditionModel
from diffusers.pipelines.kolors.text_encoder import ChatGLMModel
from diffusers.pipelines.kolors.tokenizer import ChatGLMTokenizer
from safetensors import safe_open
from safetensors.torch import load_file, save_file

GOLDEN = Path(__file__).parents[1] / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"
torch.set_num_threads(1)
torch.set_grad_enabled(False)


def off(name, actual, expected):
    share = (actual.float() - expected.float()).abs().max() / expected.float().abs().max()
    print(f"{name}: {share:.4f} of the largest value")


# Tiled decoding: latents that are no whole number of tiles of 8.
vae = AutoencoderKL.from_pretrained(TINY / "vae")
latents = torch.randn(1, 4, 13, 18, generator=torch.Generator().manual_seed(11))
vae.enable_tiling()
assert vae.tile_latent_min_size == 8
tiled = vae.decode(latents).sample
vae.disable_tiling()
off("tiled decoding against whole", tiled, vae.decode(latents).sample)
save_file({"latents": latents, "tiled": tiled.contiguous()}, GOLDEN / "vae_tiled.safetensors")

# The text encoder in bfloat16.
golden = load_file(GOLDEN / "text_encoder.safetensors")
encoder = ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.bfloat16)
states = encoder(
    input_ids=golden["input_ids"],
    attention_mask=golden["attention_mask"],
    position_ids=golden["position_ids"],
    output_hidden_states=True,
).hidden_states
off("prompt_embeds", states[-2].permute(1, 0, 2), golden["prompt_embeds"])
off("pooled_prompt_embeds", states[-1][-1], golden["pooled_prompt_embeds"])

# The whole pipeline in bfloat16.
with safe_open(GOLDEN / "pipeline.safetensors", "pt") as file:
    meta = file.metadata()
    expected_latents = file.get_tensor("euler.final_latents")
    expected = file.get_tensor("euler.image")
pipeline = KolorsPipeline(
    vae=AutoencoderKL.from_pretrained(TINY / "vae", torch_dtype=torch.bfloat16),
    text_encoder=encoder,
    tokenizer=ChatGLMTokenizer.from_pretrained(TINY / "tokenizer"),
    unet=UNet2DConditionModel.from_pretrained(TINY / "unet", torch_dtype=torch.bfloat16),
    scheduler=EulerDiscreteScheduler.from_pretrained(TINY / "scheduler"),
)
pipeline.set_progress_bar_config(disable=True)
arguments = dict(
    prompt=meta["prompt"],
    negative_prompt=meta["negative_prompt"],
    guidance_scale=float(meta["guidance_scale"]),
    num_inference_steps=int(meta["steps"]),
    width=int(meta["width"]),
    height=int(meta["height"]),
)


def seeded():
    return torch.Generator().manual_seed(40)


# diffusers draws bfloat16 noise from a seed; the same noise as in float32 is given instead.
shape = expected_latents.shape
noise = torch.randn(shape, generator=seeded())
result = pipeline(**arguments, latents=noise.bfloat16(), output_type="latent").images
off("final latents", result, expected_latents)
image = pipeline(**arguments, latents=noise.bfloat16(), output_type="np").images[0]
difference = (torch.from_numpy(image) - expected).abs() * 255
print(f"picture: {difference.mean():.2f}/255 on average, {difference.max():.1f}/255 at most")
