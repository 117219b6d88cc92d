"""Draws docs/procedural-skies.jpg: a row for each genus, six views, and two whole domes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from skyloom_training.data.procedural import CLASSES, ProceduralSkies

SIDE, VIEWS, DOMES = 112, 6, 2


def main() -> None:
    """Write the sheet beside this file; always the same."""
    skies, rng = ProceduralSkies(1), np.random.default_rng(5)
    labels = np.repeat(np.arange(CLASSES), VIEWS)
    views = skies.batch(len(labels), SIDE, rng, labels)[0].reshape(CLASSES, VIEWS, SIDE, SIDE, 3)
    labels = np.repeat(np.arange(CLASSES), DOMES)
    domes = skies.domes(len(labels), SIDE, rng, labels)[0].transpose(0, 2, 3, 1)
    domes = domes.reshape(CLASSES, DOMES, SIDE, SIDE, 3)
    cells = np.concatenate([views, domes], axis=1).transpose(0, 2, 1, 3, 4)
    sheet = cells.reshape(CLASSES * SIDE, (VIEWS + DOMES) * SIDE, 3)
    _, data = cv2.imencode(".jpg", sheet[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])
    Path(__file__).with_name("procedural-skies.jpg").write_bytes(data.tobytes())


if __name__ == "__main__":
    main()
