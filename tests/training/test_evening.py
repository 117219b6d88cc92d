"""Evening out channels: the same function in float, and closer to it in int8 where channels are uneven."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from skyloom_training.export import to_onnx
from skyloom_training.export.evening import evened_synthesis
from skyloom_training.export.frozen import FrozenConv, FrozenSynthesis
from skyloom_training.export.parity import psnr
from skyloom_training.export.quantize import quantize
from skyloom_training.networks.generator import Generator
from skyloom_training.networks.layers import ModulatedConv
from tiny_net import inputs, tiny_generator


@pytest.fixture(scope="module")
def uneven() -> Generator:
    """A tiny net in which a few input channels of every convolution are a hundred times as strong as the others."""
    generator = tiny_generator(seed=3)
    with torch.no_grad():
        for layer in generator.modules():
            if isinstance(layer, ModulatedConv):
                layer.style.bias[::5] *= 100
                layer.weight[:, ::5] /= 100
    return generator


def reaches(synthesis: FrozenSynthesis, w: torch.Tensor, noise: torch.Tensor) -> list[torch.Tensor]:
    """Largest input of every channel of every convolution, divided by the layer's largest."""
    found = []

    def watch(_: object, given: tuple[torch.Tensor]) -> None:
        reach = given[0].abs().amax(dim=(0, 2, 3))
        found.append(reach / reach.max())

    hooks = [m.conv.register_forward_pre_hook(watch) for m in synthesis.modules() if isinstance(m, FrozenConv)]
    synthesis(w, noise)
    for hook in hooks:
        hook.remove()
    return found


def test_the_function_is_the_same_and_channels_are_more_alike(uneven: Generator) -> None:
    z, mix, noise = inputs(4, seed=2)
    w = uneven.mapping(z, mix)
    plain, evened = FrozenSynthesis(uneven.synthesis), evened_synthesis(uneven)
    torch.testing.assert_close(evened(w, noise), plain(w, noise), atol=1e-5, rtol=1e-4)
    before, after = (torch.cat(reaches(net, w, noise)).median() for net in (plain, evened))
    assert before < 0.05
    assert after > 4 * before
    assert not any(parameter.requires_grad for parameter in evened.parameters())


def test_int8_is_closer(uneven: Generator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    z, mix, noise = inputs(6, seed=4)
    w = uneven.mapping(z, mix).detach().numpy()

    def loss(folder: Path) -> float:
        _, wide = to_onnx.export_float(uneven, folder)
        quantize(wide, folder / "narrow.onnx", w, uneven.shape.noise_length)
        domes = [
            ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(
                None, {"w": w, "noise": noise.numpy()}
            )[0]
            for path in (wide, folder / "narrow.onnx")
        ]
        assert np.isfinite(domes[1]).all()
        return psnr(*domes)

    evened = loss(tmp_path / "evened")
    monkeypatch.setattr(to_onnx, "evened_synthesis", lambda net: FrozenSynthesis(net.synthesis).eval())
    assert evened > loss(tmp_path / "plain") + 3
