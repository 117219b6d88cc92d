"""An opened model: what it draws, that it draws the same bytes every time, and which folders it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from skyloom.clouds import CLOUD_NAMES
from skyloom.errors import InvalidInput, ModelError
from skyloom.generation import SkyModel, latent_from_seed, models_digest
from skyloom.generation.latent import posed

pytest.importorskip("torch")
from tiny_net import tiny_model

CUMULUS = (("cumulus", 1.0),)
MIX = (("cumulus", 0.7), ("cirrus", 0.3))


@pytest.fixture(scope="module")
def model() -> SkyModel:
    return SkyModel(tiny_model().folder, threads=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny model to spoil."""
    return Path(shutil.copytree(tiny_model().folder, tmp_path / "tiny"))


def test_model_tells_what_it_is(model: SkyModel) -> None:
    manifest = json.loads((tiny_model().folder / "manifest.json").read_text())
    assert (model.name, model.licence, model.dome_size, model.theta_max) == ("tiny", "Apache-2.0", 32, 100.0)
    assert model.classes == CLOUD_NAMES
    assert model.sha256 == models_digest(manifest["files"])
    swapped = dict(zip(manifest["files"], reversed(manifest["files"].values()), strict=True))
    assert models_digest(swapped) != model.sha256
    assert models_digest(dict(reversed(manifest["files"].items()))) == model.sha256


def test_dome_is_what_the_two_networks_make_of_the_seed(model: SkyModel) -> None:
    networks = [ort.InferenceSession(tiny_model().folder / name) for name in ("mapping.onnx", "synthesis.onnx")]
    z, noise, pose = latent_from_seed(7, 16, model._noise_length)
    mix = np.zeros((1, 11), np.float32)
    mix[0, CLOUD_NAMES.index("cumulus")], mix[0, CLOUD_NAMES.index("cirrus")] = 0.7, 0.3
    (w,) = networks[0].run(None, {"z": z, "mix": mix, "psi": np.array([[0.6]], np.float32)})
    (made,) = networks[1].run(None, {"w": w, "noise": noise})
    exact = posed(np.clip(made[0].transpose(1, 2, 0) / 2 + 0.5, 0, 1), pose)
    dome = model.synthesise(MIX, 7, 0.6)
    assert dome.shape == (32, 32, 3)
    assert dome.dtype == np.float32
    assert 0 <= dome.min() < dome.max() <= 1
    np.testing.assert_allclose(dome, exact, atol=1e-6)


def test_seed_mix_and_variation_all_matter(model: SkyModel) -> None:
    dome = model.synthesise(CUMULUS, 7, 0.7)
    for other in ((CUMULUS, 8, 0.7), (MIX, 7, 0.7), (CUMULUS, 7, 1.0)):
        assert np.abs(model.synthesise(*other) - dome).max() > 1e-3


def test_no_variation_leaves_the_noise_only(model: SkyModel) -> None:
    """With psi 0 the latent is the class's centre: seeds then differ less than they do with psi 1."""

    def spread(psi: float) -> float:
        z_only = [model._mapping.run(["w"], latents(seed, psi))[0] for seed in range(6)]
        return float(np.ptp(np.stack(z_only), axis=0).max())

    def latents(seed: int, psi: float) -> dict[str, np.ndarray]:
        z, _, _ = latent_from_seed(seed, 16, 4)
        return {"z": z, "mix": np.eye(11, dtype=np.float32)[7:8], "psi": np.array([[psi]], np.float32)}

    assert spread(0.0) == 0
    assert spread(0.5) == pytest.approx(spread(1.0) / 2, rel=1e-4)


def test_order_and_scale_of_weights_do_not_matter(model: SkyModel) -> None:
    assert model.synthesise(MIX, 3, 1.0).tobytes() == model.synthesise(MIX[::-1], 3, 1.0).tobytes()
    near = (("cumulus", 0.7001), ("cirrus", 0.3001))
    np.testing.assert_allclose(model.synthesise(near, 3, 1.0), model.synthesise(MIX, 3, 1.0), atol=0.01)


def test_two_sessions_give_the_same_bytes(model: SkyModel) -> None:
    other = SkyModel(tiny_model().folder, threads=1)
    for seed in range(4):
        assert model.synthesise(MIX, seed, 0.7).tobytes() == other.synthesise(MIX, seed, 0.7).tobytes()


@pytest.mark.parametrize("threads", [1, 2])
def test_four_threads_at_once_give_the_same_bytes(threads: int) -> None:
    shared = SkyModel(tiny_model().folder, threads=threads)
    jobs = [(CUMULUS if seed % 2 else MIX, seed, 0.7) for seed in range(8)] * 4
    alone = {job: shared.synthesise(*job).tobytes() for job in jobs}
    assert len(set(alone.values())) == 8
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: shared.synthesise(*job).tobytes(), jobs))
    assert together == [alone[job] for job in jobs]


@pytest.mark.parametrize("name", ["mapping.onnx", "synthesis.onnx"])
def test_damaged_network_names_both_hashes(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    digest = json.loads((folder / "manifest.json").read_text())["files"][name]
    with pytest.raises(
        ModelError, match=rf"{name}: damaged; its SHA-256 is [0-9a-f]{{64}}, the manifest says {digest}"
    ):
        SkyModel(folder)


def test_missing_files_are_named(folder: Path) -> None:
    (folder / "synthesis.onnx").unlink()
    with pytest.raises(ModelError, match=r"synthesis\.onnx: cannot be read"):
        SkyModel(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ModelError, match=r"manifest\.json: cannot be read"):
        SkyModel(folder)
    with pytest.raises(ModelError, match="cannot be read"):
        SkyModel(folder / "nowhere")


def test_file_that_is_whole_but_no_network(folder: Path) -> None:
    (folder / "synthesis.onnx").write_bytes(b"hello")
    spoil(folder, lambda m: m["files"].update({"synthesis.onnx": sha256(b"hello")}))
    with pytest.raises(ModelError, match=r"synthesis\.onnx: ONNX Runtime cannot open it"):
        SkyModel(folder)


def sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def spoil(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(format=2), r"format 2 is not 1"),
        (lambda m: m.pop("format"), "not a model manifest .*format"),
        (lambda m: m.pop("z_dim"), "not a model manifest .*z_dim"),
        (lambda m: m.update(dome_size="large"), "not a model manifest"),
        (lambda m: m["files"].pop("mapping.onnx"), r"not a model manifest .*mapping\.onnx"),
        (lambda m: m.update(classes=[*m["classes"][:-1], "sharknado"]), "sharknado"),
        (lambda m: m.update(classes=[]), "classes"),
        (lambda m: m.update(classes=None), "not a model manifest"),
    ],
)
def test_wrong_manifests_are_refused(folder: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    spoil(folder, change)
    with pytest.raises(ModelError, match=message):
        SkyModel(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "\xff\xfe"])
def test_manifest_that_is_no_object(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="not a model manifest"):
        SkyModel(folder)


def test_class_that_the_model_was_not_taught(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="sharknado") as caught:
        SkyModel(folder).synthesise((("sharknado", 1.0),), 1, 0.7)
    assert caught.value.field == "cloud"
    assert "cumulus" in caught.value.allowed
