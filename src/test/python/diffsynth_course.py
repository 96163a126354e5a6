"""What the course's own program draws and how it trains: DiffSynth-Studio's code of August 2024 (commit b1709fcb) on
the tiny Kolors, in float32 on a CPU.

    pip install torch==2.7.1 torchvision==0.22.1 diffusers==0.35.2 transformers==4.41.2 peft==0.21.2 \\
        lightning==2.5.5 sentencepiece einops pandas modelscope
    python src/test/python/diffsynth_course.py FOLDER_OF_DIFFSYNTH_STUDIO       # from the repository's root

Writes course.safetensors, course_*.png and course_losses.json to src/test/resources/golden. The pictures of the
training are there already, in course_dataset/.

Its networks have fixed sizes. The UNet here is made of DiffSynth-Studio's own blocks in the tiny one's sizes, the text
encoder is DiffSynth-Studio's class with the tiny one's configuration, and the VAE is diffusers'. With --own-eps the
UNet keeps DiffSynth-Studio's epsilon of 1e-5 in the transformers' group norms, where diffusers has 1e-6; then nothing
is written, and the difference in pixels is printed.
"""
import importlib.util
import json
import pathlib
import shutil
import sys
import tempfile
import types

import numpy
import torch
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(sys.argv[1])
OWN_EPS = "--own-eps" in sys.argv
GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"

# ControlNets are imported with everything else, and not used
annotators = types.ModuleType("controlnet_aux.processor")
for annotator in ("CannyDetector", "MidasDetector", "HEDdetector", "LineartDetector", "LineartAnimeDetector",
                  "OpenposeDetector", "NormalBaeDetector"):
    setattr(annotators, annotator, object)
sys.modules["controlnet_aux"] = types.ModuleType("controlnet_aux")
sys.modules["controlnet_aux.processor"] = annotators
sys.path.insert(0, str(ROOT))

from diffsynth import SDXLImagePipeline  # noqa: E402
from diffsynth.models.kolors_text_encoder import ChatGLMConfig, ChatGLMModel  # noqa: E402
from diffsynth.models.sd_unet import (  # noqa: E402
    AttentionBlock, DownSampler, PopBlock, PushBlock, ResnetBlock, Timesteps, UpSampler)
from diffsynth.models.sdxl_unet import SDXLUNet, SDXLUNetStateDictConverter  # noqa: E402
from diffsynth.pipelines import sdxl_image  # noqa: E402
from diffsynth.prompters import KolorsPrompter  # noqa: E402
import diffusers  # noqa: E402


class TinyUNet(SDXLUNet):
    """SDXLUNet with other sizes; forward and names are DiffSynth-Studio's."""

    def __init__(self):
        torch.nn.Module.__init__(self)
        config = json.loads((TINY / "unet" / "config.json").read_text())
        c, groups = config["block_out_channels"], config["norm_num_groups"]
        heads, layers, text = config["attention_head_dim"], config["transformer_layers_per_block"], config["cross_attention_dim"]
        time = 4 * c[0]
        linear, silu = torch.nn.Linear, torch.nn.SiLU
        self.time_proj = Timesteps(c[0])
        self.time_embedding = torch.nn.Sequential(linear(c[0], time), silu(), linear(time, time))
        self.add_time_proj = Timesteps(config["addition_time_embed_dim"])
        added = config["projection_class_embeddings_input_dim"]
        self.add_time_embedding = torch.nn.Sequential(linear(added, time), silu(), linear(time, time))
        self.conv_in = torch.nn.Conv2d(4, c[0], kernel_size=3, padding=1)
        self.text_intermediate_proj = linear(config["encoder_hid_dim"], text)
        eps = 1e-5 if OWN_EPS else 1e-6

        def resnet(inputs, outputs):
            return ResnetBlock(inputs, outputs, time, groups=groups)

        def attention(level):
            return AttentionBlock(
                heads[level], c[level] // heads[level], c[level], layers[level], text, norm_num_groups=groups, eps=eps)

        blocks = []
        for level in range(3):
            for i in range(2):
                blocks.append(resnet(c[max(level - 1, 0)] if i == 0 else c[level], c[level]))
                blocks += [attention(level)] if level else []
                blocks.append(PushBlock())
            blocks += [DownSampler(c[level]), PushBlock()] if level < 2 else []
        blocks += [resnet(c[2], c[2]), attention(2), resnet(c[2], c[2])]
        skips = [c[0], c[0], c[0], c[0], c[1], c[1], c[1], c[2], c[2]]
        now = c[2]
        for level in (2, 1, 0):
            for _ in range(3):
                blocks += [PopBlock(), resnet(now + skips.pop(), c[level])]
                blocks += [attention(level)] if level else []
                now = c[level]
            blocks += [UpSampler(c[level])] if level else []
        self.blocks = torch.nn.ModuleList(blocks)
        self.conv_norm_out = torch.nn.GroupNorm(num_channels=c[0], num_groups=groups, eps=1e-5)
        self.conv_act = silu()
        self.conv_out = torch.nn.Conv2d(c[0], 4, kernel_size=3, padding=1)
        self.is_kolors = True


class Encoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, image, **tiles):
        return self.vae.encode(image).latent_dist.mean * self.vae.config.scaling_factor


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latents, **tiles):
        return self.vae.decode(latents / self.vae.config.scaling_factor).sample


