"""int8: which weights are stored how, what it costs in quality, and the model folder that comes out."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import skyloom_training.export.package as package
from onnx import TensorProto, numpy_helper
from skyloom_training.export.package import build_model
from skyloom_training.export.parity import psnr
from tiny_net import TINY, TinyModel, tiny_generator, tiny_model

BUNDLED = Path(package.__file__).parents[3] / "python_backend/skyloom/generation/models"
COLOUR = ("first_rgb.", "blocks.0.rgb.", "blocks.1.rgb.", "head.")


@pytest.fixture(scope="module")
def model() -> TinyModel:
    return tiny_model()


@pytest.fixture(scope="module")
def graph(model: TinyModel) -> onnx.GraphProto:
    return onnx.load(model.folder / "synthesis.onnx").graph


def convolutions(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """Name of every convolution's weight in the float graph, and the tensor that the file stores for it."""
    stored = {tensor.name: tensor for tensor in graph.initializer}
    made_by = {node.output[0]: node for node in graph.node}
    found = {}
    for node in graph.node:
        if node.op_type == "Conv":
            dequantize = made_by.get(node.input[1])
            name = node.input[1] if dequantize is None else dequantize.input[0]
            found[name] = stored[name]
    return found


def test_all_convolutions_but_the_colour_layers_are_int8(graph: onnx.GraphProto) -> None:
    found = convolutions(graph)
    kinds = {name: tensor.data_type for name, tensor in found.items()}
    low_pass = {name for name, tensor in found.items() if list(tensor.dims) == [3, 1, 3, 3]}
    colour = {name for name in kinds if name.startswith(COLOUR)}
    assert (len(kinds), len(colour), len(low_pass)) == (1 + 2 * 2 + 4 + 1, 4, 1)
    assert {kinds[name] for name in colour | low_pass} == {TensorProto.FLOAT}
    assert {kinds[name] for name in kinds.keys() - colour - low_pass} == {TensorProto.INT8}


def test_inputs_of_int8_convolutions_are_uint8_and_scales_are_per_channel(graph: onnx.GraphProto) -> None:
    stored = {tensor.name: tensor for tensor in graph.initializer}
    made_by = {node.output[0]: node for node in graph.node}
    checked = 0
    for node in graph.node:
        weight = made_by.get(node.input[1]) if node.op_type == "Conv" else None
        if weight is None:
            continue
        assert weight.op_type == "DequantizeLinear"
        assert list(stored[weight.input[1]].dims) == [stored[weight.input[0]].dims[0]]
        activation = made_by[node.input[0]]
        assert activation.op_type == "DequantizeLinear"
        assert stored[activation.input[2]].data_type == TensorProto.UINT8
        checked += 1
    assert checked == 5


def test_int8_weights_are_the_float_weights_rounded(model: TinyModel, graph: onnx.GraphProto) -> None:
    wide = {t.name: numpy_helper.to_array(t) for t in onnx.load(model.float_synthesis).graph.initializer}
    for name, tensor in convolutions(graph).items():
        levels = numpy_helper.to_array(tensor)
        if levels.dtype != np.int8:
            np.testing.assert_array_equal(levels, wide[name])
            continue
        exact = wide[name.removesuffix("_quantized")]
        scale = np.abs(exact).max(axis=(1, 2, 3), keepdims=True) / 127
        assert np.abs(levels * scale - exact).max() <= 0.51 * scale.max()


def test_no_large_matrix_is_stored_in_float32(graph: onnx.GraphProto) -> None:
    kinds = {t.name: t.data_type for t in graph.initializer if len(t.dims) == 2 and math.prod(t.dims) > 100}
    assert kinds
    assert set(kinds.values()) <= {TensorProto.INT8, TensorProto.FLOAT16}


def test_loss_of_quality_is_small(model: TinyModel) -> None:
    report = model.report
    assert report.float_max_difference < 1e-4
    assert 30 < report.int8_psnr_worst <= report.int8_psnr_mean < 70
    assert report.float_bytes == model.float_synthesis.stat().st_size
    assert report.int8_bytes == (model.folder / "synthesis.onnx").stat().st_size < report.float_bytes


