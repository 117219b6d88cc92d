"""The lab's loop: resuming bit for bit, EMA, both cameras and discriminators, precision, lazy regularisers, poison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from skyloom_training import checkpoint
from skyloom_training.lab import losses
from skyloom_training.lab.loop import Lab
from skyloom_training.lab.options import LabOptions, options_from
from skyloom_training.lab.pictures import Pictures
from tiny_lab import made_up_pictures, tiny_lab, tiny_options


def test_a_run_through_a_checkpoint_equals_an_unbroken_one(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "kimg": 0.04,
        "conditional": True,
        "ada_kimg": 0.05,
        "r1_interval": 3,
        "path_interval": 4,
    }
    tiny_lab(tmp_path / "whole", **changes).run()
    broken = tiny_lab(tmp_path / "parts", **changes)
    for _ in range(5):
        broken.step()
    broken.save()
    torch.manual_seed(999)  # what else a process draws must not matter
    resumed = tiny_lab(tmp_path / "parts", **changes)
    resumed.run()
    whole, parts = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    assert whole["images"] == parts["images"] == 40
    assert whole["ada"] == parts["ada"]
    assert torch.equal(whole["path_mean"], parts["path_mean"])
    assert whole["path_mean"].item() != 0
    for part in ("generator", "average", "discriminator"):
        assert [k for k in whole[part] if not torch.equal(whole[part][k], parts[part][k])] == []


def test_a_run_of_other_options_is_refused(tmp_path: Path) -> None:
    tiny_lab(tmp_path).run()
    with pytest.raises(ValueError, match="of a run with another ada, g_lr"):
        tiny_lab(tmp_path, g_lr=0.1, ada="off").run()
    tiny_lab(tmp_path, kimg=0.02, checkpoint_kimg=5.0).run()  # further, and written less often: that may differ
    state = tiny_lab(tmp_path).state()
    del state["d_adam"]
    with pytest.raises(ValueError, match="d_adam"):
        tiny_lab(tmp_path).load_state(state)


def test_average_follows_by_half_lives_and_ramps_up(tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, ema_kimg=0.01, ema_ramp=0.5)
    name, slow = next(iter(lab.nets.average.named_parameters()))
    expected = slow.clone()
    for images in (4, 8, 12, 16, 20, 24):
        lab.step()
        beta = 0.5 ** (4 / min(10.0, 0.5 * images))
        expected = beta * expected + (1 - beta) * lab.nets.generator.get_parameter(name).detach()
        torch.testing.assert_close(slow, expected)
    without = tiny_lab(tmp_path, ema_kimg=1000.0, ema_ramp=0.0)
    start = next(without.nets.average.parameters()).clone()
    without.step()
    torch.testing.assert_close(next(without.nets.average.parameters()), start, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("conditional", [False, True])
@pytest.mark.parametrize("camera", ["flat", "dome"])
@pytest.mark.parametrize(("discriminator", "loss"), [("residual", "logistic"), ("projected", "hinge")])
def test_every_part_moves_whatever_is_chosen(
    tmp_path: Path, conditional: bool, camera: str, discriminator: str, loss: str
) -> None:
    size = {"size": 32} if discriminator == "projected" else {}
    view = {"view_size": 32 if discriminator == "projected" else 16}
    r1 = {"r1_gamma": 0.0} if discriminator == "projected" else {}
    lab = tiny_lab(
        tmp_path,
        conditional=conditional,
        camera=camera,
        discriminator=discriminator,
        loss=loss,
        ada_p=0.3,
        **size,
        **view,
        **r1,
    )
    before = {
        id(p): p.detach().clone() for net in (lab.nets.generator, lab.nets.discriminator) for p in net.parameters()
    }
    figures = [lab.step() for _ in range(2)]
    assert all(np.isfinite(list(f.values())).all() for f in figures)
    still = [n for n, p in lab.nets.generator.named_parameters() if torch.equal(p, before[id(p)])]
    assert still == []
    still = [
        n for n, p in lab.nets.discriminator.named_parameters() if p.requires_grad and torch.equal(p, before[id(p)])
    ]
    # Embeddings of classes that no picture of two small batches has, the partner term that the lab does not use, and
    # biases that the hinge loss pulls as much up as down.
    assert not [n for n in still if "embed" not in n and "spread" not in n and "score.bias" not in n]


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_mixed_precision_stays_near_full(tmp_path: Path, precision: str) -> None:
    full, mixed = (tiny_lab(tmp_path, precision=p, conditional=True) for p in ("fp32", precision))
    for _ in range(3):
        a, b = full.step(), mixed.step()
    assert a["d"] == pytest.approx(b["d"], abs=0.05)
    assert a["g"] == pytest.approx(b["g"], abs=0.05)
    assert a["d"] != b["d"]
    assert mixed.g_adam.scaler.is_enabled() == (precision == "fp16")
    assert {p.dtype for p in mixed.nets.generator.parameters()} == {torch.float32}


def test_lazy_regularisers_come_when_they_should(tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, r1_interval=3, path_interval=2)
    seen = [(("r1" in figures), ("path" in figures)) for figures in (lab.step() for _ in range(6))]
    assert seen == [(True, True), (False, False), (False, True), (True, False), (False, True), (False, False)]
    # Adam is corrected for the steps that come in between.
    group = lab.d_adam.adam.param_groups[0]
    assert group["lr"] == pytest.approx(2.5e-3 * 3 / 4)
    assert group["betas"][1] == pytest.approx(0.99**0.75)


def test_logistic_losses_are_their_formulas() -> None:
    real, made = torch.tensor([[2.0], [-1.0]]), torch.tensor([[0.5], [3.0]])
    expected = np.log1p(np.exp([-2.0, 1.0])).mean() + np.log1p(np.exp([0.5, 3.0])).mean()
    assert losses.logistic_discriminator([real], [made]).item() == pytest.approx(expected, rel=1e-6)
    expected = np.log1p(np.exp([-0.5, -3.0])).mean()
    assert losses.logistic_generator([made, made]).item() == pytest.approx(2 * expected, rel=1e-6)


def test_r1_of_a_linear_discriminator_is_half_its_weights_square() -> None:
    weight = torch.randn(3, 4, 4)
    x = torch.randn(5, 3, 4, 4, requires_grad=True)
    logits = [(x * weight).sum(dim=(1, 2, 3))[:, None]]
    assert losses.r1(logits, x).item() == pytest.approx(weight.square().sum().item() / 2, rel=1e-5)


def test_path_length_of_a_linear_generator_is_its_scale() -> None:
    """Pictures a·w with orthonormal pixels: |J^T y| has the mean square a² |y|²/pixels, in every layer alike."""
    ws = torch.randn(400, 1, 48, requires_grad=True)
    pictures = 3.0 * ws.reshape(400, 3, 4, 4)
    lengths = losses.path_lengths(pictures, ws, torch.randn(400, 3, 4, 4))
    assert lengths.square().mean().item() == pytest.approx(9.0 * 48 / 16, rel=0.05)


def test_measures_come_at_their_shares_once(tmp_path: Path) -> None:
    taken: list[int] = []

    def measure(lab: Lab) -> dict[str, float]:
        taken.append(lab.images)
        return {"frechet": 1.0}

    lab = tiny_lab(tmp_path, kimg=0.04, evaluate_at=(0.0, 0.5, 1.0))
    lab.run(measure)
    assert taken == [0, 20, 40]
    tiny_lab(tmp_path, kimg=0.04, evaluate_at=(0.0, 0.5, 1.0)).run(measure)
    assert taken == [0, 20, 40]  # they are in the checkpoint
    assert [point["share"] for point in checkpoint.load(tmp_path / "last.pt")["curve"]] == [0.0, 0.5, 1.0]
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["kimg"] for line in lines] == pytest.approx([0.004 * i for i in range(1, 11)])


def test_poison_stops_the_run_and_the_checkpoint_stays(tmp_path: Path) -> None:
    tiny_lab(tmp_path).run()
    good = (tmp_path / "last.pt").read_bytes()
    lab = tiny_lab(tmp_path, kimg=0.1)
    load = lab.load_state

    def poisoned(state: dict[str, Any]) -> None:
        load(state)
        lab.nets.discriminator.out.weight.data.fill_(float("nan"))

    lab.load_state = poisoned  # type: ignore[method-assign]
    with pytest.raises(FloatingPointError, match=r"discriminator's loss is nan after 0\.016 kimg"):
        lab.run()
    assert (tmp_path / "last.pt").read_bytes() == good


def test_p_rises_when_the_discriminator_overfits_fifty_pictures(tmp_path: Path) -> None:
    """A discriminator that learns fifty pictures by heart, against a generator that is held back, and none to learn."""
    rng = np.random.default_rng(0)
    fifty = Pictures(rng.integers(0, 256, (50, 16, 16, 3), np.uint8), np.zeros(50, np.int64), np.full(50, 16), 1, 1.0)
    plain: dict[str, Any] = {"kimg": 3.0, "batch": 16, "ada_kimg": 1.0, "path_weight": 0.0, "r1_gamma": 0.001}
    overfit = Lab(tiny_options(g_lr=1e-4, **plain), fifty, tmp_path)
    figures = [overfit.step() for _ in range(60)]
    assert figures[0]["p"] == 0.0
    assert figures[-1]["p"] > 0.2
    assert figures[-1]["signal"] > 0.6
    # With no discriminator to speak of the signal stays low, and p at 0.
    idle = Lab(tiny_options(d_lr=1e-7, g_lr=1e-7, **plain), fifty, tmp_path)
    quiet = [idle.step() for _ in range(12)]
    assert max(f["p"] for f in quiet) < 0.2
    assert Lab(tiny_options(ada="off", ada_p=0.5, **plain), fifty, tmp_path).step()["p"] == 0.0
    assert Lab(tiny_options(ada="fixed", ada_p=0.5, **plain), fifty, tmp_path).step()["p"] == 0.5


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kimgs": 3}, "kimgs: no such option"),
        ({"kimg": "3"}, "kimg: '3' is not allowed; expected a float"),
        ({"kimg": -1}, "kimg: -1.0 is not allowed; expected more than 0"),
        ({"batch": 6}, "batch: 6 is not allowed; expected a multiple of 4"),
        ({"batch": True}, "batch: True is not allowed"),
        ({"camera": "fish"}, "camera: 'fish' is not allowed; expected flat or dome"),
        ({"evaluate_at": [0.5, 2]}, "evaluate_at"),
        ({"size": 50}, "size: 50"),
        ({"camera": "dome", "view_size": 50}, "view_size: 50"),
        ({"ada_p": 1.5}, "ada_p: 1.5 is not allowed; expected 0 to 1"),
    ],
)
def test_bad_options_are_named(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        options_from(values)


def test_options_come_back_from_plain_values(tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "scratch", method_options={}, evaluate_at=(0.25, 1.0))
    lab.save()
    assert options_from(checkpoint.load(tmp_path / "last.pt")["options"]) == lab.options
    assert LabOptions().shown == 64


def test_pictures_crop_within_what_may_be_shown() -> None:
    pixels = np.zeros((3, 20, 20, 3), np.uint8)
    pixels[:, 12:] = 255  # below row 12 is what must not be seen
    pictures = Pictures(pixels, np.arange(3), np.array([12, 12, 20]), 3)
    crops = pictures.crops(np.array([0, 1] * 50), 8, np.random.default_rng(0))
    assert crops.shape == (100, 8, 8, 3)
    assert crops.max() == 0
    assert pictures.crops(np.full(50, 2), 8, np.random.default_rng(0)).max() == 255
    varied = made_up_pictures()
    assert np.array_equal(varied.fixed(np.array([5, 3]), 8)[1], varied.fixed(np.array([3]), 8)[0])
    once = varied.crops(np.array([3, 3]), 8, np.random.default_rng(0))
    assert not np.array_equal(once[0], once[1])
    assert len(varied.subset(7)) == 7
    assert np.array_equal(varied.subset(7).labels, varied.subset(9).labels[:7])
    with pytest.raises(ValueError, match="subset: 25 is more than the 24"):
        varied.subset(25)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Linux alone can forget a peak")
def test_memory_is_the_runs_own(tmp_path: Path) -> None:
    large = np.ones(300 * 2**20, np.uint8)  # what making the data took
    del large
    lab = tiny_lab(tmp_path)
    lab.run()
    now = psutil.Process().memory_info().rss / 2**20
    assert now - 50 < lab.peak < now + 200
