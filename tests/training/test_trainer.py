"""The training loop on made-up photos: steps, resuming bit for bit, the average, poison, sheets, weights."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from skyloom_training import checkpoint
from skyloom_training.config import SKY_LOSSES, options_from
from skyloom_training.data.ccsn import Photos
from skyloom_training.loop import Trainer
from skyloom_training.networks.generator import GeneratorShape
from skyloom_training.sheets import sample_sheet, write_sheet
from skyloom_training.views import CameraRange
from skyloom_training.weights import load_generator, load_weights, save_weights
from tiny_net import made_up_photos, tiny_generator, tiny_options

QUIET = {"sheet_kimg": 1e6, "checkpoint_kimg": 1e6}


@pytest.fixture(scope="module")
def photos() -> Photos:
    return made_up_photos()


def differing(a: Any, b: Any, name: str = "") -> list[str]:
    """Names of the leaves of two nested states that are not equal bit for bit."""
    if isinstance(a, torch.Tensor):
        return [] if a.dtype == b.dtype and torch.equal(a, b) else [name]
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        return [found for key in a for found in differing(a[key], b[key], f"{name}.{key}")]
    if isinstance(a, list):
        return [found for i, (x, y) in enumerate(zip(a, b, strict=True)) for found in differing(x, y, f"{name}.{i}")]
    return [] if a == b else [name]


def test_two_steps_move_every_part(photos: Photos, tmp_path: Path) -> None:
    trainer = Trainer(tiny_options(tmp_path), photos)
    before = {part: {k: v.clone() for k, v in trainer.state()[part].items()} for part in ("generator", "discriminator")}
    figures = [trainer.step() for _ in range(2)]
    assert trainer.images == 4
    assert all(np.isfinite(list(f.values())).all() for f in figures)
    assert {"d", "g", "d_class", "g_class", "excess", *SKY_LOSSES} <= figures[0].keys()
    moved = {part: differing(before[part], trainer.state()[part]) for part in before}
    assert len(moved["generator"]) == len(before["generator"])  # every parameter
    assert any("classifier" in name for name in moved["discriminator"])
    assert not any(name.startswith(".features") for name in before["discriminator"])


@pytest.mark.parametrize("bf16", [True, False])
def test_run_through_a_checkpoint_equals_an_unbroken_one(photos: Photos, tmp_path: Path, bf16: bool) -> None:
    torch.manual_seed(0)
    whole = tiny_options(tmp_path / "whole", kimg=0.008, bf16=bf16, **QUIET)
    Trainer(whole, photos).run()
    first = replace(whole, out=str(tmp_path / "parts"), kimg=0.004)
    Trainer(first, photos).run()
    assert checkpoint.load(tmp_path / "parts/last.pt")["images"] == 4
    torch.manual_seed(999)  # what else a process draws must not matter
    torch.randn(17)
    np.random.seed(5)  # noqa: NPY002
    Trainer(replace(first, kimg=0.008), photos).run()

    unbroken, resumed = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    assert unbroken.keys() == resumed.keys()
    assert unbroken["images"] == resumed["images"] == 8
    parts = [key for key in unbroken if key != "options"]
    assert [found for key in parts for found in differing(unbroken[key], resumed[key], key)] == []
    assert any("_u" in name for name in unbroken["discriminator"])  # spectral norm's vectors went through, too


def test_another_seed_gives_another_run(photos: Photos, tmp_path: Path) -> None:
    a, b = (Trainer(tiny_options(tmp_path, seed=seed), photos).step() for seed in (1, 2))
    assert a != b


def test_every_step_draws_anew(photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[bytes, ...]] = []
    crops = Photos.crops
    monkeypatch.setattr(Photos, "crops", lambda self, *a: (real := crops(self, *a), drawn.append((real.tobytes(),)))[0])
    trainer = Trainer(tiny_options(tmp_path), photos)
    networks = trainer.generator
    networks.mapping.register_forward_pre_hook(lambda _, given: drawn.append((given[0].numpy().tobytes(),)))
    networks.synthesis.register_forward_pre_hook(lambda _, given: drawn.append((given[1].numpy().tobytes(),)))
    for _ in range(3):
        trainer.step()
    assert len(drawn) == 12  # photos, latents, noise, and other noise
    assert len(set(drawn)) == 12


def test_average_follows_by_half_lives(photos: Photos, tmp_path: Path) -> None:
    options = tiny_options(tmp_path, ema_kimg=0.004, ema_ramp=0.5, cool_kimg=0.0)
    trainer = Trainer(options, photos)
    first = next(trainer.average.parameters())
    expected = first.clone()
    for images in (2, 4, 6, 8, 10):
        trainer.step()
        assert trainer.images == images
        half_life = min(4.0, 0.5 * images)  # the ramp ends at 8 images
        beta = 0.5 ** (2 / half_life)
        expected = beta * expected + (1 - beta) * next(trainer.generator.parameters()).detach()
        torch.testing.assert_close(first, expected)
    assert not any(p.requires_grad for p in trainer.average.parameters())


def test_run_writes_log_sheets_and_checkpoints(photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = []
    real_save = checkpoint.save
    monkeypatch.setattr(checkpoint, "save", lambda path, state: (saved.append(state["images"]), real_save(path, state)))
    options = tiny_options(tmp_path, kimg=0.008, sheet_kimg=0.004, checkpoint_kimg=0.004, log_steps=2)
    Trainer(options, photos).run()
    assert saved == [4, 8, 8]
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["kimg"] for line in lines] == [0.002, 0.006]
    assert sorted(os.listdir(tmp_path)) == ["last.pt", "log.jsonl", "sheet-000000.0.png"]


def test_finished_run_takes_no_more_steps(photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = tiny_options(tmp_path, kimg=0.002, **QUIET)
    Trainer(options, photos).run()
    monkeypatch.setattr(Trainer, "step", lambda self: pytest.fail("stepped"))
    Trainer(options, photos).run()


@pytest.mark.parametrize("whose", ["generator", "discriminator"])
def test_nan_stops_the_run_and_the_last_checkpoint_stays(photos: Photos, tmp_path: Path, whose: str) -> None:
    options = tiny_options(tmp_path, kimg=0.002, **QUIET)
    Trainer(options, photos).run()
    good = (tmp_path / "last.pt").read_bytes()
    broken = replace(options, kimg=0.1, **({"range_weight": float("nan")} if whose == "generator" else {}))
    trainer = Trainer(broken, photos)
    load_state = trainer.load_state

    def poisoned(state: dict[str, Any]) -> None:
        load_state(state)
        if whose == "discriminator":
            trainer.discriminator.classifier.weight.data.fill_(float("nan"))

    trainer.load_state = poisoned  # type: ignore[method-assign]
    with pytest.raises(FloatingPointError, match=rf"the {whose}'s loss is nan after 0\.002 kimg"):
        trainer.run()
    assert (tmp_path / "last.pt").read_bytes() == good


def test_weights_poisoned_by_a_step_are_not_written(
    photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loss was finite, the step was not: the next loss would tell, but the checkpoint may come before it."""
    real_step = Trainer.step

    def step(self: Trainer) -> dict[str, float]:
        figures = real_step(self)
        with torch.no_grad():
            next(self.generator.parameters()).fill_(float("inf"))
        return figures

    monkeypatch.setattr(Trainer, "step", step)
    with pytest.raises(FloatingPointError, match="generator"):
        Trainer(tiny_options(tmp_path, kimg=0.1, sheet_kimg=1e6, checkpoint_kimg=0.002), photos).run()
    assert not (tmp_path / "last.pt").exists()


