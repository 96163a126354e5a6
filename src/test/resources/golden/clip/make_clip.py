"""Makes tiny aesthetics predictors with random weights, and what the Python originals make of them.

    pip install torch==2.7.1 "transformers<5" safetensors pillow
    pip install --no-deps simple-aesthetics-predictor==0.1.2
    pip download --no-deps py-data-juicer==1.0.0        # and unzip the wheel into a folder
    python make_clip.py FOLDER_OF_DATA_JUICER           # in this folder

Writes the models `shunk031/aesthetics-predictor-v1-tiny` and `…-v2-tiny-linearMSE`, whose weights are
kept in half precision, and
`predictor.safetensors`: of a picture, the prepared `pixel_values`, the `image_embeds` of
    transformers' CLIPVisionModelWithProjection, and the `logits` of simple-aesthetics-predictor's
    three models (the one with rectifiers has the linear one's weights, `relu.layers.N` for `layers.M`);
`operator.json`: what data-juicer 1.0.0's own image_aesthetics_filter.py computes and keeps. Its
    class runs as it is; stand-ins take the place of data-juicer's framework around it.
"""
import importlib.util, json, os, re, shutil, sys, types
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection
import aesthetics_predictor

DATA_JUICER = os.path.abspath(sys.argv[1])
os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(0)
torch.set_num_threads(1)
LINEAR = "shunk031/aesthetics-predictor-v2-tiny-linearMSE"
V1 = "shunk031/aesthetics-predictor-v1-tiny"
PLACES = {0: 0, 2: 3, 4: 6, 6: 9, 7: 11}  # of linear layers without and with rectifiers between them

IMAGES = "../../image/"
config = CLIPVisionConfig(hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4,
                          image_size=24, patch_size=8, projection_dim=8)
processor = CLIPImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24})


def tiny(kind):
    """Random weights large enough to matter, as half precision holds them."""
    model = kind(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            gain = 1.6 if name.startswith("layers.") else 0.6  # so that pictures' scores differ
            spread = gain / parameter.shape[-1] ** 0.5 if parameter.dim() > 1 else 0.2
            offset = 1 if "norm" in name and name.endswith("weight") else 0
            # Few different values: the files pack better.
            parameter.copy_(offset + spread * torch.randint(-8, 9, parameter.shape) / 4)
    return model.half().float()


def publish(model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.half().save_pretrained(folder)
    model.float()
    processor.save_pretrained(folder)


def score(model, name):
    pixels = processor(images=[Image.open(IMAGES + name).convert("RGB")], return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        return model(pixel_values=pixels).logits.item()


linear = tiny(aesthetics_predictor.AestheticsPredictorV2Linear)
# Scores as real ones: the default bound, half of ten, lies between these two pictures.
between = (score(linear, "source.png") + score(linear, "in_one_bit.png")) / 2
with torch.no_grad():
    linear.layers[7].bias.add_(5.0 - between)
linear = linear.half().float()
v1 = tiny(aesthetics_predictor.AestheticsPredictorV1)
relu = aesthetics_predictor.AestheticsPredictorV2ReLU(config).eval()
relu.load_state_dict({re.sub(r"^layers\.(\d+)", lambda m: "layers.%d" % PLACES[int(m[1])], name): value
                      for name, value in linear.state_dict().items()})
clip = CLIPVisionModelWithProjection(config).eval()
clip.load_state_dict({name: value for name, value in linear.state_dict().items() if not name.startswith("layers.")})
publish(linear, LINEAR)
publish(v1, V1)

picture = Image.open("../../image/source.png").convert("RGB")
pixels = processor(images=[picture], return_tensors="pt")["pixel_values"]
with torch.no_grad():
    golden = {
        "pixel_values": pixels,
        "image_embeds": clip(pixel_values=pixels).image_embeds,
        "linear.logits": linear(pixel_values=pixels).logits,
        "relu.logits": relu(pixel_values=pixels).logits,
        "v1.logits": v1(pixel_values=pixels).logits,
    }
save_file({name: value.contiguous() for name, value in golden.items()}, "predictor.safetensors")

# ---- data-juicer's operator --------------------------------------------------------------------


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    made.__path__ = []
    sys.modules[name] = made
    return made


class Filter:
    def __init__(self, *args, **kwargs):
        self.image_key = "images"

    def use_cuda(self):
        return False


class Registry:
    def register_module(self, name):
        return lambda kind: kind


def load_data_with_context(sample, context, keys, load):
    return sample, {key: load(key) for key in keys}  # a picture twice in a sample counts once


def prepare_model(model_type, pretrained_model_name_or_path, trust_remote_code):
    return pretrained_model_name_or_path


def get_model(name, rank, cuda):
    kind = {LINEAR: aesthetics_predictor.AestheticsPredictorV2Linear,
            V1: aesthetics_predictor.AestheticsPredictorV1}[name]
    return kind.from_pretrained(name, torch_dtype=torch.float32).eval(), processor


class Fields:
    stats = "__dj__stats__"


class StatsKeys:
    image_aesthetics_scores = "image_aesthetics_scores"


for package in ["data_juicer", "data_juicer.utils", "data_juicer.ops", "data_juicer.ops.filter"]:
    module(package)
module("data_juicer.utils.constant", Fields=Fields, StatsKeys=StatsKeys)
module("data_juicer.utils.lazy_loader", LazyLoader=lambda local, name: importlib.import_module(name))
module("data_juicer.utils.mm_utils", load_data_with_context=load_data_with_context,
       load_image=lambda path: Image.open(path).convert("RGB"))
module("data_juicer.utils.model_utils", get_model=get_model, prepare_model=prepare_model)
module("data_juicer.ops.base_op", OPERATORS=Registry(), Filter=Filter)
module("data_juicer.ops.op_fusion", LOADED_IMAGES=Registry())
path = os.path.join(DATA_JUICER, "data_juicer/ops/filter/image_aesthetics_filter.py")
spec = importlib.util.spec_from_file_location("data_juicer.ops.filter.image_aesthetics_filter", path)
original = importlib.util.module_from_spec(spec)
spec.loader.exec_module(original)

SAMPLES = [[], ["source.png"], ["in_one_bit.png"], ["variants/sampled_444.jpg"], ["in_palette.gif"],
           ["source.png", "in_one_bit.png"], ["source.png", "source.png"], ["resized_lanczos_7x90.png"]]
cases = []
middle_of_v1 = round((score(v1, "source.png") + score(v1, "in_one_bit.png")) / 2, 4)
for parameters in [{}, {"any_or_all": "all"}, {"min_score": 0.0, "max_score": 0.5},
                   {"min_score": 0.0, "max_score": 0.5, "any_or_all": "all"},
                   {"hf_scorer_model": V1, "min_score": -1.0, "max_score": middle_of_v1 / 10}]:
    filter = original.ImageAestheticsFilter(**{"hf_scorer_model": LINEAR, **parameters})
    case = {"parameters": {"hf_scorer_model": LINEAR, **parameters}, "scores": [], "kept": []}
    for i, images in enumerate(SAMPLES):
        sample = {"images": [IMAGES + name for name in images], Fields.stats: {}}
        filter.compute_stats_single(sample)
        case["scores"].append(list(sample[Fields.stats]["image_aesthetics_scores"]))
        if filter.process_single(sample):
            case["kept"].append(i)
    cases.append(case)
with open("operator.json", "w") as out:
    json.dump({"samples": SAMPLES, "cases": cases}, out, indent=1)
    out.write("\n")
print({name: value.flatten()[:4].tolist() for name, value in golden.items()})
print([case["kept"] for case in cases])
