"""A model: a folder with mapping.onnx, synthesis.onnx, manifest.json and card.md, opened, checked and run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput, ModelError
from skyloom.generation.latent import latent_between, posed
from skyloom.generation.network import check_network, open_network
from skyloom.request import Blend

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
NETWORK_FILES = ("mapping.onnx", "synthesis.onnx")


@dataclass(frozen=True)
class Manifest:
    """What manifest.json says: identity, geometry, classes in conditioning order, and the SHA-256 of every network."""

    name: str
    licence: str
    z_dim: int
    noise_length: int
    dome_size: int
    theta_max: float
    classes: tuple[str, ...]
    files: dict[str, str]


def models_digest(files: dict[str, str]) -> str:
    """One SHA-256 for a model: over the lines ``name sha256`` of its network files, sorted by name."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read and check a model folder's manifest.

    Raises:
        ModelError: missing, not JSON, a field is missing or of the wrong kind, or a class that Skyloom does not know.
    """
    path = folder / MANIFEST
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != MANIFEST_FORMAT:
            raise ModelError(f"{path}: format {raw['format']!r} is not {MANIFEST_FORMAT}, which this Skyloom reads")
        if raw.get("kind", "dome") != "dome":
            raise ModelError(f"{path}: a model of kind {raw['kind']!r}, not one that makes domes")
        manifest = Manifest(
            name=str(raw["name"]),
            licence=str(raw["licence"]),
            z_dim=int(raw["z_dim"]),
            noise_length=int(raw["noise_length"]),
            dome_size=int(raw["dome_size"]),
            theta_max=float(raw["theta_max_degrees"]),
            classes=tuple(str(c) for c in raw["classes"]),
            files={name: str(raw["files"][name]).lower() for name in NETWORK_FILES},
        )
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a model manifest ({type(error).__name__}: {error})") from error
    unknown = set(manifest.classes) - set(CLOUD_NAMES)
    if unknown or not manifest.classes:
        raise ModelError(f"{path}: classes {sorted(unknown)} are not cloud types of Skyloom")
    return manifest


class SkyModel:
    """An opened model. ``synthesise`` may be called from several threads at once.

    Args:
        folder: the model's folder; every network file is checked against the manifest's hash before it is opened.

    Attributes:
        name, sha256, licence: identity; ``sha256`` is :func:`models_digest`.
        dome_size: side of the dome, pixels. theta_max: zenith angle of the rim, degrees.
        classes: cloud types that the model knows, in the order of its conditioning vector.

    Raises:
        ModelError: a file is missing, its hash is not the manifest's (damaged), or ONNX Runtime cannot open it.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        manifest = read_manifest(folder)
        self.name, self.licence = manifest.name, manifest.licence
        self.sha256 = models_digest(manifest.files)
        self.dome_size, self.theta_max = manifest.dome_size, manifest.theta_max
        self.classes = manifest.classes
        self._z_dim, self._noise_length = manifest.z_dim, manifest.noise_length
        self._mapping, self._synthesis = (
            open_network(check_network(folder / name, manifest.files[name]), folder / name, threads)
            for name in NETWORK_FILES
        )

    def synthesise(
        self, clouds: tuple[tuple[str, float], ...], seed: int, variation: float, blend: Blend | None = None
    ) -> NDArray[np.float32]:
        """A dome float32 (S, S, 3) in [0, 1], sRGB, for a checked mix, an unsigned 32-bit seed and psi in [0, 1].

        With a ``blend`` the mix is that share of the way to the blend's, which is a straight line between the types'
        embeddings, and latent and noise are those of :func:`skyloom.generation.latent.latent_between`.

        Raises:
            InvalidInput: a mix has a type that this model was not taught.
        """
        mix = self._mix(clouds, "cloud")
        blend = blend or Blend(clouds, seed, 0.0)
        if blend.position:
            other = self._mix(blend.clouds, "blend.clouds")
            mix = np.float32(1 - blend.position) * mix + np.float32(blend.position) * other
        z, noise, pose = latent_between(seed, blend.seed, blend.position, self._z_dim, self._noise_length)
        (w,) = self._mapping.run(["w"], {"z": z, "mix": mix, "psi": np.array([[variation]], np.float32)})
        (dome,) = self._synthesis.run(["dome"], {"w": w, "noise": noise})
        pixels = np.asarray(dome, np.float32)[0].transpose(1, 2, 0)
        return posed(np.clip(pixels * 0.5 + 0.5, 0.0, 1.0), pose)

    def check_clouds(self, clouds: tuple[tuple[str, float], ...], field: str = "cloud") -> None:
        """Return if the model knows every type of a mix; InvalidInput with the field's name if not."""
        for name, _ in clouds:
            if name not in self.classes:
                raise InvalidInput(field, name, f"a type that model {self.name} knows: {', '.join(self.classes)}")

    def _mix(self, clouds: tuple[tuple[str, float], ...], field: str) -> NDArray[np.float32]:
        self.check_clouds(clouds, field)
        mix = np.zeros((1, len(self.classes)), np.float32)
        for name, weight in clouds:
            mix[0, self.classes.index(name)] = weight
        return np.asarray(mix / mix.sum(), dtype=np.float32)
