"""Draws the sheets of docs/quality.md: generated views beside photos and panoramas, at equal resolution.

    python docs/make_quality.py --data ccsn.zip --panoramas puresky/

Both are optional; what is not given is left out of its sheet, not drawn from something else.
"""

from __future__ import annotations

import argparse
import io
import math
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skyloom.clouds import CLOUD_NAMES
from skyloom.generation import ModelRegistry
from skyloom.request import Camera, OutputSpec, SkyRequest
from skyloom.sphere import perspective
from skyloom.studio import make_sky

HERE = Path(__file__).resolve().parent
CODES = ("Ac", "As", "Cc", "Cs", "Ci", "Ct", "Cb", "Cu", "Ns", "Sc", "St")
# A view of 60 degrees, 16:9: the density of a panorama of 2304 pixels.
WIDTH, HEIGHT, FOV = 384, 216, 60.0
SEEDS = (101, 102, 103, 104)
Picture = NDArray[np.uint8]


def main() -> None:
    """Draw whichever sheets can be drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="CCSN zip")
    parser.add_argument("--panoramas", type=Path, help="folder of equirectangular sky JPEGs, 4096 x 2048")
    given = parser.parse_args()
    registry = ModelRegistry()
    real = _photos(given.data) if given.data else {}
    rows = []
    for name, code in zip(CLOUD_NAMES, CODES, strict=True):
        made = [_view(registry, name, seed, pitch=28.0) for seed in SEEDS]
        rows.append(_row(f"{name}: {len(real.get(code, []))} photos, then seeds {SEEDS}", [*real.get(code, []), *made]))
    _save("quality-types.jpg", rows)
    rows = []
    for path in sorted(given.panoramas.glob("*.jpg")) if given.panoramas else []:
        picture = cv2.imread(str(path))
        if picture is not None and picture.shape[:2] == (2048, 4096):
            views = [_panorama_view(picture, yaw, pitch) for yaw, pitch in ((20, 26), (110, 26), (200, 26), (290, 65))]
            rows.append(_row(f"photographed: {path.stem}", views))
    looks = ((0.0, 26.0), (90.0, 26.0), (180.0, 26.0), (270.0, 65.0))
    # A seed of its own for each: types share the layout of their seed, and one may be nearly even.
    for seed, name in enumerate(("altocumulus", "cirrus", "cumulus", "nimbostratus", "stratocumulus"), 201):
        views = [_view(registry, name, seed, pitch, yaw) for yaw, pitch in looks]
        rows.append(_row(f"generated: {name}, seed {seed}", views))
    _save("quality-panoramas.jpg", rows)


def _view(registry: ModelRegistry, name: str, seed: int, pitch: float, yaw: float = 0.0) -> Picture:
    spec = OutputSpec("perspective", WIDTH, camera=Camera(yaw=yaw, pitch=pitch, fov=FOV))
    sky = make_sky(SkyRequest(((name, 1.0),), seed=seed, outputs=(spec,)), registry.get(), None, registry.detail())
    return np.asarray(Image.open(io.BytesIO(sky.pictures[0].data)).convert("RGB"))


def _photos(path: Path, count: int = 2) -> dict[str, list[Picture]]:
    """The upper part of the first photos of each class, where most of them have sky, at the views' size."""
    found: dict[str, list[Picture]] = {code: [] for code in CODES}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            code = name.split("/")[-2] if "/" in name else ""
            if code in found and len(found[code]) < count and name.lower().endswith((".jpg", ".png")):
                photo = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
                if photo.size == (400, 400):
                    upper = photo.crop((0, 0, 400, 225))
                    found[code].append(np.asarray(upper.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)))
    return found


def _panorama_view(panorama: NDArray[np.uint8], yaw: float, pitch: float) -> Picture:
    turn = (math.radians(yaw), math.radians(pitch), 0.0, math.radians(FOV))
    ways = perspective.directions(WIDTH, HEIGHT, *turn)
    u = 0.5 + np.arctan2(ways[..., 0], ways[..., 2]) / (2 * math.pi)
    v = np.arccos(np.clip(ways[..., 1], -1, 1)) / math.pi
    wide = cv2.copyMakeBorder(panorama, 0, 0, 8, 8, cv2.BORDER_WRAP)
    x, y = (u * 4096 - 0.5 + 8).astype(np.float32), (v * 2048 - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(wide, x, y, cv2.INTER_AREA)[:, :, ::-1])


def _row(text: str, pictures: list[Picture]) -> Image.Image:
    picture = Image.fromarray(np.concatenate(pictures, axis=1))
    ImageDraw.Draw(picture).text((6, 4), text, fill="white", stroke_width=2, stroke_fill="black")
    return picture


def _save(name: str, rows: list[Image.Image]) -> None:
    sheet = Image.new("RGB", (max(row.width for row in rows), sum(row.height for row in rows)))
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    sheet.save(HERE / name, quality=85)
    print(HERE / name, sheet.size)


if __name__ == "__main__":
    main()
