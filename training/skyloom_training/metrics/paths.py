"""Path lengths of a dome generator: from seed to seed of a type, and from type to type of a seed, as transitions go."""

from __future__ import annotations

import torch
from torch import Tensor

from skyloom_training.export.frozen import class_centres
from skyloom_training.metrics.path_length import PathLength, PerceptualFeatures, path_length
from skyloom_training.networks.generator import Generator
from skyloom_training.views import CameraRange, random_cameras, render_views

STEP = 0.01


@torch.no_grad()
def dome_paths(generator: Generator, pairs: int = 66, psi: float = 0.7, seed: int = 5) -> dict[str, PathLength]:
    """``between seeds`` and ``between types``: path lengths of wide views (EfficientNet-Lite2), the noise fixed.

    Args:
        generator: averaged, in evaluation mode, on the CPU.
        pairs: of latents, the types in turn.
        psi: truncation psi of both ends.
    """
    shape = generator.shape
    draw = torch.Generator().manual_seed(seed)
    centres = class_centres(generator, samples=1024)
    first = torch.arange(pairs) % shape.classes
    other = (first + 1 + torch.randint(0, shape.classes - 1, (pairs,), generator=draw)) % shape.classes
    z, z_other = (torch.randn(pairs, shape.z_dim, generator=draw) for _ in range(2))
    noise = torch.randn(1, shape.noise_length, generator=draw)
    camera = random_cameras(1, CameraRange(), draw, noise.device)

    def latents(z: Tensor, classes: Tensor) -> Tensor:
        w = generator.mapping(z, torch.eye(shape.classes)[classes])
        return centres[classes] + psi * (w - centres[classes])

    def views(w: Tensor) -> Tensor:
        domes = generator.synthesis(w, noise.expand(len(w), -1)).clamp(-1, 1)
        return render_views(domes, camera.expand(len(w), -1), 160)

    features = PerceptualFeatures()
    ends = {"between seeds": latents(z_other, first), "between types": latents(z, other)}
    start = latents(z, first)
    return {
        name: path_length(views, torch.stack([start, end], dim=1).flatten(0, 1), features, STEP)
        for name, end in ends.items()
    }
