"""The same photo twice: found whatever its size and compression; under two labels neither copy stays."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image
from skyloom_training.data.doubles import doubled


def skies(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(60, 200, (count, 9, 9, 3), np.uint8)
    return np.stack([cv2.resize(c, (128, 128), interpolation=cv2.INTER_CUBIC) for c in coarse])


def pressed(photo: np.ndarray) -> np.ndarray:
    data = io.BytesIO()
    Image.fromarray(photo).resize((90, 90)).save(data, "JPEG", quality=30)
    return np.asarray(Image.open(data).convert("RGB").resize((128, 128)))


def test_copies_under_one_label_leave_the_first() -> None:
    photos = skies(12)
    photos = np.concatenate([photos, [pressed(photos[3])]])
    assert np.flatnonzero(doubled(photos, np.zeros(13, int))).tolist() == [12]


def test_copies_under_two_labels_all_go() -> None:
    photos = skies(12)
    photos = np.concatenate([photos, [pressed(photos[3]), photos[5]]])
    labels = np.array([0] * 12 + [1, 0])
    assert np.flatnonzero(doubled(photos, labels)).tolist() == [3, 12, 13]


def test_even_photos_are_not_copies_of_each_other() -> None:
    photos = np.full((3, 64, 64, 3), 128, np.uint8)
    assert not doubled(photos, np.zeros(3, int)).any()
