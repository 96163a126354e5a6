"""Records what diffusers' UNet makes of given inputs, in float32 on the CPU: full_size_unet.py FOLDER FILE"""
import resource
import sys
import time

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file

folder, file = sys.argv[1:]
torch.set_grad_enabled(False)
start = time.time()
unet = UNet2DConditionModel.from_pretrained(folder + "/unet", torch_dtype=torch.float32)
generator = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, generator=generator)


inputs = {
    "sample": normal(1, 4, 32, 32),
    "timestep": torch.tensor([500.0]),
    "text": normal(1, 256, unet.config.encoder_hid_dim),
    "pooled": normal(1, unet.config.encoder_hid_dim),
    "sizes": torch.tensor([[256.0, 256, 0, 0, 256, 256]]),
}
output = unet(
    inputs["sample"],
    inputs["timestep"],
    encoder_hidden_states=inputs["text"],
    added_cond_kwargs={"text_embeds": inputs["pooled"], "time_ids": inputs["sizes"]},
).sample
save_file({**inputs, "output": output.contiguous()}, file)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(f"diffusers' UNet: {time.time() - start:.1f} s, peak resident memory {peak:.2f} GiB")
