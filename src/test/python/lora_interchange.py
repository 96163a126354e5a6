"""LoRA files of every format and kind, what their own programs make of them, and of ours.

    pip install torch==2.7.1 diffusers==0.35.2 "transformers<5" peft==0.21.2 lycoris-lora==3.2.0.post2
    git clone https://github.com/kohya-ss/sd-scripts
    python src/test/python/lora_interchange.py make sd-scripts     # from the repository's root
    mvn test -Dtest=LoraInterchangeTest                            # writes target/lora-interchange
    python src/test/python/lora_interchange.py check sd-scripts

`make` writes into src/test/resources/golden/interchange, for some layers of the tiny UNet and one of the
tiny text encoder:

- KIND.FORMAT.safetensors (or a folder KIND.peft-folder, as peft saves one): the adapter.
- expected.safetensors: KIND/LAYER, the weight after fusing, by peft (LyCORIS where peft has no such kind).
- files.json: of each file, by whom it was read and by how much each layer differs from `expected` at most,
  relative to the largest change that the adapter makes to the layer.

`table` writes the table into docs/interchange.md again. `check` reads what this library has written from each kind into each format, by the same programs, writes
the differences with the files' checksums into written.json there, and the table into docs/interchange.md.
"""

import copy
import functools
import hashlib
import json
import logging
import pathlib
import shutil
import sys
import tempfile
import types
import warnings

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parent.parent.parent.parent
TINY = ROOT / "src/test/resources/golden/kolors-tiny"
GOLDEN = ROOT / "src/test/resources/golden/interchange"
WRITTEN = ROOT / "target/lora-interchange"

ATTENTION = "down_blocks.1.attentions.0"
BLOCK = ATTENTION + ".transformer_blocks.0."
Q, K, OUT = BLOCK + "attn1.to_q", BLOCK + "attn2.to_k", BLOCK + "attn1.to_out.0"
FF, PROJ, TIME = BLOCK + "ff.net.2", ATTENTION + ".proj_in", "down_blocks.1.resnets.0.time_emb_proj"
LINEAR = [Q, K, OUT, FF, PROJ, TIME]
CONV, SHORTCUT, HALVE = "down_blocks.0.resnets.0.conv1", "down_blocks.1.resnets.0.conv_shortcut", "down_blocks.0.downsamplers.0.conv"
TEXT = "encoder.layers.0.self_attention.query_key_value"

# the names of the original code and of DiffSynth-Studio, by what the published ones begin with
ORIGINAL = {
    ATTENTION: "input_blocks.4.1", TIME: "input_blocks.4.0.emb_layers.1", CONV: "input_blocks.1.0.in_layers.2",
    SHORTCUT: "input_blocks.4.0.skip_connection", HALVE: "input_blocks.3.0.op",
}
DIFFSYNTH = {
    ATTENTION: "blocks.7", TIME: "blocks.6.time_emb_proj", CONV: "blocks.0.conv1",
    SHORTCUT: "blocks.6.conv_shortcut", HALVE: "blocks.4.conv",
}


def renamed(layer, table):
    for start, other in table.items():
        if layer.startswith(start):
            return other + layer[len(start):]
    raise KeyError(layer)


def diffsynth_name(layer):
    name = renamed(layer, DIFFSYNTH)
    return name.replace("to_out.0", "to_out").replace("ff.net.2", "ff")


