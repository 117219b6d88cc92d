"""View contrast: how much near places of views differ, and how skies pale toward the horizon, in 8-bit levels."""

from __future__ import annotations

import torch
from torch import Tensor

from skyloom_training.contrast import NAMES, contrasts


def view_contrast(views: Tensor) -> dict[str, float]:
    """Of views [N, 3, V, V] in [-1, 1]: geometric means of deviations in squares, means of slopes, by :data:`NAMES`.

    Fine is within a tenth of a view, broad within 0.35; a slope is what the bottom has more than the top; blue is blue
    less red.
    """
    found = contrasts(views)
    deviations, slopes = found[:, :-2].mean(dim=0).exp(), found[:, -2:].mean(dim=0)
    return dict(zip(NAMES, (127.5 * torch.cat([deviations, slopes])).tolist(), strict=True))
