"""Projected discriminator: small conditional heads on frozen features, and two on raw colour (Sauer et al. 2021)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from skyloom_training.networks.features import LITE0_CHANNELS, POOLED, Features, moments

# Numbers that tell the texture and the content of a view, see ProjectedDiscriminator.judged.
STATISTICS = 2 * sum(LITE0_CHANNELS) + POOLED


class Head(nn.Module):
    """Feature map [N, C, H, W] and class mix [N, classes] -> logits [N, L]; conditional by projection (Miyato 2018).

    With ``pairs`` [N] (the row of each picture's partner) it also sees how much the two differ, place by place: like
    minibatch statistics (Karras et al. 2018), but between pictures that should differ as two photos of a class do.
    """

    mixer: Tensor

    def __init__(self, inputs: int, width: int, classes: int, halvings: int) -> None:
        super().__init__()
        # A fixed random mix of channels keeps the heads from leaning on a few of them.
        mixer = torch.randn(width, inputs, 1, 1) * inputs**-0.5
        self.register_buffer("mixer", mixer)
        layers: list[nn.Module] = []
        for _ in range(halvings):
            layers += [spectral_norm(nn.Conv2d(width, width, 4, 2, 1)), nn.LeakyReLU(0.2)]
        layers += [spectral_norm(nn.Conv2d(width, width, 3, 1, 1)), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        self.score = spectral_norm(nn.Conv2d(width, 1, 1))
        self.embed = nn.Linear(classes, width, bias=False)
        self.spread = nn.Conv2d(1, 1, 1)
        nn.init.zeros_(self.spread.weight)
        nn.init.zeros_(self.spread.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor, mix: Tensor, pairs: Tensor | None = None) -> Tensor:
        x = self.body(F.conv2d(x, self.mixer.to(x.dtype)))
        by_class = (x * self.embed(mix).to(x.dtype)[:, :, None, None]).sum(dim=1, keepdim=True) * x.shape[1] ** -0.5
        logits = self.score(x) + by_class
        if pairs is not None:
            logits = logits + self.spread((x - x[pairs]).abs().mean(dim=1, keepdim=True))
        return logits.flatten(1)


class RawHead(nn.Module):
    """Raw RGB -> logits, of what ImageNet features hardly see.

    Pooled to ``side`` squared: hue, without which colours drift. Whole (``side`` 0): a lattice of single pixels, which
    the stride of the features' first layer folds away.
    """

    def __init__(self, width: int, classes: int, side: int) -> None:
        super().__init__()
        self.side = side
        self.first = spectral_norm(nn.Conv2d(3, width, 3, 1, 1))
        self.head = Head(width, width, classes, halvings=2)

    def forward(self, x: Tensor, mix: Tensor, pairs: Tensor | None = None) -> Tensor:
        x = F.adaptive_avg_pool2d(x, self.side) if self.side else x
        return self.head(F.leaky_relu(self.first(x), 0.2), mix, pairs)


class ProjectedDiscriminator(nn.Module):
    """Views [N, 3, V, V] in [-1, 1] and conditions [N, classes + flags] -> logits per scale, and class logits.

    The conditions are a class mix, and after it ``flags`` numbers that are no class, as whether a view is close.
    """

    def __init__(self, classes: int, width: int = 64, flags: int = 0) -> None:
        super().__init__()
        conditions = classes + flags
        self.features = Features()
        halvings = (2, 1, 0, 0)
        self.heads = nn.ModuleList(
            Head(channels, width, conditions, halving)
            for channels, halving in zip(LITE0_CHANNELS, halvings, strict=True)
        )
        self.colour = RawHead(width // 2, conditions, side=16)
        self.texture = RawHead(width // 4, conditions, side=0)
        self.classifier = nn.Linear(POOLED, classes)

    def forward(self, x: Tensor, mix: Tensor, pairs: Tensor | None = None) -> tuple[list[Tensor], Tensor]:
        logits, classes, _ = self.judged(x, mix, pairs)
        return logits, classes

    def judged(self, x: Tensor, mix: Tensor, pairs: Tensor | None = None) -> tuple[list[Tensor], Tensor, Tensor]:
        """What ``forward`` gives, and the ``STATISTICS`` of each view [N, 2272], float32.

        The moments of every map of the features, then the pooled vector.
        """
        maps, pooled = self.features(x)
        logits = [head(feature, mix, pairs) for head, feature in zip(self.heads, maps, strict=True)]
        logits += [self.colour(x, mix, pairs), self.texture(x, mix, pairs)]
        statistics = torch.cat([*(moments(feature) for feature in maps), pooled.float()], dim=1)
        return logits, self.classifier(pooled), statistics

    def trained_parameters(self) -> list[nn.Parameter]:
        """All parameters but the frozen features'."""
        return [p for name, p in self.named_parameters() if not name.startswith("features.")]
