"""Draws the pictures in docs/ with the bundled model: two contact sheets, eleven types by six seeds, and a panorama."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from skyloom.clouds import CLOUD_NAMES
from skyloom.generation import ModelRegistry
from skyloom.imaging.render import render_layout
from skyloom.request import Camera, OutputSpec

HERE = Path(__file__).resolve().parent
SEEDS = range(1, 7)
HERO = ("cumulus-panorama.jpg", "cumulus", 4)
SHEETS = {
    "sheet-panoramas.jpg": OutputSpec("panorama", 320),
    "sheet-views.jpg": OutputSpec("perspective", 320, camera=Camera(yaw=0.0, pitch=24.0, fov=85.0)),
}


def main() -> None:
    """Render every sky once, lay both sheets out, and draw the picture that the README begins with."""
    model = ModelRegistry().get()
    name, cloud, seed = HERO
    dome = model.synthesise(((cloud, 1.0),), seed, 0.7)
    (_, _, pixels), *_ = render_layout(dome, OutputSpec("panorama", 1600), theta_max=model.theta_max)
    Image.fromarray((pixels[: int(0.56 * len(pixels))] * 255).round().astype(np.uint8)).save(HERE / name, quality=90)
    domes = {(name, seed): model.synthesise(((name, 1.0),), seed, 0.7) for name in CLOUD_NAMES for seed in SEEDS}
    for file, spec in SHEETS.items():
        rows = []
        for name in CLOUD_NAMES:
            tiles = [render_layout(domes[name, seed], spec, theta_max=model.theta_max)[0][2] for seed in SEEDS]
            rows.append(np.concatenate(tiles, axis=1))
        picture = Image.fromarray((np.concatenate(rows) * 255).round().astype(np.uint8))
        draw = ImageDraw.Draw(picture)
        for index, name in enumerate(CLOUD_NAMES):
            top = index * rows[0].shape[0]
            draw.text((6, top + 4), name, fill="white", stroke_width=2, stroke_fill="black")
        picture.save(HERE / file, quality=88)
        print(HERE / file, picture.size)


if __name__ == "__main__":
    main()
