"""Golden results for the options of LoRA training, from the programs that they are named after.

    pip install torch==2.7.1 diffusers==0.35.2 "transformers<5" peft==0.21.2 \
        prodigyopt==1.1.2 bitsandbytes==0.50.2 tensorboard==2.21.0
    git clone https://github.com/kohya-ss/sd-scripts
    TORCHDYNAMO_DISABLE=1 python src/test/python/training_options.py sd-scripts   # from the repository's root

Writes into src/test/resources/golden:

- optimizers.safetensors: Prodigy (prodigyopt) and 8-bit AdamW (bitsandbytes' reference in PyTorch,
  since its CPU kernel looks places up in a coarse table that has none near zero) on quadratic
  problems, loss = sum(scale * (w - target)^2) / 2: start, and the parameters after some steps.
- dora.safetensors: peft's use_dora on the tiny UNet: matrices, prediction, loss, gradients, a merged
  weight. Its header holds the keys under which peft and diffusers save it.
- text_encoder_lora.safetensors: peft on the tiny text encoder, trained through the UNet: matrices,
  embeddings, loss, gradients.
- training_options.json: scales of torch's GradScaler, decays of diffusers' EMAModel, sd-scripts'
  buckets and shuffled captions.
- tensorboard.events: what TensorBoard's own writer makes of events at given times.
"""

import ast
import json
import math
import pathlib
import random
import sys

import numpy as np
import torch
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"


def quadratic(parameters, targets, scales):
    return sum((s * (p - t) ** 2).sum() / 2 for p, t, s in zip(parameters, targets, scales))


def optimize(name, make, shapes, checkpoints, tensors):
    """Runs an optimizer and keeps the parameters after each of the checkpoints."""
    generator = torch.Generator().manual_seed(11)
    draw = lambda shape: torch.randn(shape, generator=generator)
    parameters = [torch.nn.Parameter(draw(s) if i != 1 else torch.zeros(s)) for i, s in enumerate(shapes)]
    targets = [draw(s) for s in shapes]
    scales = [draw(s).abs() * 0.1 + 0.01 for s in shapes]
    for i in range(len(shapes)):
        tensors[f"{name}.{i}.start"] = parameters[i].detach().clone()
        tensors[f"{name}.{i}.target"] = targets[i]
        tensors[f"{name}.{i}.scale"] = scales[i]
    optimizer = make(parameters)
    ds = []
    for step in range(1, max(checkpoints) + 1):
        optimizer.zero_grad()
        quadratic(parameters, targets, scales).backward()
        optimizer.step()
        ds.append(optimizer.param_groups[0].get("d", 0.0))
        if step in checkpoints:
            for i, parameter in enumerate(parameters):
                tensors[f"{name}.{i}.after{step}"] = parameter.detach().clone()
    return optimizer, parameters, ds