def test_damaged_checkpoint_stops_a_run_and_stays_as_it_is(photos: Photos, tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(ValueError, match="damaged"):
        Trainer(tiny_options(tmp_path), photos).run()
    assert (tmp_path / "last.pt").read_bytes() == b"PK\x03\x04 damaged"


@pytest.mark.parametrize(
    "change", [{"shape": GeneratorShape(z_dim=16, embed_dim=8, w_dim=16, channels=(16, 8))}, {"head_width": 16}]
)
def test_checkpoint_of_other_networks_is_refused(photos: Photos, tmp_path: Path, change: dict[str, Any]) -> None:
    state = Trainer(tiny_options(tmp_path, **change), photos).state()
    with pytest.raises(ValueError, match=next(iter(change))):
        Trainer(tiny_options(tmp_path), photos).load_state(state)


def test_state_that_lacks_a_part_is_refused(photos: Photos, tmp_path: Path) -> None:
    trainer = Trainer(tiny_options(tmp_path), photos)
    for part in ("average", "d_adam", "options"):
        state = trainer.state()
        del state[part]
        with pytest.raises(ValueError, match=part):
            trainer.load_state(state)
    state = trainer.state()
    del state["discriminator"]["classifier.weight"]
    with pytest.raises(ValueError, match=r"classifier\.weight"):
        trainer.load_state(state)


def test_options_come_back_from_a_checkpoint(photos: Photos, tmp_path: Path) -> None:
    options = tiny_options(tmp_path, camera=CameraRange(fov=(40.0, 50.0)), g_lr=0.5)
    checkpoint.save(tmp_path / "a.pt", Trainer(options, photos).state())
    assert options_from(checkpoint.load(tmp_path / "a.pt")["options"]) == options


def test_weights_travel_in_half_precision(photos: Photos, tmp_path: Path) -> None:
    trainer = Trainer(tiny_options(tmp_path), photos)
    trainer.step()
    checkpoint.save(tmp_path / "last.pt", trainer.state())
    save_weights(checkpoint.load(tmp_path / "last.pt"), tmp_path / "small.pt")
    assert (tmp_path / "small.pt").stat().st_size < 0.4 * (tmp_path / "last.pt").stat().st_size
    for name in ("last.pt", "small.pt"):
        generator = load_generator(tmp_path / name)
        for mine, theirs in zip(generator.parameters(), trainer.average.parameters(), strict=True):
            torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=1e-3)

    other = Trainer(tiny_options(tmp_path / "new", seed=9), photos)
    other.start_from(tmp_path / "small.pt")
    assert other.images == 0
    state, _ = load_weights(tmp_path / "small.pt")
    assert differing(state["average"], other.state()["generator"]) == []
    assert differing(state["discriminator"], other.state()["discriminator"]) == []


