"""What diffusers' KolorsImg2ImgPipeline draws without a size: the picture keeps its own, and the model is told the one
that it was made for. Writes src/test/resources/golden/told_size.safetensors.

    pip install torch==2.7.1 diffusers==0.35.2 "transformers<5" sentencepiece
    python src/test/python/told_size.py               # from the repository's root
"""
import pathlib

import numpy
import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, KolorsImg2ImgPipeline, UNet2DConditionModel
from diffusers.pipelines.kolors import ChatGLMModel, ChatGLMTokenizer
from diffusers.utils import load_image
from safetensors import safe_open
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"

with safe_open(GOLDEN / "pipeline.safetensors", "pt") as recorded:
    metadata = recorded.metadata()
pipe = KolorsImg2ImgPipeline(
    vae=AutoencoderKL.from_pretrained(TINY / "vae"),
    text_encoder=ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.float32),
    tokenizer=ChatGLMTokenizer.from_pretrained(TINY / "tokenizer"),
    unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
    scheduler=EulerDiscreteScheduler.from_pretrained(TINY / "scheduler"),
)
pipe.set_progress_bar_config(disable=True)
start = load_image(str(GOLDEN / "img2img_input.png"))
arrays = {}
for name, told in {"default": {}, "own": {"original_size": start.size[::-1], "target_size": start.size[::-1]}}.items():
    image = pipe(
        prompt=metadata["prompt"], negative_prompt=metadata["negative_prompt"], image=start, strength=0.6,
        num_inference_steps=10, guidance_scale=float(metadata["guidance_scale"]),
        generator=torch.Generator().manual_seed(5), output_type="np", **told).images[0]
    arrays[name] = torch.from_numpy(image).contiguous()
print(start.size, "told another size:", numpy.abs(arrays["default"] - arrays["own"]).max() * 255, "of 255 apart")
save_file(arrays, GOLDEN / "told_size.safetensors")
