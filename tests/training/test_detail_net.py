"""The detail net: what it starts from, how far it sees, its patches, its run, and the model that the backend opens."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skyloom.generation.detail import DetailModel
from skyloom_training import checkpoint
from skyloom_training.data.ccsn import CODES, SIDE, Photos
from skyloom_training.detail.evaluate import evaluate_detail
from skyloom_training.detail.export import build_detail
from skyloom_training.detail.loop import DetailOptions, DetailTrainer, load_detail
from skyloom_training.detail.network import DetailNet, DetailShape, shrink
from skyloom_training.detail.photos import degrade, patches, with_panoramas
from tiny_net import made_up_photos

SHAPE = DetailShape(width=8, blocks=2)


def some_photos(count: int) -> Photos:
    every = made_up_photos()
    return Photos(every.pixels[:count], every.labels[:count], every.sky[:count], every.sharpness[:count])


def random_net(seed: int = 0, shape: DetailShape = SHAPE) -> DetailNet:
    torch.manual_seed(seed)
    net = DetailNet(shape)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.normal_(std=0.1)
    return net.eval().requires_grad_(False)


def options(out: Path, **changed: object) -> DetailOptions:
    small = DetailOptions(out=str(out), steps=4, warm_up=1, batch=2, patch=64, shape=SHAPE, head_width=8, log_steps=1)
    return replace(small, **changed)


def test_starts_as_bilinear_enlarging() -> None:
    x = torch.rand(2, 3, 11, 13) * 2 - 1
    bilinear = torch.nn.functional.interpolate(x, scale_factor=4.0, mode="bilinear", align_corners=False)
    assert torch.equal(DetailNet(SHAPE)(x), bilinear)


def test_a_pixel_depends_on_its_reach_and_on_nothing_beyond() -> None:
    net = random_net()
    side = 4 * SHAPE.reach
    x = torch.zeros(1, 3, side, side, requires_grad=True)
    middle = 4 * (side // 2)
    net(x)[0, :, middle : middle + 4, middle : middle + 4].sum().backward()
    seen = x.grad.abs().sum(dim=(0, 1)).nonzero()
    distance = (seen - side // 2).abs().max().item()
    assert SHAPE.reach - 3 <= distance <= SHAPE.reach


def test_shrink_undoes_enlarging_a_flat_picture() -> None:
    x = torch.full((1, 3, 6, 6), 0.3)
    torch.testing.assert_close(shrink(DetailNet(SHAPE)(x)), x)


def test_patches_show_sky_only_and_degrading_keeps_means() -> None:
    pixels = np.full((2, SIDE, SIDE, 3), 90, np.uint8)
    pixels[:, 200:] = 255
    photos = Photos(pixels, np.zeros(2, np.int64), np.array([200, 60]), np.array([1.0, 2.0]))
    cut = patches(photos, 20, 96, np.random.default_rng(0))
    assert cut.shape == (20, 96, 96, 3)
    assert cut.max() == 90  # the ground is white, and the second photo has too little sky
    small = degrade(some_photos(2).pixels[:, :96, :96], 4, np.random.default_rng(0))
    assert small.shape == (2, 24, 24, 3)
    whole = some_photos(2).pixels[:, :96, :96].astype(np.float32) / 127.5 - 1
    np.testing.assert_allclose(small.mean(axis=(1, 2)), whole.mean(axis=(1, 2)), atol=0.05)


def test_views_of_a_panorama_show_its_sky(tmp_path: Path) -> None:
    sky = np.full((2048, 4096, 3), (200, 120, 40), np.uint8)  # blue, in OpenCV's order
    sky[1024:] = 0
    cv2.imwrite(str(tmp_path / "a.jpg"), sky)
    photos = some_photos(22)
    more = with_panoramas(photos, tmp_path)
    assert len(more.pixels) == len(more.labels) == len(more.sky) == len(more.sharpness) == 22 + 60
    np.testing.assert_allclose(more.pixels[22:].mean(axis=(1, 2)), np.tile([40, 120, 200], (60, 1)), atol=4)
    for empty in (tmp_path / "none", tmp_path / "other"):
        empty.mkdir()
    (tmp_path / "other" / "b.jpg").write_text("no picture")
    with pytest.raises(ValueError, match="holds no JPEG of 4096 x 2048"):
        with_panoramas(photos, tmp_path / "none")
    with pytest.raises(ValueError, match=r"b\.jpg cannot be read"):
        with_panoramas(photos, tmp_path / "other")


def test_a_run_resumes_bit_for_bit_and_is_loaded(tmp_path: Path) -> None:
    photos = some_photos(40)
    DetailTrainer(options(tmp_path / "whole"), photos).run()
    DetailTrainer(options(tmp_path / "parts", steps=2), photos).run()
    DetailTrainer(options(tmp_path / "parts"), photos).run()
    whole, parts = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    for part in ("net", "average", "discriminator"):
        assert all(torch.equal(whole[part][k], parts[part][k]) for k in whole[part]), part
    lines = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert ["d" in line for line in lines] == [False, True, True, True]  # pixels and features alone at first
    net, steps = load_detail(tmp_path / "whole" / "last.pt")
    assert steps == 4
    assert net(torch.zeros(1, 3, 8, 8)).shape == (1, 3, 32, 32)
    torch.save({"a": 1}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="not the state of a detail run"):
        load_detail(tmp_path / "other.pt")


def test_model_that_the_backend_opens(tmp_path: Path) -> None:
    net = random_net()
    rng = np.random.default_rng(0)
    pictures = rng.uniform(-1, 1, (8, 3, 48, 40)).astype(np.float32)
    report = build_detail(net, tmp_path / "m", "mine", "Apache-2.0", {"steps": 4}, pictures)
    assert report.float_max_difference < 1e-4
    assert report.int8_psnr_worst > 30
    assert sorted(p.name for p in (tmp_path / "m").iterdir()) == ["detail.onnx", "manifest.json"]
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    assert manifest["files"]["detail.onnx"] == hashlib.sha256((tmp_path / "m" / "detail.onnx").read_bytes()).hexdigest()
    model = DetailModel(tmp_path / "m")
    assert (model.name, model.factor, model.reach) == ("mine", 4, SHAPE.reach)
    dome = rng.random((64, 64, 3)).astype(np.float32)
    whole, tiled = model.enlarge(dome, tile=64), model.enlarge(dome, tile=24)
    assert np.abs(whole - tiled).max() < 1e-5
    exact = net(torch.from_numpy(dome.transpose(2, 0, 1)[None]) * 2 - 1)[0].numpy().transpose(1, 2, 0) * 0.5 + 0.5
    inner = slice(4 * SHAPE.reach, -4 * SHAPE.reach)
    assert np.abs(np.clip(exact, 0, 1) - whole)[inner, inner].mean() < 0.02
    (tmp_path / "m" / "card.md").write_text("mine")
    build_detail(net, tmp_path / "m", "again", "Apache-2.0", {}, pictures)
    assert (tmp_path / "m" / "card.md").read_text() == "mine"
    (tmp_path / "m" / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"thesis\.txt"):
        build_detail(net, tmp_path / "m", "again", "Apache-2.0", {}, pictures)


def test_evaluation_prefers_the_truth_to_what_is_wrong() -> None:
    photos = replace(some_photos(8), sky=np.full(8, SIDE))
    photos = replace(photos, labels=np.full(8, CODES.index("St")))
    good = evaluate_detail(DetailNet(SHAPE).eval(), photos, crops=1, judges=("efficientnet-lite1",))
    noisy = evaluate_detail(random_net(), photos, crops=1, judges=("efficientnet-lite1",))
    assert noisy.psnr["net"] < good.psnr["net"]
    assert noisy.psnr["lanczos"] == good.psnr["lanczos"]
    assert good.frechet["efficientnet-lite1"]["net"] < noisy.frechet["efficientnet-lite1"]["net"]
    assert good.invented["net"] < noisy.invented["net"]
