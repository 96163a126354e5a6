"""How the tiny Kolors' UNet attends to its text in diffusers: attention_maps.safetensors.

    python src/test/python/attention_maps.py     (torch 2.7.1, diffusers 0.35.2)

For each block the probabilities that diffusers' own AttnProcessor computes, a mean over layers and
heads: (places, 256 tokens), for the inputs "odd" of unet.safetensors.
"""
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention, AttnProcessor
from safetensors.torch import load_file, save_file

GOLDEN = Path(__file__).parents[1] / "resources" / "golden"
torch.set_num_threads(1)
torch.set_grad_enabled(False)

unet = UNet2DConditionModel.from_pretrained(GOLDEN / "kolors-tiny" / "unet")
unet.set_attn_processor(AttnProcessor())
blocks = {}
for name, layer in unet.named_modules():
    if isinstance(layer, Attention) and name.endswith("attn2"):
        block = ".".join(name.split(".")[: 1 if name.startswith("mid") else 2])

        def scores(query, key, mask=None, layer=layer, block=block):
            probabilities = Attention.get_attention_scores(layer, query, key, mask)
            blocks.setdefault(block, []).append(probabilities.mean(0))
            return probabilities

        layer.get_attention_scores = scores

golden = load_file(GOLDEN / "unet.safetensors")
output = unet(
    golden["odd.sample"],
    golden["odd.timestep"],
    golden["odd.encoder_hidden_states"],
    added_cond_kwargs={"text_embeds": golden["odd.text_embeds"], "time_ids": golden["odd.time_ids"]},
).sample
print("output off by", (output - golden["odd.output"]).abs().max().item())
maps = {block: torch.stack(maps).mean(0).contiguous() for block, maps in blocks.items()}
for block, values in maps.items():
    print(block, tuple(values.shape), len(blocks[block]), "layers, rows sum to", values.sum(1).mean().item())
save_file(maps, GOLDEN / "attention_maps.safetensors")
