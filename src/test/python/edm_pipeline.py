"""What diffusers' KolorsPipeline draws with EDMDPMSolverMultistepScheduler, which Kolors' page names: its timesteps are no
whole numbers. Writes src/test/resources/golden/edm_pipeline.safetensors.

    pip install torch==2.7.1 diffusers==0.35.2 "transformers<5" sentencepiece
    python src/test/python/edm_pipeline.py               # from the repository's root
"""
import pathlib

import torch
from diffusers import AutoencoderKL, EDMDPMSolverMultistepScheduler, EulerDiscreteScheduler, KolorsPipeline
from diffusers import UNet2DConditionModel
from diffusers.pipelines.kolors import ChatGLMModel, ChatGLMTokenizer
from safetensors import safe_open
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"

with safe_open(GOLDEN / "pipeline.safetensors", "pt") as recorded:
    metadata = recorded.metadata()
# from_config(euler.config) is a TypeError in diffusers 0.35.2: Euler's sigma_min and sigma_max are None there.
euler = EulerDiscreteScheduler.from_pretrained(TINY / "scheduler")
pipe = KolorsPipeline(
    vae=AutoencoderKL.from_pretrained(TINY / "vae"),
    text_encoder=ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.float32),
    tokenizer=ChatGLMTokenizer.from_pretrained(TINY / "tokenizer"),
    unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
    scheduler=EDMDPMSolverMultistepScheduler(num_train_timesteps=euler.config.num_train_timesteps),
)
pipe.set_progress_bar_config(disable=True)
told = []
pipe.unet.register_forward_pre_hook(lambda module, arguments: told.append(float(arguments[1])))
arguments = dict(
    prompt=metadata["prompt"], negative_prompt=metadata["negative_prompt"], num_inference_steps=8,
    guidance_scale=float(metadata["guidance_scale"]), height=int(metadata["height"]), width=int(metadata["width"]))
seed = 40
latents = pipe(**arguments, generator=torch.Generator().manual_seed(seed), output_type="latent").images
image = pipe(**arguments, generator=torch.Generator().manual_seed(seed), output_type="np").images[0]
arrays = {"final_latents": latents, "image": torch.from_numpy(image), "timesteps": torch.tensor(told[:8])}
save_file({name: array.contiguous() for name, array in arrays.items()}, GOLDEN / "edm_pipeline.safetensors")
print("told timesteps", told[:8], "latents' spread", float(latents.std()))