class TinyModels:
    """Stands where DiffSynth-Studio's ModelManager stands, with the tiny networks."""

    def __init__(self, torch_dtype=torch.float32, device="cpu"):
        self.torch_dtype, self.device = torch_dtype, "cpu"

    def load_models(self, paths):
        unet = TinyUNet()
        weights, _ = SDXLUNetStateDictConverter().from_diffusers(
            load_file(TINY / "unet" / "diffusion_pytorch_model.safetensors"))
        unet.load_state_dict(weights)
        config = json.loads((TINY / "text_encoder" / "config.json").read_text())
        text_encoder = ChatGLMModel(ChatGLMConfig(**{**config, "torch_dtype": torch.float32}), empty_init=False)
        weights = {}
        for shard in sorted((TINY / "text_encoder").glob("*.bin")):
            weights.update(torch.load(shard, map_location="cpu", weights_only=True))
        text_encoder.load_state_dict(weights)
        vae = diffusers.AutoencoderKL.from_pretrained(TINY / "vae", torch_dtype=torch.float32)
        self.models = {
            "sdxl_unet": unet, "kolors_text_encoder": text_encoder.eval(),
            "sdxl_vae_decoder": Decoder(vae), "sdxl_vae_encoder": Encoder(vae)}
        return self

    def fetch_model(self, name, *path):
        return self.models.get(name)


# DiffSynth-Studio's class has its settings in the code, and takes the file alone
TOKENIZER = tempfile.TemporaryDirectory()
shutil.copy(TINY / "tokenizer" / "tokenizer.model", TOKENIZER.name)
(pathlib.Path(TOKENIZER.name) / "tokenizer_config.json").write_text('{"tokenizer_class": "ChatGLMTokenizer"}')
sdxl_image.SDXLPrompter = lambda: None  # it is made first, and replaced for a Kolors
sdxl_image.KolorsPrompter = lambda: KolorsPrompter(TOKENIZER.name)

PROMPT = "二次元，一个蓝色中分小男孩，在家中沙发上坐着，双手托着腮，很无聊，全身，蓝色背带裤"
NEGATIVE = "丑陋、变形、嘈杂、模糊、低对比度"


