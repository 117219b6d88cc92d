"""Two forms of one trained generator: Skyloom's, which scales activations, and the thesis', which scales weights.

Both are the same function (Karras et al. 2020, section 2.2): conv(x s, W) d = conv(x, W s d). In the first, W is a
constant of the graph; in the second every convolution's weight is computed anew from the latent.
"""

from __future__ import annotations

from pathlib import Path

import torch
from onnxruntime.quantization.shape_inference import quant_pre_process
from skyloom_training.export.evening import evened_synthesis
from skyloom_training.export.frozen import FrozenConv, FrozenRgb, FrozenSynthesis
from skyloom_training.networks.generator import Generator
from skyloom_training.networks.layers import ACTIVATION_GAIN, LEAK, padded
from torch import Tensor, nn
from torch.nn import functional as F

FORMS = ("activation scaling", "weight modulation")


class WeightModulatedConv(nn.Module):
    """A FrozenConv whose weights are styled and demodulated at run time, batch by groups, as StyleGAN2-ADA's are."""

    def __init__(self, layer: FrozenConv) -> None:
        super().__init__()
        self.weight, self.padding, self.edge = layer.conv.weight, layer.padding, layer.edge
        self.style, self.bias, self.strength = layer.style, layer.bias, layer.strength

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None = None, more: Tensor | None = None) -> Tensor:
        s = self.style(w)
        s = s * torch.rsqrt((s * s).mean(dim=1, keepdim=True) + 1e-8)
        weight = self.weight[None] * s[:, None, :, None, None]
        d = ACTIVATION_GAIN * torch.rsqrt(weight.square().sum(dim=(2, 3, 4)) + 1e-8 * ACTIVATION_GAIN**2)
        x, padding = padded(x, self.padding, self.edge)
        y = _grouped(x, weight * d[:, :, None, None, None], padding)
        y = y + (self.bias if self.strength is None or noise is None else noise * self.strength + self.bias)
        if more is not None:
            y = y + more
        return F.leaky_relu(y, LEAK)


class WeightModulatedRgb(nn.Module):
    """A FrozenRgb whose weights are styled at run time."""

    def __init__(self, layer: FrozenRgb) -> None:
        super().__init__()
        self.weight, self.bias, self.padding = layer.conv.weight, layer.conv.bias, layer.conv.padding
        self.style = layer.style

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        y = _grouped(x, self.weight[None] * self.style(w)[:, None, :, None, None], self.padding)
        return y if self.bias is None else y + self.bias[None, :, None, None]


def _grouped(x: Tensor, weight: Tensor, padding: object) -> Tensor:
    """One convolution for a whole batch, each picture with weights of its own [N, O, I, k, k]."""
    n, outputs, inputs, k, _ = weight.shape
    y = F.conv2d(
        x.reshape(1, n * inputs, *x.shape[2:]),
        weight.reshape(n * outputs, inputs, k, k),
        padding=padding,  # type: ignore[arg-type]
        groups=n,
    )
    return y.reshape(n, outputs, *y.shape[2:])


def synthesis(generator: Generator, form: str) -> nn.Module:
    """The generator's synthesis in one of ``FORMS``."""
    if form == FORMS[0]:
        return evened_synthesis(generator)
    styled = FrozenSynthesis(generator.synthesis).eval().requires_grad_(False)
    for parent in list(styled.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, FrozenConv):
                setattr(parent, name, WeightModulatedConv(child))
            elif isinstance(child, FrozenRgb):
                setattr(parent, name, WeightModulatedRgb(child))
    return styled


def example(generator: Generator, batch: int = 1) -> tuple[Tensor, Tensor]:
    """Inputs (w, noise) of a synthesis."""
    draw = torch.Generator().manual_seed(3)
    shape = generator.shape
    return tuple(torch.randn(batch, n, generator=draw) for n in (shape.w_dim, shape.noise_length))  # type: ignore[return-value]


def export(
    net: nn.Module, inputs: tuple[Tensor, ...], path: Path, opset: int = 18, dynamo: bool = True, **options: object
) -> None:
    """One ONNX file with inputs w and noise and output dome; raises whatever the exporter raises."""
    if dynamo:
        options = {"external_data": False, "verbose": False, **options}
    torch.onnx.export(
        net,
        inputs,
        str(path),
        input_names=["w", "noise"],
        output_names=["dome"],
        opset_version=opset,
        dynamo=dynamo,
        **options,
    )


def export_for_measuring(net: nn.Module, inputs: tuple[Tensor, ...], path: Path) -> None:
    """By the dynamo exporter, batch 1, folded as quantizers want it."""
    raw = path.with_suffix(".raw.onnx")
    export(net, inputs, raw)
    quant_pre_process(str(raw), str(path), skip_symbolic_shape=True)
    raw.unlink()