# Each kind: layers, peft's settings, the type that matrices are stored in.
KINDS = {
    "uniform": dict(layers=LINEAR, r=4, lora_alpha=4),
    "alpha": dict(layers=LINEAR, r=4, lora_alpha=1),
    "mixed-ranks": dict(layers=LINEAR, r=4, lora_alpha=4, rank_pattern={"to_k": 2, "ff.net.2": 8, "proj_in": 3}),
    "rank-and-alpha": dict(layers=LINEAR, r=4, lora_alpha=2, rank_pattern={"^" + K: 2, "attn1.*": 6}, alpha_pattern={"to_q": 3, ".*resnets.*": 0.5}),
    "alpha-pattern": dict(layers=LINEAR, r=4, lora_alpha=8, alpha_pattern={"attn1.to_.*": 1, FF: 16}),
    "rslora": dict(layers=LINEAR, r=4, lora_alpha=8, use_rslora=True),
    "rslora-ranks": dict(layers=LINEAR, r=4, lora_alpha=8, use_rslora=True, rank_pattern={"to_k": 2, "proj_in": 9}),
    "dora": dict(layers=LINEAR, r=4, lora_alpha=8, use_dora=True),
    "convolutions": dict(layers=[Q, CONV, SHORTCUT, HALVE], r=4, lora_alpha=2, rank_pattern={"conv1": 2}),
    "dora-convolutions": dict(layers=[Q, CONV, SHORTCUT], r=4, lora_alpha=2, use_dora=True),
    "float16": dict(layers=LINEAR, r=4, lora_alpha=8, dtype=torch.float16),
    "bfloat16": dict(layers=LINEAR, r=4, lora_alpha=8, dtype=torch.bfloat16),
    "text-encoder": dict(layers=[Q, OUT], text=True, r=4, lora_alpha=8),
    # what peft does not have, by LyCORIS
    "dora-columns": dict(layers=[Q, K, FF, CONV], lycoris=dict(weight_decompose=True, wd_on_out=False), r=4, lora_alpha=2),
    "dora-rows-lycoris": dict(layers=[Q, FF, CONV], lycoris=dict(weight_decompose=True, wd_on_out=True), r=4, lora_alpha=2),
    "tucker": dict(layers=[CONV, HALVE], lycoris=dict(use_tucker=True), r=4, lora_alpha=2),
}
FORMATS = ["diffusers", "diffusers-old", "peft-folder", "peft", "diffsynth", "kohya", "kohya-sdxl", "comfyui"]
ONE_ALPHA = {"uniform", "alpha", "mixed-ranks", "dora", "convolutions", "dora-convolutions", "float16", "bfloat16"}


@functools.cache
def loaded(network):
    from diffusers import UNet2DConditionModel
    from diffusers.pipelines.kolors.text_encoder import ChatGLMModel
    if network == "unet":
        return UNet2DConditionModel.from_pretrained(TINY / "unet").eval()
    return ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.float32).eval()


def unet():
    return copy.deepcopy(loaded("unet"))


def text_encoder():
    return copy.deepcopy(loaded("text_encoder"))


def module(model, name):
    return model.get_submodule(name)


def settings(kind):
    known = {k: v for k, v in KINDS[kind].items() if k not in ("layers", "dtype", "text", "lycoris")}
    return {"target_modules": KINDS[kind]["layers"], "rank_pattern": {}, "alpha_pattern": {}, **known}


# ---- making the adapters ---------------------------------------------------------------------------------


