"""A set of procedural skies in which every fault is planted on purpose, with what each rule should find.

No photo of a cloud is needed. Faces are real: 100 of 25 x 25 pixels, gray, from Labeled Faces in the Wild as
scikit-image ships them, tinted and enlarged, and the portrait of an astronaut (NASA, public domain), laid over a sky.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies

Pixels = NDArray[np.uint8]
SIDE = 288
# Genera with shapes: of an even sheet nobody can tell whether it is blurred.
SHAPED = ("Ac", "Cc", "Ci", "Cu", "Sc")
WORDS = ("www.skyphotos.com", "© J. Miller 2014", "CUMULUS CLOUD", "12/08/2011 14:05", "Lake District", "STOCK PHOTO")


class Planted:
    """Writes the set into a folder and knows what each rule should leave out: ``truth[rule]`` is a set of names."""

    def __init__(self, folder: Path, each: int, clean: int, seed: int = 1) -> None:
        self.folder, self.each, self.clean = folder, each, clean
        self.truth: dict[str, set[str]] = {}
        self._rng = np.random.default_rng(seed)
        self._views = _views(ProceduralSkies(seed), self._rng)
        self._used: Counter[str] = Counter()
        self._count = 0
        self._faults: dict[str, Callable[[int], None]] = {
            "format": self._broken,
            "resolution": self._tiny,
            "blur": self._blurred,
            "grayscale": self._gray,
            "text": self._written,
            "faces": self._faced,
            "exact-duplicate": self._copied,
            "near-duplicate": self._alike,
            "ground": self._grounded,
        }
        for index in range(clean):
            # A third shows some ground at the bottom, as photos do; it is no fault.
            sky = self.sky(CODES[index % 11])
            self._save(_with_ground(sky, 0.78, self._rng) if index % 3 == 0 else sky, CODES[index % 11])
        for rule, plant in self._faults.items():
            self.truth[rule] = set()
            for index in range(each):
                plant(index)

    def sky(self, code: str) -> Pixels:
        """A view (SIDE, SIDE, 3), turned or mirrored in another way each time, with the noise of a camera."""
        views, turn = self._views[code], self._used[code]
        self._used[code] += 1
        if turn >= 8 * len(views):
            raise ValueError(f"planted: no fresh {code} is left; expected fewer faults")
        view = np.rot90(views[turn % len(views)], turn // len(views) % 4)
        view = view[:, ::-1] if turn >= 4 * len(views) else view
        noisy = view + self._rng.normal(0, 2.0, view.shape)
        return np.asarray(np.clip(noisy + 0.5, 0, 255), np.uint8)

    def shaped(self, index: int) -> tuple[Pixels, str]:
        """A sky with shapes in it, and its label."""
        code = SHAPED[index % len(SHAPED)]
        return self.sky(code), code

    def _save(self, pixels: Pixels | bytes, label: str, rule: str = "", ending: str = "jpg", quality: int = 92) -> str:
        self._count += 1
        name = f"{label}/{rule or 'clean'}-{self._count:04}.{ending}"
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(pixels, bytes):
            path.write_bytes(pixels)
        else:
            Image.fromarray(pixels).save(path, quality=quality)
        if rule:
            self.truth[rule].add(name)
        return name

    def _broken(self, index: int) -> None:
        sky, label = self.shaped(index)
        small = Image.fromarray(sky)
        kind = index % 7
        if kind == 0:
            self._save(_bytes(small, "JPEG")[:-4000], label, "format")
        elif kind == 1:
            self._save(b"This is no picture.\n" * 50, label, "format")
        elif kind == 2:
            turned = small.transpose(Image.Transpose.ROTATE_90)
            self._save(_bytes(small, "WEBP", save_all=True, append_images=[turned]), label, "format", "webp")
        elif kind == 3:
            self._save(b"", label, "format")
        elif kind == 4:
            seen = small.convert("RGBA")
            seen.putalpha(120)
            self._save(_bytes(seen, "PNG"), label, "format", "png")
        elif kind == 5:
            self._save(_bytes(Image.new("1", (12_000, 12_000)), "PNG"), label, "format", "png")
        else:
            self._save(_bytes(small, "GIF"), label, "format", "gif")

    def _tiny(self, index: int) -> None:
        sky, label = self.shaped(index)
        side = int(np.linspace(40, 200, self.each)[index])
        self._save(cv2.resize(sky, (side, side), interpolation=cv2.INTER_AREA), label, "resolution")

    def _blurred(self, index: int) -> None:
        """A ladder: every second a blur that no eye sees (no fault), the others of 2.5 to 5 pixels at a side of 256."""
        sky, label = self.shaped(index)
        self._save(cv2.GaussianBlur(sky, (0, 0), 0.5 * SIDE / 256), label)
        sigma = (2.5, 3.5, 5.0)[index % 3] * SIDE / 256
        self._save(cv2.GaussianBlur(sky[::-1].copy(), (0, 0), sigma), label, "blur")

    def _gray(self, index: int) -> None:
        sky, label = self.shaped(index)
        gray = cv2.cvtColor(sky, cv2.COLOR_RGB2GRAY)
        self._save(gray if index % 2 else np.repeat(gray[..., None], 3, axis=2), label, "grayscale")

    def _written(self, index: int) -> None:
        sky, label = self.shaped(index)
        picture = Image.fromarray(sky)
        font = ImageFont.load_default(size=int(self._rng.integers(15, 32)))
        at = (int(self._rng.integers(4, 40)), int(self._rng.integers(4, SIDE - 40)))
        ink = (255, 255, 255) if index % 2 else (20, 20, 20)
        ImageDraw.Draw(picture).text(at, WORDS[index % len(WORDS)], font=font, fill=ink)
        self._save(np.asarray(picture), label, "text")

    def _faced(self, index: int) -> None:
        sky, label = self.shaped(index)
        if index % 4 == 3:
            face = skimage.data.astronaut()[0:200, 130:330].astype(np.float64)
            face = face[:, ::-1] if index % 8 == 3 else face
        else:
            gray = skimage.data.lfw_subset()[index % 100] * 255
            face = np.stack([gray, gray * 0.82, gray * 0.7], axis=-1)
        side = int(self._rng.integers(90, 170))
        face = np.clip(cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC), 0, 255)
        y, x = np.mgrid[0:side, 0:side] / side - 0.5
        seen = np.clip((0.5 - np.hypot(x, y)) * 8, 0, 1)[..., None]
        top, left = self._rng.integers(0, SIDE - side, 2)
        part = sky[top : top + side, left : left + side]
        sky[top : top + side, left : left + side] = part * (1 - seen) + face * seen
        self._save(sky, label, "faces")

    def _copied(self, index: int) -> None:
        """Every second pair stands under two labels, of which both should go."""
        sky, label = self.shaped(index)
        data = _bytes(Image.fromarray(sky), "PNG")
        other = SHAPED[(index + 1) % len(SHAPED)] if index % 2 else label
        self._save(data, label, "exact-duplicate" if index % 2 else "", "png")
        self._save(data, other, "exact-duplicate", "png")

    def _alike(self, index: int) -> None:
        """Cut a little, shrunk, brightened, and badly compressed."""
        sky, label = self.shaped(index)
        edge = int(self._rng.integers(0, 5))
        small = cv2.resize(sky[edge : SIDE - edge, edge : SIDE - edge], (256, 256), interpolation=cv2.INTER_AREA)
        bright = np.clip(small * self._rng.uniform(0.92, 1.05), 0, 255).astype(np.uint8)
        other = SHAPED[(index + 1) % len(SHAPED)] if index % 2 else label
        self._save(sky, label, "near-duplicate" if index % 2 else "")
        self._save(bright, other, "near-duplicate", quality=60)

    def _grounded(self, index: int) -> None:
        sky, label = self.shaped(index)
        self._save(_with_ground(sky, self._rng.uniform(0.2, 0.34), self._rng), label, "ground")


def _views(skies: ProceduralSkies, rng: np.random.Generator) -> dict[str, list[Pixels]]:
    """Skies of every genus, seen toward the zenith, where up and down are alike; most of those with shapes."""
    made: dict[str, list[Pixels]] = {}
    for index, code in enumerate(CODES):
        made[code] = [
            skies.view(skies.scene(index, rng), SIDE, rng.uniform(0, 6), rng.uniform(1.1, 1.5), 0.0, 1.2)
            for _ in range(8 if code in SHAPED else 1)
        ]
    return made


def score(found: set[str], truth: set[str]) -> tuple[float, float]:
    """Precision and recall of a rule."""
    hits = len(found & truth)
    return (hits / len(found) if found else 1.0), (hits / len(truth) if truth else 1.0)


def _with_ground(sky: Pixels, begins: float, rng: np.random.Generator) -> Pixels:
    """Rough dark green and brown from a wavy line down; ``begins``: its height from the top as a share."""
    coarse, fine = (rng.random((n, n)).astype(np.float32) for n in (12, SIDE))
    rough = 0.6 * cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) + 0.4 * fine
    colour = np.array([70, 90, 45]) * rng.uniform(0.6, 1.2, 3)
    ground = np.clip(colour * (0.4 + rough[..., None]), 0, 255)
    line = begins * SIDE + 6 * np.sin(np.arange(SIDE) / rng.uniform(12, 30))
    below = (np.arange(SIDE)[:, None] > line[None, :])[..., None]
    return np.asarray(np.where(below, ground, sky), np.uint8)


def _bytes(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
