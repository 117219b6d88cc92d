"""The pieces of the quantization study on a tiny net: equal forms, which nodes tools touch, and what comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from skyloom_training.export.parity import psnr
from skyloom_training.export.quantize import float_layers, quantize
from skyloom_training.networks.generator import Generator
from tiny_net import tiny_generator

from benchmarks.quantization import methods, nodes, sensitivity, tuning
from benchmarks.quantization.forms import FORMS, example, export_for_measuring, synthesis
from benchmarks.quantization.measure import Judge, peak_memory
from benchmarks.sessions import session
from benchmarks.thesis_net import CLASSES, Z_DIM, ThesisGenerator


@pytest.fixture(scope="module")
def generator() -> Generator:
    return tiny_generator()


@pytest.fixture(scope="module")
def sources(generator: Generator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("forms")
    paths = {form: folder / f"{index}.onnx" for index, form in enumerate(FORMS)}
    for form, path in paths.items():
        export_for_measuring(synthesis(generator, form), example(generator), path)
    return paths


@pytest.fixture(scope="module")
def calibration(generator: Generator) -> methods.Calibration:
    latents = np.random.default_rng(1).standard_normal((4, generator.shape.w_dim)).astype(np.float32)
    return methods.Calibration(latents, generator.shape.noise_length)


def inputs(generator: Generator, count: int) -> list[dict[str, np.ndarray]]:
    draw, shape = np.random.default_rng(5), generator.shape
    return [
        {
            "w": draw.standard_normal((1, shape.w_dim)).astype(np.float32),
            "noise": draw.standard_normal((1, shape.noise_length)).astype(np.float32),
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("batch", [1, 3])
def test_both_forms_are_one_function(generator: Generator, batch: int) -> None:
    inputs = example(generator, batch)
    first, second = (synthesis(generator, form)(*inputs) for form in FORMS)
    assert float(first.std()) > 0.01
    torch.testing.assert_close(first, second, atol=2e-5, rtol=0)


def test_only_activation_scaling_has_convolutions_with_constant_weights(sources: dict[str, Path]) -> None:
    constant, computed = (nodes.census(sources[form])["Conv"] for form in FORMS)
    assert constant.constant == constant.nodes > 5
    # What is left is the low-pass at the end, whose weights never were the net's.
    assert computed.nodes == constant.nodes
    assert computed.constant <= 1


def test_what_a_tool_touches_is_told_from_the_graph(
    sources: dict[str, Path], calibration: methods.Calibration, tmp_path: Path
) -> None:
    target = tmp_path / "small.onnx"
    found = {}
    for form, source in sources.items():
        methods.METHODS["static U8S8, MinMax, per channel"](source, target, calibration)
        found[form] = nodes.touched(source, target).get("Conv", 0)
        methods.rtn(source, target, calibration)
        assert "Conv" not in nodes.touched(source, target), "RTN sees matrix products only"
        assert nodes.touched(source, source) == {}
    assert found[FORMS[0]] == nodes.census(sources[FORMS[0]])["Conv"].nodes
    assert found[FORMS[1]] <= 1


def test_k_means_keeps_the_net_with_256_values_a_tensor(
    sources: dict[str, Path], calibration: methods.Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(methods, "SMALLEST", 300)
    target = tmp_path / "clusters.onnx"
    methods.k_means(sources[FORMS[0]], target, calibration)
    stored = {tensor.name: tensor for tensor in onnx.load(target).graph.initializer}
    books = [name for name in stored if name.endswith("_book")]
    assert books
    assert all(list(stored[name].dims) == [256] for name in books)
    values = np.random.default_rng(2).standard_normal(5000).astype(np.float32)
    book, index = methods._clusters(values)
    assert np.abs(book[index] - values).max() < 0.6
    assert np.sqrt(np.mean((book[index] - values) ** 2)) < 0.02


def test_a_judge_finds_a_model_equal_to_itself_and_noise_far(
    generator: Generator, sources: dict[str, Path], calibration: methods.Calibration, tmp_path: Path
) -> None:
    feeds = inputs(generator, 4)
    judge = Judge(sources[FORMS[0]], feeds)
    same = judge.row(sources[FORMS[0]])
    assert same["psnr_worst"] == np.inf
    assert same["feature_distance"] == 0
    assert same["size_ratio"] == 1
    target = tmp_path / "small.onnx"
    methods.METHODS["static U8S8, MinMax, per tensor"](sources[FORMS[0]], target, calibration)
    other = judge.row(target)
    assert 20 < other["psnr_worst"] <= other["psnr_mean"] < 80
    assert 0 < other["feature_distance"] < 1
    assert peak_memory(sources[FORMS[0]], feeds[0]) > 1e6


def test_every_rounded_layer_gets_a_row_and_leaving_them_all_gives_back_all(
    generator: Generator, sources: dict[str, Path], calibration: methods.Calibration, tmp_path: Path
) -> None:
    source, feeds = sources[FORMS[0]], inputs(generator, 6)
    found = sensitivity.section(source, feeds, calibration, tmp_path)
    convolutions = [node for node in onnx.load(source).graph.node if node.op_type == "Conv"]
    layers = list(found.data["gain_db"])
    assert len(found.rows) == len(layers) == len(convolutions) - len(float_layers(onnx.load(source).graph))
    assert len(found.data["psnr_db"]) == 6
    shorter = sensitivity.section(source, feeds, calibration, tmp_path, most=1)
    assert shorter.rows == found.rows[:1]
    # With none of them rounded, only the small matrices are: far closer than any single layer makes it.
    quantize(source, tmp_path / "none.onnx", calibration.latents, calibration.noise_length, tuple(layers))
    float_run, none_run = (session(path, 1).run(None, feeds[0])[0] for path in (source, tmp_path / "none.onnx"))
    assert psnr(float_run, none_run) > max(found.data["psnr_db"]) + max(found.data["gain_db"].values())


def test_fine_tuning_lowers_the_loss_and_leaves_a_net_that_exports(
    generator: Generator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = tuning._latents(generator, torch.Generator().manual_seed(1), 2)
    monkeypatch.setattr(tuning, "_latents", lambda *_: inputs)
    tuned, losses = tuning.fine_tuned(generator, steps=25)
    assert np.mean(losses[-5:]) < 0.9 * losses[0]
    export_for_measuring(tuned, example(generator), tmp_path / "tuned.onnx")
    assert nodes.census(tmp_path / "tuned.onnx")["Conv"].constant > 5


def test_the_thesis_net_has_the_size_that_the_thesis_states() -> None:
    net = ThesisGenerator()
    megabytes = 4 * sum(p.numel() for p in net.parameters()) / 1e6
    assert 115 < megabytes < 125
    small = ThesisGenerator(32).eval()
    with torch.inference_mode():
        picture = small(torch.randn(1, Z_DIM), torch.eye(CLASSES)[:1])
    assert picture.shape == (1, 3, 32, 32)
    assert torch.isfinite(picture).all()
