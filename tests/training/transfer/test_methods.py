"""Transfer methods: what starts as the source, what stays as it was to the bit, what the penalties' gradients are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from skyloom_training import checkpoint
from skyloom_training.lab.loop import Lab
from skyloom_training.networks.residual import ResidualDiscriminator
from skyloom_training.transfer import METHODS
from skyloom_training.transfer.distillation import Distillation
from skyloom_training.transfer.glo import Glo, gram
from skyloom_training.transfer.l2sp import L2SP
from skyloom_training.transfer.method import make
from skyloom_training.transfer.minegan import MineGan
from skyloom_training.transfer.source import Source, load_source
from tiny_lab import inputs, tiny_lab, tiny_source


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return tiny_source(tmp_path_factory.mktemp("source"))


def parameters(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in net.named_parameters()}


def moved(net: torch.nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, parameter in net.named_parameters() if not torch.equal(parameter, before[name])}


def after_steps(lab: Lab, steps: int = 3) -> tuple[set[str], set[str]]:
    """Names of parameters of generator and discriminator that some steps (R1 and path length among them) move."""
    g, d = parameters(lab.nets.generator), parameters(lab.nets.discriminator)
    for _ in range(steps):
        lab.step()
    return moved(lab.nets.generator, g), moved(lab.nets.discriminator, d)


def everything(net: torch.nn.Module) -> set[str]:
    return {name for name, _ in net.named_parameters()}


def test_fine_tuning_starts_as_the_source_and_moves_everything(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "fine-tuning", source)
    z, mix, noise = inputs(lab)
    for net in (lab.nets.generator, lab.nets.average):
        torch.testing.assert_close(net(z, mix, noise), source.generator(z, mix, noise))
    assert torch.equal(lab.nets.discriminator.from_rgb.weight, source.discriminator["from_rgb.weight"])
    g, d = after_steps(lab)
    assert g == everything(lab.nets.generator)
    assert d == everything(lab.nets.discriminator)


@pytest.mark.parametrize(("g", "d"), [(1, 0), (2, 0), (0, 1), (0, 2), (1, 2)])
def test_frozen_layers_do_not_change_by_a_bit(source: Source, tmp_path: Path, g: int, d: int) -> None:
    lab = tiny_lab(tmp_path, "freezing", source, method_options={"g": g, "d": d})
    average = parameters(lab.nets.average)
    moved_g, moved_d = after_steps(lab, 5)
    frozen_g = ["mapping.", "synthesis.constant", "synthesis.first"] if g else []
    frozen_g += [f"synthesis.blocks.{i}." for i in range(g - 1)]
    frozen_d = [["from_rgb."], ["from_rgb.", "blocks.0."]][d - 1] if d else []
    assert moved_g == {n for n in everything(lab.nets.generator) if not n.startswith(tuple(frozen_g))} or not g
    assert moved_d == {n for n in everything(lab.nets.discriminator) if not n.startswith(tuple(frozen_d))} or not d
    assert not any(name.startswith(tuple(frozen_g)) for name in moved(lab.nets.average, average)) or not g


def test_partial_fine_tuning_splits_both_networks(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "partial", source, method_options={"g": 2, "d": 1})
    g, d = after_steps(lab)
    held = ("synthesis.constant", "synthesis.first", "synthesis.blocks.0")
    assert g == {n for n in everything(lab.nets.generator) if not n.startswith(held)}
    assert any(n.startswith("mapping.") for n in g)
    assert d == {n for n in everything(lab.nets.discriminator) if not n.startswith("from_rgb")}


def test_scale_and_shift_move_biases_of_the_body_alone(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "scale-shift", source)
    g, d = after_steps(lab)
    assert g == {n for n in everything(lab.nets.generator) if n.startswith("synthesis.") and n.endswith("bias")}
    assert d == everything(lab.nets.discriminator)


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("freezing", {"g": 3}, "g is 3; expected 0 to 2"),
        ("freezing", {"d": 4}, "d is 4; expected 0 to 3"),
        ("freezing", {"h": 1}, "'h' is no option of freezing; it has keep_d, g, d"),
        ("freezing", {"g": "two"}, "g of freezing is 'two'; expected a int"),
        ("minegan", {"share": 2.0}, "share of minegan is 2.0"),
        ("l2-sp", {"starts": {}}, "'starts' is no option"),
    ],
)
def test_options_that_cannot_be_are_refused(
    source: Source, tmp_path: Path, method: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        tiny_lab(tmp_path, method, source, method_options=options)


def test_a_source_is_needed_and_must_fit(source: Source, tmp_path: Path) -> None:
    for method in sorted(set(METHODS) - {"scratch", "glo", "splice", "hyper-modulation"}):
        with pytest.raises(ValueError, match=r"source: .* needs a trained net"):
            tiny_lab(tmp_path, method)
    with pytest.raises(ValueError, match="the generator differs"):
        tiny_lab(tmp_path, "fine-tuning", source, conditional=True)
    for method, options in (("freezing", {"d": 1, "keep_d": False}), ("distillation", {})):
        with pytest.raises(ValueError, match="expected residual"):
            tiny_lab(tmp_path, method, source, discriminator="projected", method_options=options)
    checkpoint.save(tmp_path / "other.pt", {"weights": torch.zeros(1)})
    with pytest.raises(ValueError, match=r"other\.pt is no net that a transfer can start from"):
        load_source(tmp_path / "other.pt")


def test_l2sp_gradient_is_the_closed_form(source: Source, tmp_path: Path) -> None:
    options = {"g": 0.3, "d": 0.7, "layers": {"rgb": 0.1, "^mapping": 5.0}}
    lab = tiny_lab(tmp_path, "l2-sp", source, method_options=options)
    method = lab.method
    assert isinstance(method, L2SP)
    starts = {"g": parameters(lab.nets.generator), "d": parameters(lab.nets.discriminator)}
    real, mix = torch.zeros(4, 3, 16, 16), torch.zeros(4, 0)
    assert method.generator_loss(lab.nets).item() == 0.0  # it starts where it is pulled to
    for net, which, alpha in ((lab.nets.generator, "g", 0.3), (lab.nets.discriminator, "d", 0.7)):
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.add_(torch.randn_like(parameter))
        net.zero_grad()
        loss = method.generator_loss(lab.nets) if which == "g" else method.discriminator_loss(lab.nets, real, mix)
        loss.backward()
        total = 0.0
        for name, parameter in net.named_parameters():
            weight = 5.0 if name.startswith("mapping") else 0.1 if "rgb" in name else 1.0
            apart = parameter.detach() - starts[which][name]
            torch.testing.assert_close(parameter.grad, alpha * weight * apart)
            total += alpha / 2 * weight * apart.square().sum().item()
        assert loss.item() == pytest.approx(total, rel=1e-4)


def test_l2sp_holds_the_net_near_its_start(source: Source, tmp_path: Path) -> None:
    distances = []
    for strength in (0.0, 10.0):
        lab = tiny_lab(tmp_path, "l2-sp", source, method_options={"g": strength, "d": strength})
        start = parameters(lab.nets.generator)
        for _ in range(8):
            lab.step()
        now = parameters(lab.nets.generator)
        distances.append(sum((now[n] - start[n]).square().sum().item() for n in start) ** 0.5)
    assert distances[1] < 0.8 * distances[0]


def test_distillation_pulls_maps_of_the_photos_to_the_teachers(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "distillation", source, method_options={"weight": 2.0})
    method, real, mix = lab.method, torch.randn(4, 3, 16, 16), torch.zeros(4, 0)
    assert isinstance(method, Distillation)
    assert isinstance(lab.nets.discriminator, ResidualDiscriminator)
    assert method.discriminator_loss(lab.nets, real, mix).item() < 1e-12
    teacher = parameters(method.teacher[0])
    after_steps(lab)
    student, aim = lab.nets.discriminator.features(real), method.teacher[0].features(real)
    expected = 2.0 * sum((a - b).square().mean() for a, b in zip(student, aim, strict=True)) / len(aim)
    assert method.discriminator_loss(lab.nets, real, mix).item() == pytest.approx(expected.item(), rel=1e-4)
    assert expected.item() > 0
    assert moved(method.teacher[0], teacher) == set()


def test_miner_mines_first_and_then_all_is_trained(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "minegan", source, kimg=0.032, method_options={"share": 0.5})
    method = lab.method
    assert isinstance(method, MineGan)
    z, mix, _ = inputs(lab)
    torch.testing.assert_close(method.latents(z, mix), z)  # at first it changes nothing
    miner = parameters(method.miner[0])
    g, d = after_steps(lab, 4)  # half of 8 steps
    assert g == set()
    assert moved(method.miner[0], miner) == set(miner)
    assert d == everything(lab.nets.discriminator)
    assert (method.latents(z, mix) - z).abs().max() > 1e-4
    g, _ = after_steps(lab, 2)
    assert g == everything(lab.nets.generator)


def test_glo_brings_codes_and_pictures_together(source: Source, tmp_path: Path) -> None:
    lab = tiny_lab(tmp_path, "glo", source, g_lr=0.01)
    method = lab.method
    assert isinstance(method, Glo)
    discriminator = parameters(lab.nets.discriminator)
    table = method.codes[0].table.detach().clone()
    losses = [sum(lab.step().values()) for _ in range(25)]
    assert sum(losses[-5:]) < 0.9 * sum(losses[:5])
    assert moved(lab.nets.discriminator, discriminator) == set()
    assert not torch.equal(method.codes[0].table, table)
    assert len(table) == 24  # one a picture
    # New latents have the codes' mean and covariance.
    draw = torch.randn(20000, 16, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        made, codes = method.latents(draw, torch.zeros(0)), method.codes[0](torch.arange(24))
    torch.testing.assert_close(made.mean(dim=0), codes.mean(dim=0), atol=0.05, rtol=0)
    torch.testing.assert_close(made.t().cov(), codes.t().cov(), atol=0.08, rtol=0)
    flat = torch.full((1, 2, 3, 3), 2.0)
    assert torch.equal(gram(flat), torch.full((1, 2, 2), 4.0))


@pytest.mark.parametrize("method", ["minegan", "glo", "l2-sp", "freezing"])
def test_methods_resume_bit_for_bit(source: Source, tmp_path: Path, method: str) -> None:
    def lab(name: str, kimg: float) -> Lab:
        options = {"g": 1} if method == "freezing" else {}
        return tiny_lab(tmp_path / name, method, source, kimg=kimg, method_options=options)

    lab("whole", 0.032).run()
    broken = lab("parts", 0.032)
    for _ in range(3):
        broken.step()
    broken.save()
    lab("parts", 0.032).run()
    whole, parts = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    for part in ("generator", "average", "discriminator", "extra"):
        assert all(torch.equal(whole[part][k], parts[part][k]) for k in whole[part])


def test_every_method_has_a_name_and_plain_options() -> None:
    assert len(METHODS) == 11
    for name, kind in METHODS.items():
        assert type(make(kind, {}, name)) is kind
