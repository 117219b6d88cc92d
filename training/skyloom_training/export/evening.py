"""Evens out the channels that a convolution reads, so that one step of rounding fits them all; free in float."""

from __future__ import annotations

import torch
from torch import Tensor

from skyloom_training.export.frozen import FrozenConv, FrozenSynthesis
from skyloom_training.networks.generator import Generator

# How much of the unevenness goes from the activations, which have one range a layer, into the weights, which have one
# an output channel. Xiao et al. 2023 take a half; 0.75 was 0.3 dB worse here.
SHARE = 0.5
LATENTS_A_CLASS = 3


@torch.no_grad()
def evened_synthesis(generator: Generator) -> FrozenSynthesis:
    """The generator's synthesis as it is exported, the same function, with channels evened out for a quantizer.

    Per input channel i of a convolution: x s_i -> x (s_i / f_i) and W_i -> W_i f_i, with f_i = max|x s_i|^a /
    max|W_i|^(1 - a) over seeded latents of every class at psi 1, and a = ``SHARE`` (SmoothQuant, Xiao et al. 2023,
    equation 4), scaled to a geometric mean of 1.
    """
    frozen = FrozenSynthesis(generator.synthesis).eval().requires_grad_(False)
    layers = [layer for layer in frozen.modules() if isinstance(layer, FrozenConv)]
    reach = {layer: torch.zeros(layer.conv.in_channels) for layer in layers}

    def watch(layer: FrozenConv, inputs: Tensor) -> None:
        reach[layer] = torch.maximum(reach[layer], inputs.abs().amax(dim=(0, 2, 3)))

    hooks = [
        layer.conv.register_forward_pre_hook(lambda _, inputs, layer=layer: watch(layer, inputs[0])) for layer in layers
    ]
    shape, draw = generator.shape, torch.Generator().manual_seed(5)
    for mix in torch.eye(shape.classes).split(1):
        z = torch.randn(LATENTS_A_CLASS, shape.z_dim, generator=draw)
        noise = torch.randn(LATENTS_A_CLASS, shape.noise_length, generator=draw)
        frozen(generator.mapping(z, mix.expand(LATENTS_A_CLASS, -1)), noise)
    for hook in hooks:
        hook.remove()
    for layer in layers:
        heavy = layer.conv.weight.abs().amax(dim=(0, 2, 3)).clamp_min(1e-5)
        factor = reach[layer].clamp_min(1e-4) ** SHARE / heavy ** (1 - SHARE)
        factor = factor / factor.log().mean().exp()
        layer.conv.weight.mul_(factor[None, :, None, None])
        layer.even.div_(factor[None, :])
    return frozen
