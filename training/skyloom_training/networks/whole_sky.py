"""Discriminator of whole skies: which way weather lies over a dome, as procedural skies know and photos cannot show."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class _Scale(nn.Module):
    """Domes [N, 1, S, S] and classes -> logits [N, (S / 2^halvings)²]; conditional by projection (Miyato 2018).

    Halved by means, not strides, whose gradients are a lattice. Zeros around tell each place where it is on the dome.
    """

    def __init__(self, classes: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for width in widths:
            layers += [spectral_norm(nn.Conv2d(inputs, width, 3, 1, 1)), nn.LeakyReLU(0.2), nn.AvgPool2d(2)]
            inputs = width
        layers += [spectral_norm(nn.Conv2d(inputs, inputs, 3, 1, 1)), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        self.score = spectral_norm(nn.Conv2d(inputs, 1, 1))
        self.embed = nn.Linear(classes, inputs, bias=False)

    def forward(self, x: Tensor, mix: Tensor) -> Tensor:
        x = self.body(x)
        by_class = (x * self.embed(mix)[:, :, None, None]).sum(dim=1, keepdim=True) * x.shape[1] ** -0.5
        return (self.score(x) + by_class).flatten(1)


class WholeSkyDiscriminator(nn.Module):
    """Normalised domes [N, 1, 128, 128] and classes [N, classes] -> logits of two scales [N, 64].

    One sees streaks and trails, the other, at a quarter of the size, only where the weather is.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.fine = _Scale(classes, (16, 32, 64, 96))
        self.coarse = _Scale(classes, (64, 96))

    def forward(self, x: Tensor, mix: Tensor) -> list[Tensor]:
        return [self.fine(x, mix), self.coarse(F.avg_pool2d(x, 4), mix)]
