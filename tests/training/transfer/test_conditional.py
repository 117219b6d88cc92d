"""From unconditional to conditional: splices in both ways and on every side, hyper-modulation with self-alignment."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from skyloom_training import checkpoint
from skyloom_training.networks.hyper import HyperConv, each_its_own
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.transfer.hyper_modulation import HyperModulation
from skyloom_training.transfer.source import Source
from tiny_lab import inputs, tiny_lab, tiny_source


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return tiny_source(tmp_path_factory.mktemp("source"), kimg=0.04)


def apart(lab, source: Source) -> float:
    """Largest difference of pixels between the conditional net's and the source's pictures, over all classes."""
    z, mix, noise = inputs(lab, 12)
    with torch.no_grad():
        return (lab.nets.average(z, mix, noise) - source.generator(z, mix[:, :0], noise)).abs().max().item()


@pytest.mark.parametrize("side", ["g", "both"])
def test_function_preserving_splice_makes_the_sources_pictures(source: Source, tmp_path: Path, side: str) -> None:
    lab = tiny_lab(tmp_path, "splice", source, conditional=True, method_options={"way": "preserving", "side": side})
    assert apart(lab, source) < 1e-3
    assert torch.equal(lab.nets.average.mapping.w_avg, source.generator.mapping.w_avg)
    # The thesis' way does not: this test can fail.
    assert apart(tiny_lab(tmp_path, "splice", source, conditional=True), source) > 0.05


def test_function_preserving_splice_keeps_the_discriminators_judgement(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "splice", source, conditional=True, kimg=0.4, method_options={"way": "preserving"})
    alone = ResidualDiscriminator(source.options.shape(0))
    alone.load_state_dict(source.discriminator)
    x, mix = torch.randn(4, 3, 16, 16), torch.eye(3)[[0, 1, 2, 0]]
    with torch.no_grad():
        torch.testing.assert_close(lab.nets.discriminator(x, mix)[0], alone(x, mix[:, :0])[0])
    weights = []
    for images in (0, 50, 100, 300):
        lab.method.progress(lab.nets, images, 400)
        weights.append(lab.nets.discriminator.transition.item())
    assert weights == pytest.approx([0.0, 0.5, 1.0, 1.0])


def test_the_class_is_learnt_from_zero_columns(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "splice", source, conditional=True, method_options={"way": "preserving"})
    for _ in range(3):
        lab.step()
    z, _, noise = (x[:1].expand(3, -1) for x in inputs(lab))
    with torch.no_grad():
        pictures = lab.nets.generator(z, torch.eye(3), noise)
    assert (pictures[0] - pictures[1]).abs().max() > 1e-5


@pytest.mark.parametrize(("side", "g", "d"), [("g", True, False), ("d", False, True), ("both", True, True)])
def test_thesis_splice_keeps_all_but_what_depends_on_classes(
    source: Source, tmp_path: Path, side: str, g: bool, d: bool
) -> None:
    lab = tiny_lab(tmp_path, "splice", source, conditional=True, method_options={"side": side})
    fresh = tiny_lab(tmp_path, conditional=True)
    theirs = source.generator.state_dict()
    for name, value in lab.nets.generator.state_dict().items():
        spliced = g and not name.startswith("mapping")
        assert torch.equal(value, theirs[name] if spliced else fresh.nets.generator.state_dict()[name]), name
    for name, value in lab.nets.discriminator.state_dict().items():
        spliced = d and not name.startswith(("mapping", "project", "out", "transition"))
        assert torch.equal(
            value, source.discriminator[name] if spliced else fresh.nets.discriminator.state_dict()[name]
        )
    # The average, too, as the thesis did with G_ema.
    assert torch.equal(lab.nets.average.synthesis.constant, lab.nets.generator.synthesis.constant)
    lab.step()


def test_splices_that_cannot_be(source: Source, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="side of splice is 'x'; expected g or d or both"):
        tiny_lab(tmp_path, "splice", source, conditional=True, method_options={"side": "x"})
    with pytest.raises(ValueError, match="from an unconditional net to a conditional run"):
        tiny_lab(tmp_path, "splice", source)
    with pytest.raises(ValueError, match="differs from the run's in more than"):
        tiny_lab(tmp_path, "splice", source, conditional=True, size=32)
    with pytest.raises(ValueError, match="residual"):
        tiny_lab(tmp_path, "splice", source, conditional=True, discriminator="projected")


def test_hyper_modulation_starts_at_the_sources_pictures_after_self_alignment(source: Source, tmp_path: Path) -> None:
    options = {"align_steps": 60, "task_dim": 4, "scale": 0.1}
    lab = tiny_lab(tmp_path, "hyper-modulation", source, conditional=True, method_options=options)
    method = lab.method
    assert isinstance(method, HyperModulation)
    method.prepare(lab)
    before, after = method.aligned
    assert before > 0.02  # it did not start there
    assert after < 0.1 * before
    assert after < 1 / 127.5  # less than a level of 8 bits, on average
    z, mix, noise = inputs(lab, 12)
    with torch.no_grad():
        made, aim = lab.nets.average(z, mix, noise), source.generator(z, mix[:, :0], noise)
    assert (made - aim).abs().mean() < 1 / 127.5


def test_hyper_modulation_without_weights_is_the_source_at_once(source: Source, tmp_path: Path) -> None:
    options = {"align_steps": 0, "scale": 0.0}
    lab = tiny_lab(tmp_path, "hyper-modulation", source, conditional=True, method_options=options)
    assert apart(lab, source) < 1e-3


def test_hyper_modulation_trains_the_hypernetworks_alone(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "hyper-modulation", source, conditional=True, method_options={"align_steps": 2})
    lab.method.prepare(lab)
    before = {n: p.detach().clone() for n, p in lab.nets.generator.named_parameters()}
    for _ in range(3):
        lab.step()
    changed = {n for n, p in lab.nets.generator.named_parameters() if not torch.equal(p, before[n])}
    assert changed == {n for n in before if "modulation" in n or n.startswith("mapping.task")}
    z, _, noise = (x[:1].expand(3, -1) for x in inputs(lab))
    with torch.no_grad():
        pictures = lab.nets.generator(z, torch.eye(3), noise)
    assert (pictures[0] - pictures[1]).abs().max() > 1e-4
    lab.run()
    state = checkpoint.load(tmp_path / "last.pt")
    again = tiny_lab(tmp_path, "hyper-modulation", source, conditional=True, method_options={"align_steps": 2})
    again.load_state(state)
    assert torch.equal(again.nets.generator(z, torch.eye(3), noise), lab.nets.generator(z, torch.eye(3), noise))


def test_each_picture_is_convolved_with_its_own_weight() -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(3, 4, 6, 6), torch.randn(3, 5, 4, 3, 3)
    y = each_its_own(x, weight, 1)
    for i in range(3):
        torch.testing.assert_close(y[i : i + 1], torch.nn.functional.conv2d(x[i : i + 1], weight[i], padding=1))


def test_unmodulated_hyper_convolution_is_the_plain_one(source: Source) -> None:
    base = source.generator.synthesis.blocks[0].after
    hyper = HyperConv(base, 4, 0.0)
    x, w, noise = torch.randn(3, base.weight.shape[1], 8, 8), torch.randn(3, 16), torch.randn(3, 1, 8, 8)
    task = torch.randn(3, 4)
    torch.testing.assert_close(
        hyper.activated(x, torch.cat([w, task], 1), noise), base.activated(x, w, noise), atol=1e-4, rtol=1e-4
    )