def pictures():
    pipe = SDXLImagePipeline.from_model_manager(TinyModels().load_models([]))
    seen = {}
    decode = pipe.vae_decoder.forward
    pipe.vae_decoder.forward = lambda latents, **tiles: decode(seen.setdefault("latents", latents), **tiles)
    arrays = {}
    to_image = pipe.vae_output_to_image

    def watched(output):
        values = (output[0].permute(1, 2, 0).numpy() / 2 + 0.5).clip(0, 1) * 255
        near = (numpy.abs(values - numpy.rint(values)) < 1e-3) & (values > 0) & (values < 255)
        seen["near"] = torch.from_numpy(numpy.flatnonzero(near))
        return to_image(output)

    pipe.vae_output_to_image = watched
    start = diffusers.utils.load_image(str(GOLDEN / "img2img_input.png"))
    runs = {
        "plain": {},
        "tall": dict(height=96, width=32, cfg_scale=1.0),
        "weak": dict(cfg_scale=0.5, num_inference_steps=3),
        "image": dict(input_image=start, denoising_strength=0.6, height=start.height, width=start.width),
    }
    for name, settings in runs.items():
        seen.clear()
        torch.manual_seed(5)
        image = pipe(**{
            "prompt": PROMPT, "negative_prompt": NEGATIVE, "cfg_scale": 4, "num_inference_steps": 6,
            "height": 64, "width": 96, "progress_bar_cmd": lambda x: x, **settings})
        # values (height, width, colour) so near to a whole number that rounding errors decide how they are cut off
        arrays[name + ".near"] = seen["near"]
        arrays[name + ".latents"] = seen["latents"].contiguous()
        if OWN_EPS:
            drawn = numpy.array(diffusers.utils.load_image(str(GOLDEN / f"course_{name}.png"))).astype(int)
            off = numpy.abs(numpy.array(image).astype(int) - drawn)
            print(name, "with DiffSynth-Studio's own eps: at most", off.max(), "of 255 apart;", (off > 0).mean(), "of the values differ")
        else:
            image.save(GOLDEN / f"course_{name}.png")
    if not OWN_EPS:
        save_file(arrays, GOLDEN / "course.safetensors", {"prompt": PROMPT, "negative_prompt": NEGATIVE, "seed": "5"})


def losses():
    path = ROOT / "examples" / "train" / "kolors" / "train_kolors_lora.py"
    specification = importlib.util.spec_from_file_location("train_kolors_lora", path)
    course = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(course)
    course.ModelManager = TinyModels
    import diffsynth.trainers.text_to_image as trainers
    trainer = trainers.pl.Trainer

    def on_the_cpu(**settings):
        return trainer(**{**settings, "accelerator": "cpu", "devices": 1, "logger": False, "enable_checkpointing": False,
                          "callbacks": [], "enable_progress_bar": False, "enable_model_summary": False})

    trainers.pl.Trainer = on_the_cpu
    runs = {
        "plain": [],
        "flipped": ["--random_flip", "--steps_per_epoch", "3", "--max_epochs", "2"],
        "wide": ["--width", "96", "--steps_per_epoch", "3"],
        "accumulated": ["--accumulate_grad_batches", "2", "--lora_target_modules", "to_k,proj_in", "--lora_rank", "8"],
    }
    results = {}
    for name, arguments in runs.items():
        sys.argv = ["train_kolors_lora.py", "--pretrained_unet_path", "-", "--pretrained_text_encoder_path", "-",
                    "--pretrained_fp16_vae_path", "-", "--dataset_path", str(GOLDEN / "course_dataset"),
                    "--precision", "32", "--center_crop", "--height", "64", "--width", "64", "--lora_rank", "4",
                    "--lora_alpha", "4.0", "--learning_rate", "1e-3", "--steps_per_epoch", "5", *arguments]
        args = course.parse_args()
        values = []

        class Recorded(course.LightningModel):
            def log(self, name, value, **more):
                values.append(float(value.detach()))

            def add_lora_to_model(self, *arguments, **named):
                torch.manual_seed(7)  # the networks are loaded by now
                super().add_lora_to_model(*arguments, **named)

        model = Recorded(
            torch_dtype=torch.float32, pretrained_weights=[], learning_rate=args.learning_rate,
            use_gradient_checkpointing=args.use_gradient_checkpointing, lora_rank=args.lora_rank,
            lora_alpha=args.lora_alpha, lora_target_modules=args.lora_target_modules)
        course.launch_training_task(model, args)
        results[name] = {"arguments": arguments, "losses": values}
        print(name, values)
    (GOLDEN / "course_losses.json").write_text(json.dumps({"seed": 7, "runs": results}, indent=1))


pictures()
if not OWN_EPS:
    losses()
