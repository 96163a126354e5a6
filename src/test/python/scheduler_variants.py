"""Golden results for the samplers' options and image-to-image, from diffusers 0.35.2 and torch 2.7.1.

    python src/test/python/scheduler_variants.py src/test/resources/golden/scheduler_variants.safetensors

Every case starts from `add_noise(original, noise)` at the start that image-to-image takes for its
strength (diffusers' `get_timesteps`) and runs to the end with the model
`0.3 x + 0.1 sin(t)`, x the scaled model input. The header's "cases" lists them; each has
`NAME.timesteps`, `NAME.sigmas` (where the sampler has them), `NAME.noisy` and `NAME.samples`
(the sample after every step). Fresh noise is `draws`, one after the other.
"""

import importlib
import json
import sys

import torch
import diffusers
from safetensors.torch import save_file

KOLORS = dict(
    num_train_timesteps=1100, beta_start=0.00085, beta_end=0.014, beta_schedule="scaled_linear",
    prediction_type="epsilon", steps_offset=1, timestep_spacing="leading",
)
OURS = dict(clip_sample=False, set_alpha_to_one=False)  # kolors4j's defaults, where they differ
MULTISTEP = ["DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler"]
EDM = "EDMDPMSolverMultistepScheduler"
SAMPLERS = [
    "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", *MULTISTEP,
    "DPMSolverMultistepScheduler_SDE_karras", "DDIMScheduler", "DDPMScheduler",
]


def cases():
    for sampler in SAMPLERS:
        for strength in (0.25, 0.6, 1.0):
            yield sampler, {}, 10, strength
        for spacing in ("linspace", "trailing"):
            yield sampler, {"timestep_spacing": spacing}, 17, 1.0
        yield sampler, {"prediction_type": "v_prediction"}, 6, 0.7
        if sampler != "EulerAncestralDiscreteScheduler":
            yield sampler, {"prediction_type": "sample"}, 6, 0.7
        yield sampler, {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02, "num_train_timesteps": 1000}, 5, 1.0
        yield sampler, {}, 999, 0.005
    for sampler in ["EulerDiscreteScheduler", *MULTISTEP]:
        yield sampler, {"use_karras_sigmas": True}, 12, 1.0
        yield sampler, {"use_karras_sigmas": True}, 20, 0.5
        if sampler != "DEISMultistepScheduler":
            yield sampler, {"final_sigmas_type": "sigma_min"}, 20, 0.5
            yield sampler, {"final_sigmas_type": "sigma_min", "use_karras_sigmas": True}, 6, 1.0
    for sampler in MULTISTEP:
        yield sampler, {"solver_order": 1}, 6, 1.0
    yield "DPMSolverMultistepScheduler", {"lower_order_final": False, "final_sigmas_type": "sigma_min"}, 6, 1.0
    yield "UniPCMultistepScheduler", {"lower_order_final": False, "final_sigmas_type": "sigma_min"}, 6, 1.0
    yield "DEISMultistepScheduler", {"lower_order_final": False}, 6, 1.0
    yield "DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}, 17, 1.0
    for sampler in ("DDIMScheduler", "DDPMScheduler"):
        yield sampler, {"clip_sample": True, "clip_sample_range": 1.5}, 6, 1.0
    yield "DDIMScheduler", {"set_alpha_to_one": True}, 6, 1.0
    yield "DDIMScheduler", {"eta": 0.5}, 6, 1.0
    yield "DDPMScheduler", {"variance_type": "fixed_large"}, 6, 1.0
    for sampler in ("EulerDiscreteScheduler", "DPMSolverMultistepScheduler"):
        yield sampler + "_karras", {}, 9, 1.0
    yield "DPMSolverMultistepScheduler_SDE", {}, 9, 1.0
    yield from edm_cases()


def edm_cases():
    """Kolors' page gives no sigmas for it: 0.002 to 80, as diffusers has them."""
    for steps, strength in ((1, 1.0), (6, 1.0), (25, 1.0), (10, 0.6)):
        yield EDM, {}, steps, strength
    for overrides in (
        {"sigma_schedule": "exponential"},
        {"sigma_min": 0.01, "sigma_max": 20.0, "sigma_data": 1.0, "rho": 3.0},
        {"prediction_type": "v_prediction"},
        {"algorithm_type": "sde-dpmsolver++"},
        {"solver_order": 1},
        {"final_sigmas_type": "sigma_min"},
        {"final_sigmas_type": "sigma_min", "lower_order_final": False},
    ):
        yield EDM, {"_class_name": EDM, **overrides}, 8, 1.0
    yield EDM, {"_class_name": EDM, "final_sigmas_type": "sigma_min"}, 17, 1.0


def run(sampler, overrides, steps, strength, original, noise, draws):
    options = {**KOLORS, **OURS, **overrides}
    step_options = {"eta": options.pop("eta")} if "eta" in options else {}
    class_name = sampler
    if sampler.endswith("_SDE_karras"):
        class_name = "DPMSolverMultistepScheduler"
        options.update(algorithm_type="sde-dpmsolver++", use_karras_sigmas=True)
    elif sampler.endswith("_SDE"):
        class_name = sampler.removesuffix("_SDE")
        options.update(algorithm_type="sde-dpmsolver++")
    elif sampler.endswith("_karras"):
        class_name = sampler.removesuffix("_karras")
        options.update(use_karras_sigmas=True)
    scheduler = getattr(diffusers, class_name).from_config(options)
    scheduler.set_timesteps(steps)
    start = steps - min(int(steps * strength), steps)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(start)
    timesteps = scheduler.timesteps[start:]
    remaining = iter(draws)
    module = importlib.import_module(type(scheduler).__module__)
    module.randn_tensor = lambda shape, **_: next(remaining).clone()

    sample = scheduler.add_noise(original, noise, timesteps[:1].repeat(len(original)))
    result = {"timesteps": scheduler.timesteps.float(), "noisy": sample}
    if hasattr(scheduler, "sigmas"):
        result["sigmas"] = scheduler.sigmas
    samples = []
    for t in timesteps:
        x = scheduler.scale_model_input(sample, t)
        sample = scheduler.step(0.3 * x + 0.1 * torch.sin(t.float()), t, sample, **step_options).prev_sample
        samples.append(sample)
    result["samples"] = torch.stack(samples)
    return start, result


def main(target):
    torch.manual_seed(11)
    original, noise = torch.randn(2, 2, 3, 3), torch.randn(2, 2, 3, 3)
    draws = torch.randn(20, 2, 2, 3, 3)
    arrays = {"original": original, "noise": noise, "draws": draws}
    listed = []
    for number, (sampler, overrides, steps, strength) in enumerate(cases()):
        name = f"{number:03d}"
        start, result = run(sampler, overrides, steps, strength, original, noise, draws)
        if not all(torch.isfinite(a).all() for a in result.values()):
            raise SystemExit(f"{sampler} {overrides} {steps} {strength}: not finite")
        listed.append(dict(name=name, sampler=sampler, overrides=overrides, steps=steps, strength=strength, start=start))
        arrays.update({f"{name}.{key}": value.contiguous() for key, value in result.items()})
    save_file(arrays, target, metadata={"cases": json.dumps(listed)})
    print(len(listed), "cases")


main(sys.argv[1])
