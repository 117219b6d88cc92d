"""Generated views for metrics: seeded domes of every class, seen by the cameras of training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from skyloom.generation.detail import DetailModel
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.export.frozen import class_centres
from skyloom_training.networks.generator import Generator
from skyloom_training.views import CameraRange, close_cameras, random_cameras, render_views

LOOKS = (random_cameras, close_cameras)


@torch.no_grad()
def generated_views(
    generator: Generator,
    per_class: int,
    view_size: int,
    psi: float = 0.7,
    seed: int = 99,
    cameras: CameraRange | None = None,
    detail: DetailModel | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Wide views and close views of the same domes, [classes * per_class, 3, V, V] each, and class indices [N].

    A dome costs far more than its views. With ``detail`` the domes are seen as that network enlarges them.
    """
    shape = generator.shape
    draw = torch.Generator().manual_seed(seed)
    centres = class_centres(generator)
    wide: list[Tensor] = []
    near: list[Tensor] = []
    labels: list[int] = []
    for index in range(shape.classes):
        mix = torch.eye(shape.classes)[index].expand(per_class, -1)
        w = generator.mapping(torch.randn(per_class, shape.z_dim, generator=draw), mix)
        w = centres[index] + psi * (w - centres[index])
        noise = torch.randn(per_class, shape.noise_length, generator=draw)
        domes = torch.cat([generator.synthesis(*part) for part in zip(w.split(8), noise.split(8), strict=True)])
        cameras_of = [look(per_class, cameras or CameraRange(), draw, domes.device) for look in LOOKS]
        for views, part in zip((wide, near), _seen(domes.clamp(-1, 1), cameras_of, view_size, detail), strict=True):
            views.append(part)
        labels += [index] * per_class
    return torch.cat(wide), torch.cat(near), torch.tensor(labels)


def _seen(domes: Tensor, cameras: list[Tensor], size: int, detail: DetailModel | None) -> list[Tensor]:
    """Views [N, 3, size, size] of domes [N, 3, S, S], a tensor for each camera [N, 4] of every dome."""
    # Rendered larger and averaged: a wide view of a large dome would alias otherwise.
    if detail is None:
        return [F.avg_pool2d(render_views(domes, where, 2 * size), 2) for where in cameras]
    times, views = detail.factor, []
    # One by one: enlarged ones are too large to be kept.
    for dome, *where in zip(domes, *cameras, strict=True):
        pixels = np.ascontiguousarray(((dome + 1) / 2).permute(1, 2, 0).numpy())
        large = torch.from_numpy(detail.enlarge(pixels)).permute(2, 0, 1)[None] * 2 - 1
        views.append([F.avg_pool2d(render_views(large, one[None], times * size), times) for one in where])
    return [torch.cat(parts) for parts in zip(*views, strict=True)]


@torch.no_grad()
def generated_domes(generator: Generator, count: int, psi: float = 0.7, seed: int = 98) -> NDArray[np.float32]:
    """Domes float32 (count, 3, S, S) in [-1, 1], the classes in turn."""
    shape = generator.shape
    draw = torch.Generator().manual_seed(seed)
    centres = class_centres(generator)
    domes = []
    for row in range(count):
        index = row % shape.classes
        w = generator.mapping(torch.randn(1, shape.z_dim, generator=draw), torch.eye(shape.classes)[index : index + 1])
        noise = torch.randn(1, shape.noise_length, generator=draw)
        domes.append(generator.synthesis(centres[index] + psi * (w - centres[index]), noise).clamp(-1, 1).numpy())
    return np.concatenate(domes)
