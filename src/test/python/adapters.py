"""Textual inversion and hypernetworks on kolors-tiny, computed by torch and diffusers. Writes golden/adapters.safetensors
and the files in golden/adapters, as diffusers and the Stable Diffusion web UI (AUTOMATIC1111) write them.

    pip install torch==2.7.1 diffusers==0.35.2 "transformers<5" sentencepiece
    python src/test/python/adapters.py                     # from the repository's root
    python src/test/python/adapters.py check FILE.pt       # output of a hypernetwork that this library wrote

Textual inversion is trained as diffusers' examples/textual_inversion does: the whole table learns, and all rows but the
new ones are put back after each step. A hypernetwork is f in x + strength * f(x) before to_k and to_v, a pair for each
width of context; the modules below say in torch what modules/hypernetworks/hypernetwork.py of the web UI does.
"""
import pathlib
import sys

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from diffusers.pipelines.kolors import ChatGLMModel
from safetensors.torch import load_file, save_file

GOLDEN = pathlib.Path(__file__).parent.parent / "resources" / "golden"
TINY = GOLDEN / "kolors-tiny"
LORA = load_file(GOLDEN / "lora.safetensors")
TEXT = load_file(GOLDEN / "text_encoder_lora.safetensors")
ACTIVATIONS = dict(relu=torch.nn.ReLU, swish=torch.nn.Hardswish, tanh=torch.nn.Tanh, elu=torch.nn.ELU,
                   leakyrelu=torch.nn.LeakyReLU, sigmoid=torch.nn.Sigmoid, gelu=torch.nn.GELU, silu=torch.nn.SiLU,
                   mish=torch.nn.Mish, selu=torch.nn.SELU, softplus=torch.nn.Softplus, softsign=torch.nn.Softsign)


def predict(unet, tokens, pooled):
    return unet(LORA["latents"], 500, encoder_hidden_states=tokens,
                added_cond_kwargs=dict(text_embeds=pooled, time_ids=LORA["time_ids"])).sample


def loss_of(output):
    return torch.nn.functional.mse_loss(output, LORA["step0.noise"])


def textual_inversion(unet, arrays):
    encoder = ChatGLMModel.from_pretrained(TINY / "text_encoder", torch_dtype=torch.float32)
    encoder.requires_grad_(False)
    layer = encoder.embedding.word_embeddings
    known = layer.weight.shape[0]
    torch.manual_seed(3)
    start = layer.weight[100] + 0.1 * torch.randn(2, layer.weight.shape[1])
    layer.weight = torch.nn.Parameter(torch.cat([layer.weight.data, start]))
    before = layer.weight.data.clone()
    ids = TEXT["ids"].clone()
    ids[0, -4:-2] = torch.tensor([known, known + 1])
    optimizer = torch.optim.AdamW([layer.weight], lr=1e-2)
    for step in range(3):
        output = encoder(input_ids=ids, attention_mask=TEXT["mask"], position_ids=TEXT["positions"],
                         output_hidden_states=True)
        tokens = output.hidden_states[-2].permute(1, 0, 2)
        pooled = output.hidden_states[-1][-1, :, :]
        loss = loss_of(predict(unet, tokens, pooled))
        loss.backward()
        if step == 0:
            arrays.update({"word.ids": ids, "word.start": start, "word.tokens": tokens.detach(),
                           "word.loss": loss.detach(), "word.grad": layer.weight.grad[known:].clone()})
        optimizer.step()
        optimizer.zero_grad()
        with torch.no_grad():
            layer.weight[:known] = before[:known]
    arrays["word.trained"] = layer.weight.data[known:].clone()
    vectors = arrays["word.trained"]
    save_file({"<ink>": vectors}, GOLDEN / "adapters" / "diffusers_word.safetensors")
    save_file({"emb_params": vectors}, GOLDEN / "adapters" / "webui_word.safetensors")
    torch.save({"string_to_token": {"*": 265}, "string_to_param": {"*": torch.nn.Parameter(vectors)}, "name": "ink-style",
                "step": 3, "sd_checkpoint": None, "sd_checkpoint_name": None}, GOLDEN / "adapters" / "webui_word.pt")


class Module(torch.nn.Module):
    def __init__(self, width, structure, activation, norm, dropouts, activate_output):
        super().__init__()
        layers = []
        last = len(structure) - 2
        for i in range(last + 1):
            layers.append(torch.nn.Linear(int(width * structure[i]), int(width * structure[i + 1])))
            if activation not in ("linear", None) and (i < last or activate_output):
                layers.append(ACTIVATIONS[activation]())
            if norm:
                layers.append(torch.nn.LayerNorm(int(width * structure[i + 1])))
            if dropouts[i + 1] > 0:
                layers.append(torch.nn.Dropout(dropouts[i + 1]))
        self.linear = torch.nn.Sequential(*layers)

    def forward(self, x, strength=1.0):
        return x + strength * self.linear(x)


def attach(unet, pairs, strength):
    """Returns what takes them off again."""
    hooks = []
    for layer in unet.modules():
        if isinstance(layer, Attention) and layer.to_k.in_features in pairs:
            for linear, module in zip((layer.to_k, layer.to_v), pairs[layer.to_k.in_features]):
                hooks.append(linear.register_forward_pre_hook(
                    lambda _, inputs, module=module: (module(inputs[0], strength),)))
    return lambda: [hook.remove() for hook in hooks]


