"""The quality table: floor below model and ceiling, equal sets, and a table that says what is what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from skyloom.generation.detail import DetailModel
from skyloom_training.metrics import quality as module
from skyloom_training.metrics.paths import dome_paths
from skyloom_training.metrics.quality import BOUNDS, CEILING, FLOOR, SOFT, Row, quality, table
from skyloom_training.networks.layers import Linear
from tiny_net import made_up_photos, tiny_generator

JUDGE = "efficientnet-lite1"


class MeanColours:
    """Stands in for a network: a picture's mean colours and contrast, which is enough to tell these sets apart."""

    def __init__(self, name: str) -> None:
        assert name == JUDGE

    def features(self, pictures: np.ndarray) -> np.ndarray:
        assert pictures.shape == (22, 48, 48, 3)
        blocks = pictures.reshape(len(pictures), 6, 8, 6, 8, 3).astype(float)
        return np.concatenate([blocks.mean(axis=(1, 2, 3, 4)), blocks.std(axis=(2, 4)).mean(axis=(1, 2))], axis=1)


def test_rows_for_every_set_and_the_floor_below_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FeatureNet", MeanColours)
    rows = quality({"tiny": tiny_generator(seed=1)}, made_up_photos(20), per_class=2, seeds=2, size=48, judges=(JUDGE,))
    assert [(row.name, row.close) for row in rows] == [
        (name, close) for close in (False, True) for name in (*BOUNDS, "tiny")
    ]
    assert all(len(row.frechet) == len(row.kernel) == 2 for row in rows)
    for floor, _, _, made in (rows[:4], rows[4:]):
        assert max(floor.frechet) < min(made.frechet)


def test_every_model_is_judged_with_detail_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FeatureNet", MeanColours)
    detail = DetailModel(Path(__file__).parents[1] / "data/tiny_detail", threads=1)
    made = {"tiny": tiny_generator(seed=1), "other": tiny_generator(seed=2)}
    rows = quality(made, made_up_photos(20), per_class=2, seeds=1, size=48, judges=(JUDGE,), detail=detail)
    names = ["tiny", "tiny, detail", "other", "other, detail"]
    assert [row.name for row in rows if not row.close] == [*BOUNDS, *names]
    found = {row.name: row.frechet[0] for row in rows if row.close}
    assert len({found[name] for name in names}) == 4


def test_table_shows_mean_and_spread_and_what_is_left_of_the_first_model() -> None:
    sets = {FLOOR: [9.0, 11.0], SOFT: [20.0, 20.0], CEILING: [90.0, 90.0], "old": [50.0, 50.0], "new": [19.0, 21.0]}
    rows = [
        Row(name, "net", close, frechet, [value / 1000 for value in frechet])
        for close in (False, True)
        for name, frechet in sets.items()
    ]
    cells = "10.0 ± 1.4 | 20.0 ± 0.0 | 90.0 ± 0.0 | 50.0 ± 0.0 | 20.0 ± 1.4 | 0.25 |"
    assert table(rows).splitlines() == [
        f"| distance | views | {FLOOR} | {SOFT} | {CEILING} | old | new | new, share of old's above the floor |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {metric}, net | {views} | {cells}"
            for metric in ("Fréchet", "kernel × 1000")
            for views in ("wide", "close")
        ),
    ]


def test_a_table_of_one_model_or_one_seed() -> None:
    rows = [Row(name, "net", True, [2.0], [0.5]) for name in (FLOOR, "only")]
    assert table(rows).splitlines()[2] == "| Fréchet, net | close | 2.0 ± 0.0 | 2.0 ± 0.0 |"


def test_paths_are_longer_where_the_net_moves_more() -> None:
    still = tiny_generator(seed=2)
    moving = tiny_generator(seed=2)
    with torch.no_grad():
        for layer in still.synthesis.modules():
            if isinstance(layer, Linear):
                layer.weight.mul_(0.1)  # styles that hardly listen to w
    short, long = (dome_paths(net.eval(), pairs=4) for net in (still, moving))
    assert set(short) == {"between seeds", "between types"}
    for way, path in short.items():
        assert path.pairs == 2  # the shortest and the longest are left out
        assert 0 < path.mean < long[way].mean
