"""What the discriminator is shown in a step: views of domes, crops of photos in the same order, and what both have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.config import TrainOptions
from skyloom_training.data.ccsn import Photos
from skyloom_training.views import close_cameras, random_cameras, render_views

# Conditions beside the class: whether a view is close, and whether it looks overhead.
FLAGS = 2


@dataclass(frozen=True)
class Batch:
    """What the views of a step have, made and real alike: conditions, classes, which are close, each one's partner."""

    mix: Tensor
    labels: Tensor
    close: Tensor
    pairs: Tensor

    @property
    def groups(self) -> Tensor:
        """Class of a wide view, the number of classes more for a close one."""
        return self.labels + self.close.long() * (self.mix.shape[1] - FLAGS)

    def by_class(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Cross entropy and share named rightly, of the wide views: a close one rarely tells its type."""
        wide = self.close == 0
        logits, labels = logits[wide], self.labels[wide]
        return F.cross_entropy(logits, labels), (logits.argmax(dim=1) == labels).float().mean()


def batch_of(classes: NDArray[np.int64], overhead: Tensor, options: TrainOptions) -> Batch:
    """The batch of domes of ``classes`` through cameras of which some look ``overhead`` [slots]: wide, then close."""
    slots, device = len(overhead), overhead.device
    close = torch.arange(slots, device=device) >= options.views_per_dome
    flags = torch.stack([close, overhead], dim=1).float().repeat_interleave(len(classes), dim=0)
    labels = torch.from_numpy(classes).to(device).repeat(slots)
    mix = torch.cat([F.one_hot(labels, options.shape.classes).float(), flags], dim=1)
    return Batch(mix, labels, flags[:, 0], torch.arange(len(labels), device=device) ^ 1)


def step_cameras(options: TrainOptions, draw: torch.Generator, device: torch.device) -> Tensor:
    """The wide cameras of a step, then the close ones [slots, 4]; every dome is seen by each."""
    wide = random_cameras(options.views_per_dome, options.camera, draw, device)
    return torch.cat([wide, close_cameras(options.close_views, options.camera, draw, device)])


def made_views(domes: Tensor, cameras: Tensor, options: TrainOptions) -> Tensor:
    """Views [slots * batch, 3, W, W]: all domes through the first camera, then all through the second, ..."""
    views = []
    for slot, camera in enumerate(cameras):
        each = camera.expand(len(domes), -1)
        if slot < options.views_per_dome:
            # A wide view may have several pixels of the dome in one of its own: at twice the size, it does not alias.
            views.append(F.avg_pool2d(render_views(domes, each, 2 * options.wide_size), 2))
        else:
            views.append(_enlarged(render_views(domes, each, options.view_size), options))
    return torch.cat(views)


def real_views(
    photos: Photos, classes: NDArray[np.int64], overhead: list[bool], options: TrainOptions, rng: np.random.Generator
) -> Tensor:
    """Crops of photos of ``classes``, in the order of ``made_views``; those of ``overhead`` slots turned at will."""
    views = []
    for slot, turned in enumerate(overhead):
        close = slot >= options.views_per_dome
        chosen = photos.of_classes(classes, rng, sharp=close)
        crops = photos.close_crops if close else photos.crops
        part = crops(chosen, options.view_size if close else options.wide_size, rng)
        if turned:
            part = np.stack([np.rot90(crop, k) for crop, k in zip(part, rng.integers(0, 4, len(part)), strict=True)])
        pixels = torch.from_numpy(part).permute(0, 3, 1, 2).float() / 127.5 - 1
        views.append(_enlarged(pixels, options) if close else pixels)
    return torch.cat(views)


def _enlarged(views: Tensor, options: TrainOptions) -> Tensor:
    """Close views, which are as large as a dome is sharp, at the size of wide ones."""
    return F.interpolate(views, options.wide_size, mode="bilinear", align_corners=False)