def by_peft(kind, model, layers):
    """An adapter whose matrices are drawn, its state dict as peft saves it, and the weights after fusing."""
    from peft import LoraConfig, PeftModel, get_peft_model
    from peft.utils import get_peft_model_state_dict
    peft = get_peft_model(model, LoraConfig(**{**settings(kind), "target_modules": layers}))
    generator = torch.Generator().manual_seed(sum(map(ord, kind)))
    dtype = KINDS[kind].get("dtype", torch.float32)
    with torch.no_grad():
        for name, parameter in peft.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                parameter.copy_((torch.randn(parameter.shape, generator=generator) * 0.2).to(dtype))
            elif "magnitude" in name:
                parameter.mul_(0.5 + torch.rand(parameter.shape, generator=generator))
    state = {k: v.detach().clone().to(dtype).contiguous() for k, v in get_peft_model_state_dict(peft).items()}
    with tempfile.TemporaryDirectory() as folder:
        peft.save_pretrained(folder)
        config = json.loads((pathlib.Path(folder) / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = None  # a path of this machine
    merged = peft.merge_and_unload()
    return state, config, {layer: module(merged, layer).weight.detach().clone() for layer in layers}


def by_lycoris(kind):
    from lycoris.modules.locon import LoConModule
    model = unet()
    generator = torch.Generator().manual_seed(sum(map(ord, kind)))
    state, fused = {}, {}
    for layer in KINDS[kind]["layers"]:
        made = LoConModule(layer, module(model, layer), 1.0, KINDS[kind]["r"], KINDS[kind]["lora_alpha"], **KINDS[kind]["lycoris"])
        with torch.no_grad():
            for name, parameter in made.named_parameters():
                if "lora" in name:
                    parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2)
                elif "dora_scale" in name:
                    parameter.mul_(0.5 + torch.rand(parameter.shape, generator=generator))
            fused[layer] = made.get_merged_weight()[0].detach().clone()
        for name, value in made.state_dict().items():
            if name not in ("scalar",):
                state[f"{layer}.{name}"] = value.detach().clone().contiguous()
    return state, fused


def alpha_of(kind, layer, rank):
    """The alpha that kohya's files need for peft's scale."""
    from peft.utils.other import get_pattern_key
    config = settings(kind)
    patterns = config["alpha_pattern"]
    alpha = patterns.get(get_pattern_key(patterns.keys(), layer), config["lora_alpha"])
    return alpha * rank ** 0.5 if config.get("use_rslora") else alpha


def kohya_names(format, layer):
    if format == "kohya":
        return "lora_unet_" + layer.replace(".", "_")
    if format == "kohya-sdxl":
        return "lora_unet_" + renamed(layer, ORIGINAL).replace(".", "_")
    return "diffusion_model." + renamed(layer, ORIGINAL)


def files(kind, state, text_state):
    """The adapter in each format that has a place for it: name of the file, tensors, metadata."""
    layers = KINDS[kind]["layers"]
    parts = {k.removeprefix("base_model.model."): v for k, v in state.items()}
    metadata = {f"unet.{k}": v for k, v in settings(kind).items()}
    diffusers = {f"unet.{k}": v for k, v in parts.items()}
    if text_state:
        diffusers.update({f"text_encoder.{k.removeprefix('base_model.model.')}": v for k, v in text_state.items()})
        metadata.update({f"text_encoder.{k}": v for k, v in {**settings(kind), "target_modules": [TEXT]}.items()})
        yield "diffusers", diffusers, metadata
        return
    yield "diffusers", diffusers, None if kind in ("uniform", "convolutions-plain") else metadata
    if kind in ("mixed-ranks", "convolutions", "dora"):
        yield "diffusers-bare", diffusers, None
    if kind in ("uniform",):
        old = {}
        for key, value in diffusers.items():
            key = key.replace("lora_A", "lora.down").replace("lora_B", "lora.up")
            for name in ("to_q", "to_k", "to_out.0"):
                key = key.replace(f".{name}.lora.", f".processor.{name.replace('.0', '')}_lora.")
            old[key] = value
        yield "diffusers-old", old, None
    if kind in ONE_ALPHA:
        named = {k.replace(".weight", ".course.weight") if "lora_" in k and k.endswith(".weight") else k + ".course.weight": v for k, v in parts.items()}
        yield "peft", named, None
        synth = {}
        for layer in layers:
            for key, value in named.items():
                if key.startswith(layer + ".lora"):
                    synth[diffsynth_name(layer) + key[len(layer):].replace(".course.", ".default.")] = value
        yield "diffsynth", synth, None
    for format in ("kohya", "kohya-sdxl", "comfyui"):
        tensors = {}
        for layer in layers:
            name = kohya_names(format, layer)
            down, up = parts[layer + ".lora_A.weight"], parts[layer + ".lora_B.weight"]
            tensors[name + ".lora_down.weight"], tensors[name + ".lora_up.weight"] = down, up
            tensors[name + ".alpha"] = torch.tensor(float(alpha_of(kind, layer, down.shape[0])), dtype=down.dtype)
            lengths = parts.get(layer + ".lora_magnitude_vector")
            if lengths is not None:
                tensors[name + ".dora_scale"] = lengths.reshape([-1] + [1] * (down.ndim - 1))
        yield format, tensors, None


# ---- reading by the originals ----------------------------------------------------------------------------


def read_by_diffusers(file, layers, xl):
    from diffusers.loaders import StableDiffusionLoraLoaderMixin, StableDiffusionXLLoraLoaderMixin
    mixin = StableDiffusionXLLoraLoaderMixin if xl else StableDiffusionLoraLoaderMixin

    class Pipeline(mixin):
        def __init__(self):
            self.unet, self.text_encoder, self.text_encoder_2 = unet(), None, None
            self.components, self.hf_device_map = {}, None

    pipeline = Pipeline()
    if xl:  # as its load_lora_weights does, without text encoders
        state, alphas = mixin.lora_state_dict(str(file), unet_config=pipeline.unet.config)
        mixin.load_lora_into_unet(state, network_alphas=alphas, unet=pipeline.unet)
    else:
        with safe_open(file, "pt") as opened:
            text = any(k.startswith("text_encoder.") for k in opened.keys())
        if text:
            state, alphas, metadata = mixin.lora_state_dict(str(file), return_lora_metadata=True)
            mixin.load_lora_into_unet(state, network_alphas=alphas, unet=pipeline.unet, metadata=metadata)
        else:
            pipeline.load_lora_weights(str(file))
    return fused_by_peft(pipeline.unet, layers)


def fused_by_peft(model, layers):
    from peft.tuners.tuners_utils import BaseTunerLayer
    for part in model.modules():
        if isinstance(part, BaseTunerLayer):
            part.merge()
    return {layer: base(module(model, layer)).weight.detach().clone() for layer in layers}


def base(layer):
    return layer.get_base_layer() if hasattr(layer, "get_base_layer") else layer


def read_by_peft(folder, model, layers):
    from peft import PeftModel
    merged = PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    return {layer: module(merged, layer).weight.detach().clone() for layer in layers}


def with_alpha(file, kind, name, alpha):
    """DiffSynth-Studio and peft's matrices alone: alpha is given by whoever loads them; peft applies them."""
    state = load_file(file)
    with tempfile.TemporaryDirectory() as folder:
        plain = {}
        for layer in KINDS[kind]["layers"]:
            for key, value in state.items():
                own = name(layer)
                if key.startswith(own + ".lora"):
                    part = key[len(own):].split(".")[1]
                    plain[f"base_model.model.{layer}.{part}" + ("" if "magnitude" in part else ".weight")] = value
        assert len(plain) == len(state), file
        save_file(plain, folder + "/adapter_model.safetensors")
        ranks = {"^" + layer: plain[f"base_model.model.{layer}.lora_A.weight"].shape[0] for layer in KINDS[kind]["layers"]}
        dora = any("magnitude" in k for k in plain)
        config = dict(peft_type="LORA", r=4, lora_alpha=alpha, rank_pattern=ranks, target_modules=KINDS[kind]["layers"], use_dora=dora)
        pathlib.Path(folder, "adapter_config.json").write_text(json.dumps(config))
        return read_by_peft(folder, unet(), KINDS[kind]["layers"])


def read_by_kohya(file, format, layers):
    """sd-scripts' own module, or LyCORIS's where there is more than two matrices and an alpha."""
    from lycoris.modules.locon import LoConModule
    from networks.lora import LoRAInfModule
    state, model, fused = load_file(file), unet(), {}
    for layer in layers:
        name, target = kohya_names(format, layer), module(model, layer)
        own = {k[len(name) + 1:]: v.float() for k, v in state.items() if k.startswith(name + ".")}
        rank, alpha = own["lora_down.weight"].shape[0], own["alpha"].item()
        lengths = own.get("dora_scale")
        if lengths is None and "lora_mid.weight" not in own:
            LoRAInfModule(name, target, 1.0, rank, alpha).merge_to(own, torch.float32, "cpu")
            fused[layer] = target.weight.detach().clone()
            continue
        made = LoConModule(
            name, target, 1.0, rank, alpha, use_tucker="lora_mid.weight" in own,
            weight_decompose=lengths is not None, wd_on_out=lengths is None or lengths.shape[0] > 1)
        with torch.no_grad():
            for part, value in own.items():
                if part != "alpha":
                    made.get_parameter(part).copy_(value)
            fused[layer] = made.get_merged_weight()[0].detach().clone()
    return fused


def read(file, kind, format, alpha=None):
    """Fused weights by each program that reads the format, by the program's name."""
    layers = KINDS[kind]["layers"]
    if format.startswith("diffusers"):
        yield "diffusers", read_by_diffusers(file, layers, False)
        if KINDS[kind].get("text"):
            yield "peft", text_by_peft(file)
    elif format == "peft-folder":
        text = KINDS[kind].get("text")
        yield "peft", read_by_peft(file, text_encoder(), [TEXT]) if text else read_by_peft(file, unet(), layers)
    elif format == "peft":
        yield "peft", with_alpha(file, kind, lambda layer: layer, alpha)
    elif format == "diffsynth":
        yield "peft", with_alpha(file, kind, diffsynth_name, alpha)
    else:
        with safe_open(file, "pt") as opened:
            plain = not any("dora_scale" in k or "lora_mid" in k for k in opened.keys())
        yield "sd-scripts" if plain else "LyCORIS", read_by_kohya(file, format, layers)
        if format != "comfyui":
            try:
                yield "diffusers", read_by_diffusers(file, layers, True)
            except Exception as e:
                yield "diffusers", type(e).__name__


def text_by_peft(file):
    """The text encoder's part of a file: diffusers fails on encoders other than CLIP, peft reads it."""
    with safe_open(file, "pt") as opened, tempfile.TemporaryDirectory() as folder:
        prefix = "text_encoder."
        state = {"base_model.model." + k.removeprefix(prefix): opened.get_tensor(k) for k in opened.keys() if k.startswith(prefix)}
        metadata = json.loads(opened.metadata()["lora_adapter_metadata"])
        config = {"peft_type": "LORA", **{k.removeprefix(prefix): v for k, v in metadata.items() if k.startswith(prefix)}}
        save_file(state, folder + "/adapter_model.safetensors")
        pathlib.Path(folder, "adapter_config.json").write_text(json.dumps(config))
        return read_by_peft(folder, text_encoder(), [TEXT])


def difference(fused, expected, kind):
    """The largest difference in any layer, relative to the largest change that the adapter makes to it."""
    if isinstance(fused, str):
        return fused
    largest = 0.0
    for layer, weight in fused.items():
        before = module(loaded("text_encoder" if layer == TEXT else "unet"), layer).weight.detach()
        wanted = expected[f"{kind}/{layer}"]
        largest = max(largest, ((weight - wanted).abs().max() / (wanted - before).abs().max()).item())
    return float(f"{largest:.1e}")


# ---- the two commands ------------------------------------------------------------------------------------


def make():
    shutil.rmtree(GOLDEN, ignore_errors=True)
    GOLDEN.mkdir(parents=True)
    expected, report = {}, {}
    for kind, described in KINDS.items():
        folders = {}
        if "lycoris" in described:
            state, fused = by_lycoris(kind)
            formats = {}
            for format in ("kohya", "kohya-sdxl", "comfyui"):
                tensors = {}
                for layer in described["layers"]:
                    for key, value in state.items():
                        if key.startswith(layer + "."):
                            tensors[kohya_names(format, layer) + key[len(layer):]] = value
                formats[format] = (tensors, None)
        else:
            state, config, fused = by_peft(kind, unet(), described["layers"])
            folders["peft-folder"] = (state, config)
            text_state = None
            if described.get("text"):
                text_state, text_config, text_fused = by_peft(kind, text_encoder(), [TEXT])
                fused.update(text_fused)
                folders = {"peft-folder": (text_state, text_config)}  # one network's
            formats = {format: (tensors, metadata) for format, tensors, metadata in files(kind, state, text_state)}
        expected.update({f"{kind}/{layer}": weight.contiguous() for layer, weight in fused.items()})
        for format, (tensors, metadata) in formats.items():
            header = {"format": "pt"}
            if metadata:
                header["lora_adapter_metadata"] = json.dumps(metadata)
            save_file(tensors, GOLDEN / f"{kind}.{format}.safetensors", metadata=header)
        for format, (tensors, config) in folders.items():
            folder = GOLDEN / f"{kind}.{format}"
            folder.mkdir()
            save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
            (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, default=list) + "\n")
    # a file without metadata means what diffusers makes of it: other weights where ranks differ
    for path in sorted(GOLDEN.glob("*.diffusers-bare.safetensors")):
        kind = path.name.split(".")[0]
        (_, fused), = read(path, kind, "diffusers")
        expected.update({f"{kind}.bare/{layer}": weight for layer, weight in fused.items()})
    save_file(expected, GOLDEN / "expected.safetensors")
    for path in sorted(GOLDEN.iterdir()):
        kind, _, format = path.name.removesuffix(".safetensors").partition(".")
        if kind not in KINDS or format == "diffusers-bare":
            continue
        report[path.name] = {
            program: difference(fused, expected, kind)
            for program, fused in read(path, kind, format, settings(kind)["lora_alpha"])
        }
        print(path.name, report[path.name], flush=True)
    (GOLDEN / "files.json").write_text(json.dumps(report, indent=1) + "\n")
    (GOLDEN / "written.json").write_text("{}\n")