def test_a_run_from_weights_may_keep_a_share_of_their_slope(photos: Photos, tmp_path: Path) -> None:
    options = tiny_options(tmp_path / "first")
    options = replace(options, shape=replace(options.shape, layout=2, stationary=True))
    first = Trainer(options, photos)
    checkpoint.save(first.path, first.state())
    other = Trainer(replace(options, slope_kept=0.5, out=str(tmp_path / "other")), photos)
    other.start_from(first.path)
    before = first.average.synthesis.start()
    mean = before.mean(dim=(2, 3), keepdim=True)
    for net in (other.average, other.generator):
        torch.testing.assert_close(net.synthesis.start(), mean + 0.5 * (before - mean))
    assert differing(first.state()["average"], other.state()["average"]) == [".synthesis.constant"]
    # A run that goes on has kept it already.
    checkpoint.save(other.path, other.state())
    again = Trainer(other.options, photos)
    again.load_state(checkpoint.load(other.path))
    assert differing(other.state()["generator"], again.state()["generator"]) == []


def test_weights_of_something_else_are_refused(photos: Photos, tmp_path: Path) -> None:
    state = Trainer(tiny_options(tmp_path), photos).state()
    checkpoint.save(tmp_path / "order.pt", {**state, "codes": state["codes"][::-1]})
    with pytest.raises(ValueError, match="classes"):
        load_weights(tmp_path / "order.pt")
    checkpoint.save(tmp_path / "other.pt", {"weights": torch.zeros(1)})
    with pytest.raises(ValueError, match="other"):
        load_generator(tmp_path / "other.pt")
    with pytest.raises(ValueError, match="average"):
        save_weights({"weights": torch.zeros(1)}, tmp_path / "out.pt")


