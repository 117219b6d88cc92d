"""What Unity's skybox shaders would read from imported pictures, as formulas: directions in, colours out.

Written from the shaders' documented behaviour: left-handed frame, +Y up, +Z forward, v grows upwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Slot of Skybox/6 Sided -> its axis and the signs of u and v: u = (1 + a / |axis|) / 2, v = (1 + b / |axis|) / 2.
SLOTS = {
    "_FrontTex": ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
    "_BackTex": ((0, 0, -1), (-1, 0, 0), (0, 1, 0)),
    "_LeftTex": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    "_RightTex": ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "_UpTex": ((0, 1, 0), (1, 0, 0), (0, 0, -1)),
    "_DownTex": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
}
# Where a horizontal cross has each face of a cubemap: column from the left, row from the top.
CROSS = {"+X": (2, 1), "-X": (0, 1), "+Y": (1, 0), "-Y": (1, 2), "+Z": (1, 1), "-Z": (3, 1)}
# A cubemap's rule: face -> (sc, tc), with tc growing downwards.
CUBE = {
    "+X": ((0, 0, -1), (0, -1, 0)),
    "-X": ((0, 0, 1), (0, -1, 0)),
    "+Y": ((1, 0, 0), (0, 0, 1)),
    "-Y": ((1, 0, 0), (0, 0, -1)),
    "+Z": ((1, 0, 0), (0, -1, 0)),
    "-Z": ((-1, 0, 0), (0, -1, 0)),
}
# Twice the tint in gamma space; in linear space the factor that undoes a decoded tint.
DOUBLE = {"gamma": 2.0, "linear": 4.59479380}


def displayed(
    material: Mapping[str, Any], importers: Mapping[str, Mapping[str, str]], project: Path, d: Array
) -> Array:
    """Colours (N, 3), 0 to 1 as stored, that a material shows at directions (N, 3).

    ``material`` and ``importers`` (settings by asset path) are as the fakes recorded them.
    """
    t = rotated(d, material["floats"]["_Rotation"])
    pictures = {slot: _Picture(project, texture, importers) for slot, texture in material["textures"].items()}
    if material["shader"] == "Skybox/Panoramic":
        # The keyword decides, not the number: with it the picture is taken for six frames.
        assert "_MAPPING_6_FRAMES_LAYOUT" not in material["keywords"]
        assert material["floats"]["_ImageType"] == material["floats"]["_Layout"] == 0
        u = 0.5 - np.arctan2(t[:, 2], t[:, 0]) / (2 * np.pi)
        v = 1 - np.arccos(np.clip(t[:, 1], -1, 1)) / np.pi
        return pictures["_MainTex"].flat(u, v)
    if material["shader"] == "Skybox/6 Sided":
        return _six_sided(pictures, t)
    assert material["shader"] == "Skybox/Cubemap"
    return pictures["_Tex"].cube(t)


def rotated(d: Array, degrees: float) -> Array:
    """The direction that is read where ``d`` is shown: the shaders turn the mesh, not the lookup."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.stack([c * d[:, 0] + s * d[:, 2], d[:, 1], -s * d[:, 0] + c * d[:, 2]], axis=1)


def brightness(material: Mapping[str, Any], space: str) -> Array:
    """The factors (3,) that the material's tint and exposure put on a decoded colour; 1 is unchanged."""
    tint = np.array(material["colours"]["_Tint"][:3])
    if space == "linear":
        tint = np.where(tint <= 0.04045, tint / 12.92, ((tint + 0.055) / 1.055) ** 2.4)
    exposure = material["floats"]["_Exposure"]
    assert exposure == 1
    return tint * DOUBLE[space] * exposure


def _six_sided(pictures: Mapping[str, _Picture], t: Array) -> Array:
    colours = np.full((len(t), 3), np.nan)
    reach = np.stack([t @ np.array(axis) for axis, _, _ in SLOTS.values()], axis=1)
    nearest = np.argmax(reach, axis=1)
    for index, (slot, (_, across, up)) in enumerate(SLOTS.items()):
        of = nearest == index
        depth = reach[of, index]
        u, v = ((1 + (t[of] @ np.array(way)) / depth) / 2 for way in (across, up))
        colours[of] = pictures[slot].flat(u, v)
    return colours


class _Picture:
    """One imported texture: its file, read bottom row first, and the settings that decide how it is read."""

    def __init__(self, project: Path, texture: Mapping[str, Any], importers: Mapping[str, Mapping[str, str]]) -> None:
        self._settings = importers[texture["path"]]
        image = cv2.imread(str(project / texture["path"]), cv2.IMREAD_UNCHANGED)
        assert image.dtype == np.uint8
        assert image.shape[2] == 3
        self._pixels = image[:, :, ::-1].astype(np.float64) / 255
        height, width = image.shape[:2]
        assert max(width, height) <= int(self._settings["maxTextureSize"]), "Unity would shrink it"
        assert self._settings["settings.mipmapEnabled"] == "False", "a smaller mip would be read at the wrap"
        if texture["type"] == "Cubemap":
            assert self._settings["settings.generateCubemap"] == "FullCubemap"
            assert texture["width"] == width // 4
        else:
            assert (texture["width"], texture["height"]) == (width, height)

    def flat(self, u: Array, v: Array) -> Array:
        """Bilinear, with the importer's wrap modes."""
        wrap = tuple(self._settings[f"settings.wrapMode{axis}"] for axis in "UV")
        return bilinear(self._pixels, u, 1 - v, wrap)

    def cube(self, t: Array) -> Array:
        """The face of the largest component; within a face as a clamped texture."""
        side = self._pixels.shape[0] // 3
        colours = np.full((len(t), 3), np.nan)
        main = np.argmax(np.abs(t), axis=1)
        for name, (sc, tc) in CUBE.items():
            axis = "XYZ".index(name[1])
            of = (main == axis) & (np.sign(t[:, axis]) == (1 if name[0] == "+" else -1))
            depth = np.abs(t[of, axis])
            column, row = CROSS[name]
            face = self._pixels[row * side : (row + 1) * side, column * side : (column + 1) * side]
            s, down = ((1 + (t[of] @ np.array(way)) / depth) / 2 for way in (sc, tc))
            colours[of] = bilinear(face, s, down, ("Clamp", "Clamp"))
        return colours


def bilinear(pixels: Array, u: Array, down: Array, wrap: tuple[str, str]) -> Array:
    """Colours (N, 3) at u from the left and ``down`` from the top edge, 0 to 1; texel centres lie at (i + 0.5) / N."""
    height, width = pixels.shape[:2]
    x, y = u * width - 0.5, down * height - 0.5
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]

    def at(column: NDArray[np.int_], row: NDArray[np.int_]) -> Array:
        return pixels[_wrapped(row, height, wrap[1]), _wrapped(column, width, wrap[0])]

    top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx
    bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx
    return np.asarray(top * (1 - fy) + bottom * fy)


def _wrapped(index: NDArray[np.int_], size: int, mode: str) -> NDArray[np.int_]:
    assert mode in ("Repeat", "Clamp")
    return index % size if mode == "Repeat" else np.clip(index, 0, size - 1)
