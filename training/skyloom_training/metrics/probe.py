"""Per-class probe accuracy: a linear classifier on frozen features of real views names the class of generated views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.networks.features import Features

# Another network than the one that trained the generator, so that it cannot have been fooled on purpose.
JUDGE = "efficientnet-lite2"
JUDGE_SIZE = 192


@dataclass(frozen=True)
class ProbeReport:
    """Shares named correctly: of held-out real views, of generated views, and of the latter by class code."""

    real: float
    generated: float
    by_class: dict[str, float]
    real_views: int
    generated_views: int

    @property
    def times_chance(self) -> float:
        """Accuracy on generated views over that of a guess."""
        return self.generated * len(CODES)


@torch.no_grad()
def judge_features(views: Tensor, batch: int = 32) -> Tensor:
    """Views [N, 3, V, V] in [-1, 1] -> pooled features [N, 1280] of the judge."""
    net = Features(JUDGE, taps=())
    parts = []
    for part in views.split(batch):
        large = F.interpolate(part, (JUDGE_SIZE, JUDGE_SIZE), mode="bicubic", align_corners=False).clamp(-1, 1)
        parts.append(net(large)[1])
    return torch.cat(parts)


def probe(photos: Photos, generated: Tensor, labels: Tensor, seed: int = 0, view_size: int = 96) -> ProbeReport:
    """Fit on crops of four fifths of the photos, test on the rest and on generated views [N, 3, V, V] with labels [N].

    Real and generated views have the same size, so that sharpness alone tells nothing.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(photos.labels))
    cut = len(order) * 4 // 5
    fit = np.concatenate([order[:cut]] * 2)
    x_fit, x_test = (judge_features(_views(photos, part, view_size, rng)) for part in (fit, order[cut:]))
    y_fit, y_test = torch.from_numpy(photos.labels[fit]), torch.from_numpy(photos.labels[order[cut:]])
    mean, std = x_fit.mean(dim=0), x_fit.std(dim=0) + 1e-6
    classify = fit_linear((x_fit - mean) / std, y_fit)
    named = classify((judge_features(generated) - mean) / std)
    by_class = {code: (named[labels == i] == i).float().mean().item() for i, code in enumerate(CODES)}
    real = (classify((x_test - mean) / std) == y_test).float().mean().item()
    return ProbeReport(real, (named == labels).float().mean().item(), by_class, len(y_test), len(labels))


def fit_linear(x: Tensor, y: Tensor, decay: float = 1e-2, steps: int = 60) -> Callable[[Tensor], Tensor]:
    """Logistic regression with weight decay, classes weighted equally; returns features -> class indices."""
    classes = int(y.max()) + 1
    weight = torch.zeros(x.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    balance = 1.0 / torch.bincount(y, minlength=classes).float().clamp(min=1)
    solver = torch.optim.LBFGS([weight, bias], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        solver.zero_grad()
        loss = F.cross_entropy(x @ weight + bias, y, weight=balance) + decay * weight.square().sum()
        loss.backward()
        return loss

    solver.step(closure)
    return lambda features: (features @ weight.detach() + bias.detach()).argmax(dim=1)


def _views(photos: Photos, indices: NDArray[np.int64], size: int, rng: np.random.Generator) -> Tensor:
    crops = torch.from_numpy(photos.crops(indices, size, rng))
    return crops.permute(0, 3, 1, 2).float() / 127.5 - 1