def test_sheet_has_a_row_a_class_and_two_pictures_a_seed(tmp_path: Path) -> None:
    sheet = sample_sheet(tiny_generator(), seeds=3, size=20)
    assert sheet.shape == (11 * 20, 3 * 2 * 20, 3)
    assert sheet.dtype == np.uint8
    rows = sheet.reshape(11, 20, 6, 20, 3)
    assert len({rows[i].tobytes() for i in range(11)}) == 11
    assert len({rows[0, :, i].tobytes() for i in range(6)}) == 6
    assert np.array_equal(sheet, sample_sheet(tiny_generator(), seeds=3, size=20))
    write_sheet(tmp_path / "a" / "sheet.png", sheet)
    assert np.array_equal(cv2.imread(str(tmp_path / "a" / "sheet.png"))[:, :, ::-1], sheet)
    assert os.listdir(tmp_path / "a") == ["sheet.png"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_sheet_on_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "sheet.png.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"sheet\.png cannot be written \(No space left on device\)"):
        write_sheet(tmp_path / "sheet.png", np.zeros((8, 8, 3), np.uint8))
    assert os.listdir(tmp_path) == []


def test_a_net_that_grows_a_tail_still_makes_the_domes_that_it_made(photos: Photos, tmp_path: Path) -> None:
    small = tiny_options(tmp_path / "small")
    first = Trainer(small, photos)
    first.step()
    checkpoint.save(first.path, first.state())
    bigger = Trainer(replace(small, out=str(tmp_path / "big"), shape=replace(small.shape, tail=6)), photos)
    bigger.start_from(first.path)
    z, mix, noise = (
        torch.randn(2, small.shape.z_dim),
        torch.eye(11)[:2],
        torch.randn(2, bigger.options.shape.noise_length),
    )
    with torch.no_grad():
        w = bigger.average.mapping(z, mix)
        old = first.average.synthesis(w, noise[:, : small.shape.noise_length])
        new = bigger.average.synthesis.colours(w, noise)
    enlarged = torch.nn.functional.interpolate(old, scale_factor=2.0, mode="bilinear", align_corners=False)
    # The tail's head begins at a hundredth of its usual weights.
    assert (new - enlarged).abs().max() < 0.05


def test_rates_fall_over_the_last_images_and_the_average_catches_up(photos: Photos, tmp_path: Path) -> None:
    options = tiny_options(tmp_path, kimg=0.02, cool_kimg=0.004, ema_kimg=0.001, g_lr=1e-3, d_lr=4e-4)
    assert [options.pace(n) for n in (0, 16, 17, 18, 19, 20, 24)] == pytest.approx([1, 1, 0.75, 0.5, 0.25, 0.05, 0.05])
    # A short run cools over its last quarter, and none over none.
    assert replace(options, kimg=0.008).pace(7) == pytest.approx(0.5)
    assert replace(options, cool_kimg=0.0).pace(20) == 1.0
    trainer = Trainer(options, photos)
    apart = []
    for images in (0, 18):
        trainer.images = images
        trainer.step()
        pace = options.pace(images)
        assert trainer.g_adam.param_groups[0]["lr"] == pytest.approx(1e-3 * pace)
        assert trainer.d_adam.param_groups[0]["lr"] == pytest.approx(4e-4 * pace)
        pairs = zip(trainer.average.parameters(), trainer.generator.parameters(), strict=True)
        apart.append(sum(float((a - b).detach().square().sum()) for a, b in pairs))
    assert apart[1] < apart[0]


def test_options_from_before_wide_views_had_a_size_of_their_own(tmp_path: Path) -> None:
    state = asdict(tiny_options(tmp_path, view_size=48)) | {"feature_side": 144}
    del state["wide_size"]
    assert options_from(state).wide_size == 48


def test_start_from_a_net_that_does_not_fit(photos: Photos, tmp_path: Path) -> None:
    small = tiny_options(tmp_path / "small")
    first = Trainer(small, photos)
    checkpoint.save(first.path, first.state())
    for other in (replace(small.shape, w_dim=24), replace(small.shape, channels=(8, 8))):
        with pytest.raises(ValueError, match="does not grow into"):
            Trainer(replace(small, shape=other), photos).start_from(first.path)