def widths(unet):
    return sorted({layer.to_k.in_features for layer in unet.modules() if isinstance(layer, Attention)})


def made(unet, structure, activation, norm=False, dropouts=None, activate_output=False):
    torch.manual_seed(5)
    dropouts = dropouts or [0] * len(structure)
    pairs = {}
    for width in widths(unet):
        pairs[width] = tuple(Module(width, structure, activation, norm, dropouts, activate_output) for _ in "kv")
        for module in pairs[width]:
            for parameter in module.parameters():
                torch.nn.init.normal_(parameter, std=0.05)
            module.eval()
    return pairs


def saved(name, pairs, **settings):
    state = {width: tuple(module.state_dict() for module in pair) for width, pair in pairs.items()}
    torch.save({**state, "step": 7, "name": name, **settings}, GOLDEN / "adapters" / f"{name}.pt")


def hypernetworks(unet, arrays):
    tokens, pooled = LORA["prompt_embeds"], LORA["pooled_prompt_embeds"]
    for name, structure, activation, norm, dropouts, activate_output in (
        ("plain", [1, 2, 1], "linear", False, [0, 0, 0], False),
        ("deep", [1, 2, 1.5, 1], "relu", True, [0, 0.3, 0.3, 0], False),
        ("swish", [1, 2, 1], "swish", False, [0, 0, 0], True),
    ):
        pairs = made(unet, structure, activation, norm, dropouts, activate_output)
        saved(name, pairs, layer_structure=structure, activation_func=activation, is_layer_norm=norm,
              weight_initialization="Normal", use_dropout=any(dropouts), sd_checkpoint=None, sd_checkpoint_name=None,
              activate_output=activate_output, last_layer_dropout=True, dropout_structure=dropouts, optional_info=None)
        for strength in (1.0, 0.6):
            detach = attach(unet, pairs, strength)
            arrays[f"{name}.output.{strength}"] = predict(unet, tokens, pooled).detach()
            if strength == 1.0:
                parameters = {f"{width}.{which}.{key}": parameter for width, pair in pairs.items()
                              for which, module in enumerate(pair) for key, parameter in module.named_parameters()}
                optimizer = torch.optim.AdamW(parameters.values(), lr=1e-3)
                started = {key: parameter.detach().clone() for key, parameter in parameters.items()}
                for step in range(2):
                    loss = loss_of(predict(unet, tokens, pooled))
                    loss.backward()
                    if step == 0:
                        arrays[f"{name}.loss"] = loss.detach()
                        arrays.update({f"{name}.grad.{k}": p.grad.clone() for k, p in parameters.items()})
                    optimizer.step()
                    optimizer.zero_grad()
                arrays.update({f"{name}.trained.{k}": p.detach().clone() for k, p in parameters.items()})
                with torch.no_grad():
                    for key, parameter in parameters.items():
                        parameter.copy_(started[key])
            detach()
    # The first hypernetworks had two layers under other names, and stated nothing.
    plain = torch.load(GOLDEN / "adapters" / "plain.pt", weights_only=True)
    older = {width: tuple({key.replace("linear.0", "linear1").replace("linear.1", "linear2"): value
                           for key, value in state.items()} for state in pair)
             for width, pair in plain.items() if isinstance(width, int)}
    torch.save(older, GOLDEN / "adapters" / "older.pt")
    for name in ACTIVATIONS:
        x = torch.linspace(-4, 4, 17)
        arrays[f"activation.{name}"] = ACTIVATIONS[name]()(x)


def check(unet, path):
    file = torch.load(path, weights_only=True)
    pairs = {}
    for width, states in file.items():
        if isinstance(width, int):
            assert isinstance(states, tuple)
            pairs[width] = tuple(
                Module(width, file["layer_structure"], file["activation_func"], file["is_layer_norm"],
                       file["dropout_structure"], file["activate_output"]).eval() for _ in states)
            for module, state in zip(pairs[width], states):
                module.load_state_dict(state)
    attach(unet, pairs, 1.0)
    output = predict(unet, LORA["prompt_embeds"], LORA["pooled_prompt_embeds"])
    expected = load_file(GOLDEN / "adapters.safetensors")
    for name in ("plain", "deep", "swish"):
        print(name, float((output - expected[f"{name}.output.1.0"]).abs().max()))
    print({key: value for key, value in file.items() if not isinstance(key, int)})


def main():
    # In the order in which the library holds kernels: gradients differ by a hundred-thousandth from those of the other order,
    # for PyTorch normalises groups in another way there.
    unet = UNet2DConditionModel.from_pretrained(TINY / "unet").to(memory_format=torch.channels_last).requires_grad_(False)
    if len(sys.argv) > 2:
        check(unet, sys.argv[2])
        return
    (GOLDEN / "adapters").mkdir(exist_ok=True)
    arrays = {}
    textual_inversion(unet, arrays)
    hypernetworks(unet, arrays)
    save_file({name: array.contiguous() for name, array in arrays.items()}, GOLDEN / "adapters.safetensors")
    print(len(arrays), "arrays; widths", widths(unet))


main()
