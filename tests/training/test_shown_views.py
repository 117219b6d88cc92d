"""What the discriminator is shown: views and crops of one size, in one order, and what both have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from skyloom_training.data.ccsn import Photos
from skyloom_training.shown import batch_of, made_views, real_views, step_cameras
from skyloom_training.views import render_views
from tiny_net import made_up_photos, tiny_options


@pytest.fixture(scope="module")
def photos() -> Photos:
    return made_up_photos()


def test_a_batch_tells_class_nearness_height_and_partner(tmp_path: Path) -> None:
    options = tiny_options(tmp_path, views_per_dome=1, close_views=1)
    batch = batch_of(np.array([4, 4, 7, 7]), torch.tensor([True, False]), options)
    assert batch.labels.tolist() == [4, 4, 7, 7] * 2
    assert batch.groups.tolist() == [4, 4, 7, 7, 15, 15, 18, 18]
    assert batch.pairs.tolist() == [1, 0, 3, 2, 5, 4, 7, 6]
    assert batch.close.tolist() == [0] * 4 + [1] * 4
    # Classes, then close, then overhead.
    assert batch.mix.shape == (8, 13)
    assert batch.mix[:, :11].argmax(dim=1).tolist() == batch.labels.tolist()
    assert batch.mix[:, 11:].tolist() == [[0, 1]] * 4 + [[1, 0]] * 4
    logits = torch.zeros(8, 11)
    logits[:3, 4], logits[3, 7], logits[4:, 0] = 9.0, 9.0, 99.0
    assert batch.by_class(logits)[1] == 0.75  # of the wide ones


def test_photos_overhead_are_turned_and_others_are_not(photos: Photos, tmp_path: Path) -> None:
    classes = np.repeat(np.arange(11), 4)

    def views(*overhead: bool) -> torch.Tensor:
        return real_views(photos, classes, list(overhead), tiny_options(tmp_path), np.random.default_rng(5))

    upright, turned = views(False, False), views(True, False)
    first, rest = slice(0, len(classes)), slice(len(classes), None)
    assert upright.shape == turned.shape == (2 * len(classes), 3, 64, 64)
    quarters = [
        {k for k in range(4) if torch.equal(b, torch.rot90(a, k, (1, 2)))}
        for a, b in zip(upright[first], turned[first], strict=True)
    ]
    assert all(quarters)
    assert set.union(*quarters) == {0, 1, 2, 3}
    assert upright[rest].shape == turned[rest].shape


def test_close_views_are_enlarged_to_the_size_of_wide_ones(photos: Photos, tmp_path: Path) -> None:
    options = tiny_options(tmp_path, view_size=32, wide_size=64)
    real = real_views(photos, np.arange(11), [False, False], options, np.random.default_rng(5))
    cameras = step_cameras(options, torch.Generator().manual_seed(3), torch.device("cpu"))
    domes = torch.rand(11, 3, 64, 64)
    made = made_views(domes, cameras, options)
    assert real.shape == made.shape == (22, 3, 64, 64)
    close = render_views(domes, cameras[1].expand(11, -1), 32)
    torch.testing.assert_close(made[11:], torch.nn.functional.interpolate(close, 64, mode="bilinear"))
    # What is enlarged so changes little from pixel to pixel; photos of blocks jump where they are not.
    jumps = (real[..., 1:] - real[..., :-1]).abs().amax(dim=(1, 2, 3))
    assert jumps[11:].mean() < 0.8 * jumps[:11].mean()
