"""Feature networks by name: resizing, batches, refusals; and the report of two sets."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest
import torch
from PIL import Image
from skyloom_training.metrics.feature_sets import FeatureNet, resized
from skyloom_training.metrics.report import feature_report, picture_report


def pictures(count: int, side: int = 40, seed: int = 0) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 3), np.uint8)
    return np.stack([np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC)) for one in small])


@pytest.mark.parametrize(("side", "to"), [(200, 64), (40, 96)])
def test_resizing_is_antialiased_as_pil_does_it(side: int, to: int) -> None:
    """Without antialiasing noise shrunk threefold would differ by tens of levels."""
    # Away from black and white, where PIL clips between its two passes.
    noise = np.random.default_rng(1).integers(90, 170, (1, side, side, 3), np.uint8)
    found = resized(torch.from_numpy(noise), to)[0].permute(1, 2, 0).numpy()
    other = np.asarray(Image.fromarray(noise[0]).resize((to, to), Image.Resampling.BICUBIC), np.float32)
    assert np.abs(found - other).max() < 1.5


@pytest.mark.parametrize("name", ["efficientnet-lite1", "efficientnet-lite2"])
def test_features_do_not_depend_on_the_batch_and_differ_between_pictures(name: str) -> None:
    net = FeatureNet(name, side=64)
    group = pictures(5)
    whole, chances = net.both(group)
    parts = net.features([group[:2], group[2:]], batch=2)
    assert whole.shape == (5, 1280)
    assert np.abs(whole - parts).max() < 1e-3
    assert np.abs(whole[0] - whole[1]).max() > 0.1
    assert chances.shape == (5, 1000)
    assert chances.sum(axis=1) == pytest.approx(1)


def test_default_side_is_the_networks_own() -> None:
    assert FeatureNet("efficientnet-lite1").side == 240


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.zeros((2, 8, 8, 3), np.float32), "float32"),
        (np.zeros((2, 3, 8, 8), np.uint8), r"\(2, 3, 8, 8\)"),
        (np.zeros((0, 8, 8, 3), np.uint8), "there are none"),
    ],
)
def test_other_pictures_are_refused(given: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FeatureNet(side=32).features(given)


def test_unknown_network_is_named() -> None:
    with pytest.raises(ValueError, match="'resnet' is not one of efficientnet-lite0"):
        FeatureNet("resnet")


def test_inception_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(RuntimeError, match="pip install torch-fidelity"):
        FeatureNet("inception-v3")


def test_inception_whose_weights_cannot_be_had_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(name: str, features: list[str]) -> None:
        raise OSError("Name or service not known")

    module = types.ModuleType("torch_fidelity.feature_extractor_inceptionv3")
    module.FeatureExtractorInceptionV3 = offline  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch_fidelity", types.ModuleType("torch_fidelity"))
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", module)
    with pytest.raises(RuntimeError, match=r"weights of inception-v3 cannot be had \(Name or service not known\)"):
        FeatureNet("inception-v3")


def test_report_of_features_states_counts_and_settings() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(40, 6)), rng.normal(size=(50, 6)) + 1
    report = feature_report(a, b, "a-network", np.full((40, 4), 0.25))
    assert (report["network"], report["made"], report["real"]) == ("a-network", 40, 50)
    assert report["frechet"] > 1
    assert report["kernel"]["subset_size"] == 20
    assert report["k_precision_recall"] == 3
    assert report["k_density_coverage"] == 5
    assert 0 <= report["coverage"] <= 1
    assert report["classifier_score"]["mean"] == pytest.approx(1)
    same = feature_report(a, a, "a-network")
    assert same["frechet"] == pytest.approx(0, abs=1e-9)
    assert (same["precision"], same["recall"], same["coverage"]) == (1, 1, 1)
    assert "classifier_score" not in same


def test_report_of_pictures_names_network_and_side() -> None:
    report = picture_report(pictures(8), pictures(9, seed=1), "efficientnet-lite1", side=48)
    assert (report["network"], report["side"], report["made"], report["real"]) == ("efficientnet-lite1", 48, 8, 9)
    assert report["frechet"] > 0