def test_parity_notices_a_wrong_network(model: TinyModel) -> None:
    other = tiny_generator(seed=7)
    paths = (model.folder / "mapping.onnx", model.float_synthesis, model.folder / "synthesis.onnx")
    assert package.parity(other, *paths, count=2).float_max_difference > 0.05


def test_psnr_by_hand() -> None:
    zero = np.zeros((2, 3, 4), np.float32)
    assert psnr(zero, zero) == math.inf
    assert psnr(zero, zero + 0.2) == pytest.approx(20.0, abs=1e-4)  # 10 log10(4 / 0.04)
    assert psnr(zero, zero + 0.1, peak=1.0) == pytest.approx(20.0, abs=1e-4)


def test_manifest_describes_the_folder(model: TinyModel) -> None:
    manifest = json.loads((model.folder / "manifest.json").read_text())
    assert sorted(p.name for p in model.folder.iterdir()) == ["manifest.json", "mapping.onnx", "synthesis.onnx"]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((model.folder / name).read_bytes()).hexdigest() == digest
    sizes = (manifest["z_dim"], manifest["noise_length"], manifest["dome_size"])
    assert sizes == (TINY.z_dim, TINY.noise_length, TINY.dome)
    assert manifest["parity"] == model.report.as_dict()
    assert manifest["parity"]["size_ratio"] == pytest.approx(model.report.int8_bytes / model.report.float_bytes)


BUNDLED_MODELS = {path.parent: json.loads(path.read_text()) for path in BUNDLED.glob("*/manifest.json")}


@pytest.mark.skipif(not BUNDLED_MODELS, reason="no model in this checkout")
def test_bundled_models_are_small() -> None:
    for folder, manifest in BUNDLED_MODELS.items():
        parity, detail = manifest["parity"], manifest.get("kind") == "detail"
        network = folder / ("detail.onnx" if detail else "synthesis.onnx")
        size = network.stat().st_size
        assert size == parity["int8_bytes"] <= (3e6 if detail else 12e6)
        assert size <= (0.35 if detail else 0.3) * parity["float_bytes"]
        assert parity["int8_psnr_worst"] > 30
        stored = convolutions(onnx.load(network).graph)
        assert sum(t.data_type == TensorProto.INT8 for t in stored.values()) > len(stored) // 2


def copy_files(monkeypatch: pytest.MonkeyPatch, model: TinyModel) -> None:
    """Export by copying what was exported already: these tests are about folders."""

    def export(generator: object, folder: Path) -> tuple[Path, Path]:
        folder.mkdir(parents=True)
        paths = folder / "mapping.onnx", folder / "synthesis-fp32.onnx"
        shutil.copy(model.folder / "mapping.onnx", paths[0])
        shutil.copy(model.float_synthesis, paths[1])
        return paths

    monkeypatch.setattr(package, "export_float", export)


def test_rebuilding_gives_the_same_bytes_and_keeps_the_card(
    model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_files(monkeypatch, model)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "card.md").write_text("my card")
    (folder / "synthesis.onnx").write_bytes(b"old")
    build_model(model.generator, folder, "mine", "CC0", {})
    assert (folder / "synthesis.onnx").read_bytes() == (model.folder / "synthesis.onnx").read_bytes()
    assert (folder / "card.md").read_text() == "my card"
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_folder_with_other_things_is_left_alone(model: TinyModel, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match=r"thesis\.txt"):
        build_model(model.generator, tmp_path, "mine", "CC0", {})
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_failure_leaves_the_old_model_and_no_half_one(
    model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_files(monkeypatch, model)
    folder = tmp_path / "mine"
    shutil.copytree(model.folder, folder)

    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(package, "quantize", fail)
    with pytest.raises(OSError, match="No space"):
        build_model(model.generator, folder, "mine", "CC0", {})
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    assert (folder / "manifest.json").read_bytes() == (model.folder / "manifest.json").read_bytes()
