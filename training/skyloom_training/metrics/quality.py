"""How far generated views are from photos that training never saw, between a floor and a ceiling.

Floor: other real photos. Ceiling: the same after JPEG of quality 10. All sets have the same size, the same number of
views of each class, and the same crops and cameras; the networks are none that trained the generator.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.generated import generated_views
from skyloom_training.metrics.kernel import kernel_distance
from skyloom_training.networks.generator import Generator

JUDGES = ("efficientnet-lite1", "efficientnet-lite2")
Pictures = NDArray[np.uint8]
Draw = Callable[[int, bool], Pictures]


@dataclass(frozen=True)
class Row:
    """Distances of one set to the held-out photos, one figure a seed."""

    name: str
    judge: str
    close: bool
    frechet: list[float]
    kernel: list[float]


def quality(
    generators: dict[str, Generator],
    photos: Photos,
    per_class: int = 50,
    seeds: int = 3,
    psi: float = 0.7,
    size: int = 160,
    judges: tuple[str, ...] = JUDGES,
) -> list[Row]:
    """Rows for every generator, the floor and the ceiling, for wide views and for close ones.

    Args:
        generators: averaged generators by name.
        photos: all photos; those held out are the reference, the others make floor and ceiling.
        per_class: views of each class in every set.
        psi: truncation psi of the generated views.
        size: side of the views in pixels.
    """
    held, known = photos.part(held_out=True), photos.part(held_out=False)
    draws: dict[str, Draw] = {
        "real, other photos (floor)": lambda seed, close: _crops(known, per_class, size, seed + 50, close),
        "real, JPEG quality 10 (ceiling)": lambda s, close: _pressed(_crops(known, per_class, size, s + 50, close)),
    }
    for name, net in generators.items():
        draws[name] = _drawer(net, per_class, size, psi)
    rows = []
    for judge in judges:
        network = FeatureNet(judge)
        for close in (False, True):
            reference = [network.features(_crops(held, per_class, size, seed, close)) for seed in range(seeds)]
            for name, draw in draws.items():
                sets = [network.features(draw(seed, close)) for seed in range(seeds)]
                pairs = list(zip(sets, reference, strict=True))
                apart = [float(frechet_distance(a, b)) for a, b in pairs]
                rows.append(Row(name, judge, close, apart, [float(kernel_distance(a, b)) for a, b in pairs]))
    return rows


def table(rows: list[Row]) -> str:
    """The rows as Markdown: mean ± standard deviation over the seeds, kernel distances times 1000."""
    lines = ["| set | network | views | Fréchet | kernel × 1000 |", "|---|---|---|---|---|"]
    for row in rows:
        frechet, kernel = _spread(row.frechet, 1, 1), _spread(row.kernel, 1000, 2)
        lines.append(f"| {row.name} | {row.judge} | {'close' if row.close else 'wide'} | {frechet} | {kernel} |")
    return "\n".join(lines)


def _spread(values: list[float], scale: float, digits: int) -> str:
    return f"{np.mean(values) * scale:.{digits}f} ± {np.std(values, ddof=min(1, len(values) - 1)) * scale:.{digits}f}"


def _drawer(net: Generator, per_class: int, size: int, psi: float) -> Draw:
    def draw(seed: int, close: bool) -> Pictures:
        views, _ = generated_views(net, per_class, size, psi, seed=2000 + seed, close=close)
        pixels: Any = ((views.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        return np.asarray(pixels)

    return draw


def _crops(photos: Photos, per_class: int, size: int, seed: int, close: bool) -> Pictures:
    rng = np.random.default_rng([9, seed])
    indices = photos.of_classes(np.repeat(np.arange(len(CODES)), per_class), rng, sharp=close)
    return photos.close_crops(indices, size, rng) if close else photos.crops(indices, size, rng)


def _pressed(pictures: Pictures) -> Pictures:
    out = []
    for picture in pictures:
        data = io.BytesIO()
        Image.fromarray(picture).save(data, "JPEG", quality=10)
        out.append(np.asarray(Image.open(data)))
    return np.stack(out)