class AdamW8bit(torch.optim.Optimizer):
    """bitsandbytes.optim.AdamW8bit with its reference kernel."""

    def __init__(self, parameters, lr, weight_decay):
        from bitsandbytes.functional import create_dynamic_map

        super().__init__(parameters, dict(lr=lr, weight_decay=weight_decay))
        self.maps = create_dynamic_map(signed=True), create_dynamic_map(signed=False)
        parameters = self.param_groups[0]["params"]
        self.small = torch.optim.AdamW([p for p in parameters if p.numel() < 4096], lr=lr, weight_decay=weight_decay)
        for p in parameters:
            if p.numel() >= 4096:
                blocks = -(p.numel() // -256)
                self.state[p] = {
                    "step": 0, "state1": torch.zeros_like(p, dtype=torch.uint8),
                    "state2": torch.zeros_like(p, dtype=torch.uint8),
                    "absmax1": torch.zeros(blocks), "absmax2": torch.zeros(blocks)}

    def step(self):
        from bitsandbytes.backends.triton.kernels_optim import optimizer_update_8bit_blockwise_pytorch

        group = self.param_groups[0]
        for p, s in self.state.items():
            s["step"] += 1
            optimizer_update_8bit_blockwise_pytorch(
                p, p.grad, s["state1"], s["state2"], 0.9, 0.999, 0.0, 0.0, 1e-8, s["step"], group["lr"], *self.maps,
                s["absmax1"], s["absmax2"], group["weight_decay"], 1.0, False, optimizer_name="adam")
        self.small.step()


def optimizers():
    from bitsandbytes.functional import create_dynamic_map
    from prodigyopt import Prodigy

    tensors = {}
    _, _, ds = optimize(
        "prodigy", lambda p: Prodigy(p, lr=1.0, weight_decay=0.01), [(7, 5), (3, 4)], (1, 10, 60), tensors)
    tensors["prodigy.d"] = torch.tensor(ds, dtype=torch.float64)
    # 4,343 numbers: enough for 8 bits, and no multiple of a block; the small one stays in 32 bits
    optimizer, parameters, _ = optimize(
        "adamw8bit", lambda p: AdamW8bit(p, lr=0.01, weight_decay=0.01),
        [(43, 101), (5, 7)], (1, 5, 25), tensors)
    for key in ("state1", "state2", "absmax1", "absmax2"):
        tensors["adamw8bit.0." + key] = optimizer.state[parameters[0]][key].clone()
    tensors["map.signed"] = create_dynamic_map(signed=True)
    tensors["map.unsigned"] = create_dynamic_map(signed=False)
    save_file(tensors, GOLDEN / "optimizers.safetensors")


def unet():
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel.from_pretrained(TINY / "unet").eval().requires_grad_(False)


def fill(parameters):
    """Matrices that are as if they had learned something; magnitudes change by some percent."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, parameter in parameters:
            noise = torch.randn(parameter.shape, generator=generator)
            if "magnitude" in name:
                parameter.mul_(1 + 0.1 * noise)
            else:
                parameter.copy_(noise * 0.2)


def dora():
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict
    from safetensors import safe_open

    with safe_open(GOLDEN / "lora.safetensors", "pt") as f:
        inputs = {k: f.get_tensor(k) for k in f.keys() if "." not in k or k.startswith("step0.")}
    network = unet()
    targets = [n for n, _ in network.named_modules() if n.endswith("attn2.to_out.0") or n.endswith("attn2.to_v")]
    network.add_adapter(LoraConfig(r=2, lora_alpha=4, target_modules=targets, use_dora=True))
    learned = [(n, p) for n, p in network.named_parameters() if "lora_" in n]
    tensors = {}
    for n, p in learned:
        if "magnitude" in n:
            tensors["start." + n] = p.detach().clone()
    fill(learned)
    for n, p in learned:
        p.requires_grad_(True)
        tensors["weight." + n] = p.detach().clone()
    output = network(
        inputs["latents"], torch.tensor([500]), inputs["prompt_embeds"],
        added_cond_kwargs={"text_embeds": inputs["pooled_prompt_embeds"], "time_ids": inputs["time_ids"]}).sample
    loss = torch.nn.functional.mse_loss(output, inputs["step0.noise"])
    loss.backward()
    tensors["output"], tensors["loss"] = output.detach(), loss.detach()
    for n, p in learned:
        tensors["grad." + n] = p.grad.clone()
    layer = network.mid_block.attentions[0].transformer_blocks[0].attn2.to_v
    state = get_peft_model_state_dict(network)
    layer.merge()
    tensors["merged.mid_block.attentions.0.transformer_blocks.0.attn2.to_v"] = layer.base_layer.weight.detach().clone()
    keys = {
        "peft": sorted(state),
        "diffsynth_style": sorted(n for n, _ in learned),  # names of trainable parameters, as its trainer saves
        "diffusers": sorted("unet." + k for k in state),  # as save_lora_weights(unet_lora_layers=state) puts them
    }
    save_file({k: v.contiguous() for k, v in tensors.items()}, GOLDEN / "dora.safetensors",
              metadata={"keys": json.dumps(keys), "rank": "2", "alpha": "4", "timestep": "500"})


def text_encoder_lora():
    from diffusers.pipelines.kolors.text_encoder import ChatGLMModel
    from peft import LoraConfig, inject_adapter_in_model
    from safetensors import safe_open

    with safe_open(GOLDEN / "lora.safetensors", "pt") as f:
        latents, noise, time_ids = (f.get_tensor(k) for k in ("latents", "step0.noise", "time_ids"))
    with safe_open(GOLDEN / "text_encoder.safetensors", "pt") as f:
        ids, mask, positions = (f.get_tensor(k)[:1] for k in ("input_ids", "attention_mask", "position_ids"))
    encoder = ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.float32)
    encoder = encoder.eval().requires_grad_(False)
    encoder = inject_adapter_in_model(
        LoraConfig(r=2, lora_alpha=4, target_modules=["query_key_value", "dense_4h_to_h"]), encoder)
    learned = [(n, p) for n, p in encoder.named_parameters() if "lora_" in n]
    fill(learned)
    for _, p in learned:
        p.requires_grad_(True)
    out = encoder(input_ids=ids, attention_mask=mask, position_ids=positions, output_hidden_states=True)
    text = out.hidden_states[-2].permute(1, 0, 2)
    pooled = out.hidden_states[-1][-1, :, :]
    prediction = unet()(
        latents, torch.tensor([500]), text, added_cond_kwargs={"text_embeds": pooled, "time_ids": time_ids}).sample
    loss = torch.nn.functional.mse_loss(prediction, noise)
    loss.backward()
    tensors = {"ids": ids, "mask": mask, "positions": positions, "loss": loss.detach(),
               "prompt_embeds": text.detach(), "pooled_prompt_embeds": pooled.detach(), "output": prediction.detach()}
    for n, p in learned:
        tensors["weight." + n] = p.detach().clone()
        tensors["grad." + n] = p.grad.clone()
    save_file({k: v.contiguous() for k, v in tensors.items()}, GOLDEN / "text_encoder_lora.safetensors",
              metadata={"rank": "2", "alpha": "4", "timestep": "500"})


def scaler():
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", growth_interval=4)
    overflows = [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    scales, values, gradients = [], [], []
    for step, overflow in enumerate(overflows):
        optimizer.zero_grad()
        scaler.scale((parameter * (step + 1)).sum()).backward()
        if overflow:
            parameter.grad[1] = float("inf") if step % 2 else float("nan")
        scaler.step(optimizer)
        scaler.update()
        scales.append(scaler.get_scale())
        values.append(parameter[0].item())
    fresh = torch.amp.GradScaler("cpu")
    return {
        "initial": fresh.get_scale(), "growth_factor": fresh.get_growth_factor(),
        "backoff_factor": fresh.get_backoff_factor(), "growth_interval": fresh.get_growth_interval(),
        "overflows": overflows, "scales": scales, "values": values,
    }


def averages():
    from diffusers.training_utils import EMAModel

    parameter = torch.nn.Parameter(torch.zeros(1))
    model = EMAModel([parameter], decay=0.9)
    decays, shadows = [], []
    for step in range(1, 130):
        with torch.no_grad():
            parameter.fill_(math.sin(step))
        model.step([parameter])
        decays.append(model.cur_decay_value)
        shadows.append(model.shadow_params[0].item())
    return {"decay": 0.9, "decays": decays, "shadows": shadows}


def from_source(path, names, scope):
    """Runs some definitions of a source file, without what it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if getattr(node, "name", None) in names:
            exec(compile(ast.Module([node], []), str(path), "exec"), scope)
    return scope


def buckets(scripts):
    model_util = from_source(scripts / "library/model_util.py", ["make_bucket_resolutions"], {"math": math})
    make = model_util["make_bucket_resolutions"]
    scope = {"math": math, "np": np, "Tuple": tuple, "model_util": type("M", (), {"make_bucket_resolutions": staticmethod(make)})}
    manager_type = from_source(scripts / "library/train_util.py", ["BucketManager"], scope)["BucketManager"]
    pictures = [(1024, 1024), (512, 512), (640, 480), (480, 640), (1920, 1080), (1080, 1920), (3000, 1000),
                (100, 900), (1216, 832), (777, 778), (5000, 300), (600, 601), (1000, 1333)]
    cases = []
    for area, low, high, steps in [((1024, 1024), 256, 2048, 64), ((1024, 1024), 256, 1024, 64),
                                   ((768, 512), 256, 1024, 64), ((64, 64), 16, 128, 8), ((512, 512), 320, 768, 32)]:
        manager = manager_type(False, area, low, high, steps)
        manager.make_buckets()
        chosen = [manager.select_bucket(w, h)[0] for w, h in pictures]
        cases.append({"size": area, "min": low, "max": high, "steps": steps,
                      "sizes": manager.predefined_resos, "pictures": pictures, "chosen": chosen})
    return cases


def captions(scripts):
    tree = ast.parse((scripts / "library/train_util.py").read_text(encoding="utf-8"))
    dataset = next(n for n in tree.body if getattr(n, "name", None) == "BaseDataset")
    scope = {"random": random, "math": math, "re": __import__("re"), "BaseSubset": object}
    process = next(n for n in dataset.body if getattr(n, "name", None) == "process_caption")
    exec(compile(ast.Module([process], []), "train_util.py", "exec"), scope)
    results = []
    for caption, keep in [("1girl,  blue hair , smile,hat", 0), ("a, b, c, d, e", 2), ("one", 1), ("x, y", 5)]:
        subset = type("Subset", (), dict(
            caption_prefix=None, caption_suffix=None, caption_dropout_rate=0, caption_dropout_every_n_epochs=0,
            enable_wildcard=False, shuffle_caption=True, token_warmup_step=0, caption_tag_dropout_rate=0,
            keep_tokens_separator="", caption_separator=",", keep_tokens=keep, secondary_separator=None))
        owner = type("Owner", (), dict(max_train_steps=0, current_step=0, replacements={}))
        random.seed(0)
        orders = sorted({scope["process_caption"](owner, subset, caption) for _ in range(2000)})
        results.append({"caption": caption, "keep_tokens": keep, "orders": orders})
    return results


def tensorboard_events():
    from tensorboard.compat.proto.event_pb2 import Event, SessionLog
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    def value(**given):
        return Summary(value=[Summary.Value(**given)])

    picture = Summary.Image(height=2, width=3, colorspace=3, encoded_image_string=b"not a picture")
    events = [
        Event(wall_time=1700000000.25, file_version="brain.Event:2"),
        Event(wall_time=1700000001.5, step=301, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=1700000002.0, step=1, summary=value(tag="train_loss", simple_value=0.125)),
        Event(wall_time=1700000003.0, step=300, summary=value(tag="val_loss", simple_value=1e-7)),
        Event(wall_time=1700000004.0, step=70000, summary=value(tag="learning_rate", simple_value=0.0)),
        Event(wall_time=1700000005.0, step=2, summary=value(tag="二次元", image=picture)),
    ]
    with open(GOLDEN / "tensorboard.events", "wb") as f:
        writer = RecordWriter(f)
        for event in events:
            writer.write(event.SerializeToString())


if __name__ == "__main__":
    torch.set_num_threads(1)
    scripts = pathlib.Path(sys.argv[1])
    only = sys.argv[2:]
    if not only or "optimizers" in only:
        optimizers()
    if not only or "dora" in only:
        dora()
    if not only or "text" in only:
        text_encoder_lora()
    if not only or "json" in only:
        result = {"scaler": scaler(), "average": averages(), "buckets": buckets(scripts), "captions": captions(scripts)}
        (GOLDEN / "training_options.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if not only or "tensorboard" in only:
        tensorboard_events()
