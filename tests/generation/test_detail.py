"""The detail stage: tiles leave no trace, nothing unseen is made, and bad folders are refused."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skyloom.errors import Cancelled, InvalidInput, ModelError
from skyloom.generation import DetailModel, ModelRegistry, SkyModel, models_digest
from skyloom.generation.detail import MARGIN, tiles

DATA = Path(__file__).parents[1] / "data"
TINY = DATA / "tiny_detail"
WHOLE = 1 << 20


@pytest.fixture(scope="module")
def model() -> DetailModel:
    return DetailModel(TINY, threads=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny detail model to spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "detail"))


def picture(size: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((size, size, 3)).astype(np.float32)


def test_it_tells_what_it_is(model: DetailModel) -> None:
    manifest = json.loads((TINY / "manifest.json").read_text())
    assert (model.name, model.licence, model.factor, model.reach) == ("tiny-detail", "Apache-2.0", 4, 3)
    assert model.sha256 == models_digest(manifest["files"])


@pytest.mark.parametrize("size", [64, 50, 37])
@pytest.mark.parametrize("tile", [64, 16, 13])
def test_tiled_is_whole(model: DetailModel, size: int, tile: int) -> None:
    dome = picture(size)
    whole = model.enlarge(dome, tile=WHOLE)
    assert whole.shape == (4 * size, 4 * size, 3)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(model.enlarge(dome, tile=tile), whole, atol=1e-5)


def test_whole_is_what_the_network_makes(model: DetailModel) -> None:
    """Far from the border the stage adds nothing of its own, and a network without overlap would not do."""
    dome = picture(40)
    blob = (dome * 2 - 1).transpose(2, 0, 1)[None]
    (made,) = model._network().run(None, {"picture": blob})
    plain = np.clip(made[0].transpose(1, 2, 0) / 2 + 0.5, 0, 1)
    inner = slice(4 * model.reach, -4 * model.reach)
    large = model.enlarge(dome)
    np.testing.assert_allclose(large[inner, inner], plain[inner, inner], atol=1e-5)
    assert np.abs(large - plain).max() > 0.01, "the border is padded with zeros"


def test_the_manifest_s_reach_is_the_network_s(model: DetailModel) -> None:
    dome = picture(33)
    other = dome.copy()
    other[16, 16] = 1 - other[16, 16]
    changed = np.abs(model.enlarge(dome) - model.enlarge(other)).max(axis=2) > 1e-6
    rows = np.flatnonzero(changed.any(axis=1)) // 4
    assert rows.min() >= 16 - model.reach
    assert rows.max() <= 16 + model.reach
    assert rows.max() - rows.min() > model.reach, "the test's own net is meant to reach beyond a pixel"


def test_a_flat_dome_stays_flat_to_its_border(model: DetailModel) -> None:
    """Beyond the border the dome repeats: with zeros there a flat sky would get a frame."""
    flat = np.full((20, 20, 3), 0.6, np.float32)
    large = model.enlarge(flat, tile=7)
    assert np.ptp(large, axis=(0, 1)).max() < 1e-6


def test_halved_is_the_mean_of_what_the_network_makes(model: DetailModel) -> None:
    # Mid-grey on purpose: what is clipped before or after the mean differs.
    dome = 0.45 + 0.1 * picture(24)
    whole = model.enlarge(dome)
    means = whole.reshape(48, 2, 48, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(model.enlarge(dome, halved=True, tile=10), means, atol=1e-5)


def test_what_is_not_seen_is_not_made_and_what_is_seen_does_not_change(model: DetailModel) -> None:
    dome = picture(128)
    told: list[tuple[int, int]] = []
    part = model.enlarge(dome, 0.3, tile=16, step=lambda done, total: told.append((done, total)))
    assert len(told) < 64
    assert [done for done, _ in told] == list(range(len(told)))
    assert {total for _, total in told} == {len(told)}
    whole = model.enlarge(dome, tile=16)
    across = (np.arange(512) + 0.5) / 256 - 1
    seen = np.hypot(across[:, None], across[None, :]) <= 0.3 + 2 * MARGIN / 128
    np.testing.assert_array_equal(part[seen], whole[seen])
    np.testing.assert_array_equal(part[0, 0], dome[0, 0])


@pytest.mark.parametrize(("size", "tile"), [(512, 256), (2048, 256), (64, 256), (300, 256), (37, 13)])
def test_tiles_cover_the_picture_once_whatever_is_seen(size: int, tile: int) -> None:
    covered = np.zeros((size, size), int)
    for top, bottom, left, right, is_seen in tiles(size, tile, size):
        covered[top:bottom, left:right] += 1
        assert is_seen
        assert 0 < bottom - top <= tile
    assert (covered == 1).all()
    places = [place[:4] for place in tiles(size, tile, size)]
    assert [place[:4] for place in tiles(size, tile, 1.0)] == places


def test_a_stop_between_tiles_ends_the_work(model: DetailModel) -> None:
    calls: list[int] = []

    def stop(done: int, total: int) -> None:
        calls.append(done)
        if done == 2:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        model.enlarge(picture(64), tile=16, step=stop)
    assert calls == [0, 1, 2]


def test_many_threads_at_once_give_the_same_bytes() -> None:
    shared = DetailModel(TINY, threads=1)
    domes = [picture(32, seed) for seed in range(4)]
    gate = threading.Barrier(4)

    def work(index: int) -> bytes:
        gate.wait()  # the session is opened by whoever comes first
        return shared.enlarge(domes[index]).tobytes()

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(work, range(4)))
    assert together == [DetailModel(TINY, threads=1).enlarge(dome).tobytes() for dome in domes]


def spoil(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "format 2 is not 1"),
        ({"kind": "dome"}, "kind 'dome'"),
        ({"factor": 2}, "factor 2 is not 4"),
        ({"factor": "four"}, "not a detail model's manifest"),
        ({"reach": -1}, "reach -1"),
        ({"reach": None}, "not a detail model's manifest"),
        ({"files": {}}, r"detail\.onnx"),
        ({"files": {"detail.onnx": "00"}}, r"detail\.onnx: damaged; its SHA-256 is [0-9a-f]{64}"),
    ],
)
def test_wrong_manifests_are_refused(folder: Path, changes: dict[str, Any], message: str) -> None:
    spoil(folder, **changes)
    with pytest.raises(ModelError, match=message):
        DetailModel(folder)


def test_missing_and_foreign_files_are_named(folder: Path) -> None:
    (folder / "detail.onnx").unlink()
    with pytest.raises(ModelError, match=r"detail\.onnx: cannot be read"):
        DetailModel(folder)
    (folder / "detail.onnx").write_bytes(b"hello")
    import hashlib

    spoil(folder, files={"detail.onnx": hashlib.sha256(b"hello").hexdigest()})
    with pytest.raises(ModelError, match="ONNX Runtime cannot open it"):
        DetailModel(folder).enlarge(picture(8))
    foreign = (DATA / "tiny_model" / "mapping.onnx").read_bytes()
    (folder / "detail.onnx").write_bytes(foreign)
    spoil(folder, files={"detail.onnx": hashlib.sha256(foreign).hexdigest()})
    with pytest.raises(ModelError, match="not picture and detailed"):
        DetailModel(folder).enlarge(picture(8))


def test_a_network_of_another_factor_is_told_from_its_manifest(monkeypatch: Any) -> None:
    model = DetailModel(TINY, threads=1)
    monkeypatch.setattr(model, "factor", 2)
    with pytest.raises(ModelError, match="not factor 2 as it says"):
        model.enlarge(picture(8))


def test_the_registry_finds_both_kinds(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "a")
    shutil.copytree(DATA / "tiny_model", tmp_path / "b")
    registry = ModelRegistry(tmp_path, threads=1)
    assert [model.name for model in registry.models()] == ["tiny"]
    assert [model.name for model in registry.details()] == ["tiny-detail"]
    for name in ("", "tiny-detail"):
        found = registry.detail(name)
        assert found is not None
        assert found.name == "tiny-detail"
    with pytest.raises(ModelError, match="no detail model 'fine' here; there is tiny-detail"):
        registry.detail("fine")
    with pytest.raises(InvalidInput):
        registry.get("tiny-detail")
    with pytest.raises(ModelError, match="not one that makes domes"):
        SkyModel(tmp_path / "a")


def test_detail_alone_is_no_directory_of_models(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "a")
    for root in (tmp_path, tmp_path / "a"):
        with pytest.raises(ModelError, match="no model that makes domes"):
            ModelRegistry(root, threads=1)


def test_a_directory_without_detail_uses_what_comes_with_skyloom(tmp_path: Path, monkeypatch: Any) -> None:
    bundled = tmp_path / "bundled"
    shutil.copytree(DATA / "tiny_model", bundled / "dome")
    monkeypatch.setattr("skyloom.generation.registry.BUNDLED", bundled)
    assert ModelRegistry(DATA / "tiny_model", threads=1).details() == ()
    assert ModelRegistry(DATA / "tiny_model", threads=1).detail() is None
    shutil.copytree(TINY, bundled / "detail")
    mine = ModelRegistry(DATA / "tiny_model", threads=1)
    assert [model.name for model in mine.models()] == ["tiny"]
    assert [model.name for model in mine.details()] == ["tiny-detail"]
    shutil.copytree(TINY, bundled / "again")
    with pytest.raises(ModelError, match="second model named 'tiny-detail'"):
        ModelRegistry(None, threads=1)
