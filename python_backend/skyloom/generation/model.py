"""A model: a folder with mapping.onnx, synthesis.onnx, manifest.json and card.md, opened, checked and run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput, ModelError
from skyloom.generation.latent import latent_from_seed, posed

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
            _open_network(folder / name, manifest.files[name], threads) for name in NETWORK_FILES
        )

    def synthesise(self, clouds: tuple[tuple[str, float], ...], seed: int, variation: float) -> NDArray[np.float32]:
        """A dome float32 (S, S, 3) in [0, 1], sRGB, for a checked mix, an unsigned 32-bit seed and psi in [0, 1].

        Raises:
            InvalidInput: the mix has a type that this model was not taught.
        """
        mix = np.zeros((1, len(self.classes)), np.float32)
        for name, weight in clouds:
            if name not in self.classes:
                raise InvalidInput("cloud", name, f"a type that model {self.name} knows: {', '.join(self.classes)}")
            mix[0, self.classes.index(name)] = weight
        mix /= mix.sum()
        z, noise, pose = latent_from_seed(seed, self._z_dim, self._noise_length)
        (w,) = self._mapping.run(["w"], {"z": z, "mix": mix, "psi": np.array([[variation]], np.float32)})
        (dome,) = self._synthesis.run(["dome"], {"w": w, "noise": noise})
        pixels = np.asarray(dome, np.float32)[0].transpose(1, 2, 0)
        return posed(np.clip(pixels * 0.5 + 0.5, 0.0, 1.0), pose)


def _open_network(path: Path, digest: str, threads: int) -> ort.InferenceSession:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ModelError(f"{path}: damaged; its SHA-256 is {found}, the manifest says {digest}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Spinning threads would eat the cores that the picture encoders need next.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"{path}: ONNX Runtime cannot open it ({error})") from error
