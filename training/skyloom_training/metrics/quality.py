"""How far generated views are from photos that training never saw, between a floor and a ceiling.

Floor: other real photos. Ceiling: the same after JPEG of quality 10. Between them, what softness alone costs: the same
photos with two thirds of the pixels each way, enlarged again. All sets have the same size, the same number of
views of each class, and the same crops and cameras; the networks are none that trained the generator.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skyloom.generation.detail import DetailModel
from torch import Tensor

from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.metrics.feature_sets import FeatureNet
from skyloom_training.metrics.frechet import frechet_distance
from skyloom_training.metrics.generated import generated_views
from skyloom_training.metrics.kernel import kernel_distance
from skyloom_training.networks.generator import Generator

REFERENCE = "real, held out"
FLOOR, SOFT, CEILING = "floor: other photos", "soft: 2/3 of the pixels", "ceiling: JPEG 10"
BOUNDS = (FLOOR, SOFT, CEILING)
JUDGES = ("efficientnet-lite1", "efficientnet-lite2")
Pictures = NDArray[np.uint8]
# Wide pictures and close ones, for a seed.
Draw = Callable[[int], tuple[Pictures, Pictures]]


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
    detail: DetailModel | None = None,
) -> list[Row]:
    """Rows for every generator and the bounds, for wide views and for close ones.

    Args:
        generators: averaged generators by name.
        photos: all photos; those held out are the reference, the others make the bounds.
        per_class: views of each class in every set.
        psi: truncation psi of the generated views.
        size: side of the views in pixels.
        detail: every generator has a second row, of its domes as this enlarges them.
    """
    held, known = photos.part(held_out=True), photos.part(held_out=False)
    draws: dict[str, Draw] = {
        REFERENCE: lambda seed: _crops(held, per_class, size, seed),
        FLOOR: lambda seed: _crops(known, per_class, size, seed + 50),
        SOFT: lambda seed: _each(_softened, *_crops(known, per_class, size, seed + 50)),
        CEILING: lambda seed: _each(_after_jpeg, *_crops(known, per_class, size, seed + 50)),
    }
    for name, net in generators.items():
        draws[name] = _drawer(net, per_class, size, psi, None)
        if detail is not None:
            draws[f"{name}, detail"] = _drawer(net, per_class, size, psi, detail)
    networks = [FeatureNet(judge) for judge in judges]
    # Features of each set, by judge and by how near the views are, one array a seed; pictures are made once for all.
    found: dict[tuple[str, str, bool], list[NDArray[np.float64]]] = {}
    for name, draw in draws.items():
        for seed in range(seeds):
            for close, pictures in zip((False, True), draw(seed), strict=True):
                for judge, network in zip(judges, networks, strict=True):
                    found.setdefault((name, judge, close), []).append(network.features(pictures))
    rows = []
    for judge in judges:
        for close in (False, True):
            for name in [name for name in draws if name != REFERENCE]:
                pairs = list(zip(found[name, judge, close], found[REFERENCE, judge, close], strict=True))
                apart = [float(frechet_distance(a, b)) for a, b in pairs]
                rows.append(Row(name, judge, close, apart, [float(kernel_distance(a, b)) for a, b in pairs]))
    return rows


def table(rows: list[Row]) -> str:
    """The rows as Markdown, a line a distance: mean ± standard deviation over the seeds, kernel distances times 1000.

    Every model after the first also has the share of the first one's distance above the floor that is left of it, from
    the means.
    """
    names = list(dict.fromkeys(row.name for row in rows))
    made = [name for name in names if name not in BOUNDS]
    head = ["distance", "views", *names, *(f"{name}, share of {made[0]}'s above the floor" for name in made[1:])]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for metric, scale, digits in (("Fréchet", 1, 1), ("kernel × 1000", 1000, 1)):
        for judge, close in dict.fromkeys((row.judge, row.close) for row in rows):
            found = {
                row.name: np.array(row.frechet if metric == "Fréchet" else row.kernel) * scale
                for row in rows
                if (row.judge, row.close) == (judge, close)
            }
            floor = found[FLOOR].mean()
            shares = [(found[name].mean() - floor) / (found[made[0]].mean() - floor) for name in made[1:]]
            cells = [f"{metric}, {judge}", "close" if close else "wide", *(_spread(found[n], digits) for n in names)]
            lines.append(f"| {' | '.join([*cells, *(f'{share:.2f}' for share in shares)])} |")
    return "\n".join(lines)


def _spread(values: NDArray[np.float64], digits: int) -> str:
    return f"{values.mean():.{digits}f} ± {values.std(ddof=min(1, len(values) - 1)):.{digits}f}"


def _drawer(net: Generator, per_class: int, size: int, psi: float, detail: DetailModel | None) -> Draw:
    def draw(seed: int) -> tuple[Pictures, Pictures]:
        wide, near, _ = generated_views(net, per_class, size, psi, seed=2000 + seed, detail=detail)
        return _pixels(wide), _pixels(near)

    return draw


def _pixels(views: Tensor) -> Pictures:
    return np.asarray(((views.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy())


def _crops(photos: Photos, per_class: int, size: int, seed: int) -> tuple[Pictures, Pictures]:
    rng, classes = np.random.default_rng([9, seed]), np.repeat(np.arange(len(CODES)), per_class)
    wide = photos.crops(photos.of_classes(classes, rng), size, rng)
    return wide, photos.close_crops(photos.of_classes(classes, rng, sharp=True), size, rng)


def _each(change: Callable[[Pictures], Pictures], *sets: Pictures) -> tuple[Pictures, Pictures]:
    wide, near = ([change(picture) for picture in pictures] for pictures in sets)
    return np.stack(wide), np.stack(near)


def _softened(picture: Pictures) -> Pictures:
    image = Image.fromarray(picture)
    small = image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.BICUBIC)
    return np.asarray(small.resize(image.size, Image.Resampling.BICUBIC))


def _after_jpeg(picture: Pictures) -> Pictures:
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=10)
    return np.asarray(Image.open(data))