def check():
    expected = load_file(GOLDEN / "expected.safetensors")
    alphas = json.loads((WRITTEN / "alphas.json").read_text())
    report = {}
    for path in sorted(WRITTEN.iterdir()):
        kind, _, format = path.name.removesuffix(".safetensors").partition(".")
        if kind not in KINDS:
            continue
        content = [path] if path.is_file() else sorted(path.iterdir())
        report[path.name] = {
            "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in content},
            "difference": {
                program: difference(fused, expected, kind)
                for program, fused in read(path, kind, format, alphas.get(path.name))
            },
        }
        print(path.name, report[path.name]["difference"], flush=True)
    (GOLDEN / "written.json").write_text(json.dumps(report, indent=1) + "\n")
    table(json.loads((GOLDEN / "files.json").read_text()), {k: v["difference"] for k, v in report.items()})


def shown(value):
    """0, 2.3e-7, or in bold what is not the same weight."""
    text = f"{value:.2g}".replace("e-0", "e-") if isinstance(value, float) else value
    return text if isinstance(value, float) and value < 2e-6 else f"**{text}**"


def table(read_files, written):
    page = ROOT / "docs/interchange.md"
    begin, end = "<!-- lora table: made by src/test/python/lora_interchange.py -->", "<!-- end of the lora table -->"
    formats = [f for f in FORMATS if f != "diffusers-old"]
    lines = [begin, "", "| kind | " + " | ".join(f"`{f}`" for f in formats) + " |", "|---|" + "---|" * len(formats)]
    for kind in KINDS:
        cells = []
        for format in formats:
            suffix = "" if format == "peft-folder" else ".safetensors"
            name = f"{kind}.{format}{suffix}"
            into = "in" if name in read_files else ""
            if (GOLDEN / f"{kind}.{format}-bare.safetensors").exists():
                into += ", in without metadata"
            out = ""
            if name in written:
                out = "out " + ", ".join(f"{program} {shown(value)}" for program, value in written[name].items())
            cells.append("; ".join(filter(None, [into, out])) or "·")
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    lines += ["", end]
    text = page.read_text()
    before, _, rest = text.partition(begin)
    page.write_text(before + "\n".join(lines) + rest.partition(end)[2])


if __name__ == "__main__" and sys.argv[1] == "table":
    reports = {name: json.loads((GOLDEN / name).read_text()) for name in ("files.json", "written.json")}
    table(reports["files.json"], {k: v["difference"] for k, v in reports["written.json"].items()})
elif __name__ == "__main__":
    torch.manual_seed(0)
    logging.disable(logging.WARNING)
    sys.path.insert(0, sys.argv[2])
    # names that sd-scripts' module imports and a merge does not need
    utils, original = types.ModuleType("library.utils"), types.ModuleType("library.sdxl_original_unet")
    utils.setup_logging, original.SdxlUNet2DConditionModel = lambda: None, object
    sys.modules.update({"library.utils": utils, "library.sdxl_original_unet": original})
    {"make": make, "check": check}[sys.argv[1]]()
