"""Teaches the detail net: pixels, features, and a projected discriminator that sees only texture at full resolution."""

from __future__ import annotations

import copy
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import checkpoint, losses
from skyloom_training.augment import augment
from skyloom_training.average import follow
from skyloom_training.data.ccsn import Photos
from skyloom_training.detail.network import DetailNet, DetailShape, shrink
from skyloom_training.detail.photos import degrade, patches
from skyloom_training.networks.projected import ProjectedDiscriminator
from skyloom_training.run_log import write_line


@dataclass(frozen=True)
class DetailOptions:
    """Options of one run of the detail net."""

    out: str = "runs/detail"
    steps: int = 2_500
    # Pixels and features alone first: the discriminator would otherwise teach texture before the picture is right.
    warm_up: int = 600
    seed: int = 1
    batch: int = 6
    patch: int = 96
    shape: DetailShape = field(default_factory=DetailShape)
    head_width: int = 32
    lr: float = 4e-4
    d_lr: float = 2e-4
    pixel_weight: float = 0.5
    # The enlarged picture made small again is the picture: invented texture may not move colours or edges.
    consistency_weight: float = 5.0
    feature_weight: float = 0.6
    adversarial_weight: float = 0.05
    # What the net adds may not repeat with the small picture's pixels: a weave that sub-pixel layers learn first.
    lattice_weight: float = 300.0
    ema: float = 0.998
    threads: int = 2
    device: str = "cpu"
    bf16: bool = True
    log_steps: int = 20
    checkpoint_steps: int = 250


class DetailTrainer:
    """All the state of a run; resumes from ``out``/last.pt; every draw depends on (seed, step) alone."""

    def __init__(self, options: DetailOptions, photos: Photos) -> None:
        self.options, self.photos = options, photos
        torch.manual_seed(options.seed)
        self.device = torch.device(options.device)
        self.net = DetailNet(options.shape).to(self.device)
        self.average = copy.deepcopy(self.net).eval().requires_grad_(False)
        self.discriminator = ProjectedDiscriminator(1, options.head_width).to(self.device)
        self.adam = torch.optim.Adam(self.net.parameters(), options.lr, (0.9, 0.99))
        self.d_adam = torch.optim.Adam(self.discriminator.trained_parameters(), options.d_lr, (0.0, 0.99))
        self.steps = 0
        if self.device.type == "cpu":
            self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.discriminator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def path(self) -> Path:
        """The checkpoint of this run."""
        return Path(self.options.out) / "last.pt"

    def run(self) -> None:
        """Train from the last whole checkpoint, if there is one, to ``steps``.

        Raises:
            ValueError: the checkpoint is damaged or of another kind of run.
            FloatingPointError: a loss is no longer finite.
            OSError: ``out`` cannot be written.
        """
        if self.path.exists():
            self.load_state(checkpoint.load(self.path, self.options.device))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        started, since = time.perf_counter(), self.steps
        with (self.path.parent / "log.jsonl").open("a") as log:
            while self.steps < self.options.steps:
                figures = self.step()
                if self.steps % self.options.log_steps == 0:
                    pace = (time.perf_counter() - started) / (self.steps - since)
                    write_line(log, step=self.steps, s_per_step=pace, **figures)
                if self.steps % self.options.checkpoint_steps == 0:
                    checkpoint.save(self.path, self.state())
        checkpoint.save(self.path, self.state())

    def step(self) -> dict[str, float]:
        """One batch of patches."""
        options = self.options
        rng = np.random.default_rng([options.seed, self.steps])
        draw = torch.Generator().manual_seed(int(rng.integers(2**31)))
        sharp = patches(self.photos, options.batch, options.patch, rng)
        small = _tensor(degrade(sharp, options.shape.factor, rng)).to(self.device)
        real = _tensor(sharp.astype(np.float32) / 127.5 - 1).to(self.device)
        mix = torch.ones(options.batch, 1, device=self.device)
        with self._autocast():
            made = self.net(small)
        made = made.float()
        figures: dict[str, float] = {}
        adversarial = made.new_zeros(())
        playing = self.steps >= options.warm_up
        if playing:
            figures["d"] = self._discriminator_step(real, made.detach(), mix, draw)
            adversarial = self._adversarial(made, mix, draw)
        pixel = F.l1_loss(made, real)
        consistent = F.l1_loss(shrink(made, options.shape.factor), shrink(real, options.shape.factor))
        feature = self._feature_distance(made, real)
        loss = options.pixel_weight * pixel + options.consistency_weight * consistent
        loss = loss + options.feature_weight * feature + options.adversarial_weight * adversarial
        weave = losses.lattice(made - self.net.enlarged(small), options.shape.factor)
        loss = loss + options.lattice_weight * weave
        if not bool(torch.isfinite(loss)):
            raise FloatingPointError(f"training: the detail net's loss is {loss.item()} after {self.steps} steps")
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()
        for parameter in self.discriminator.trained_parameters():
            parameter.requires_grad_(True)
        self.steps += 1
        follow(self.average, self.net, min(options.ema, self.steps / (self.steps + 10)))
        figures |= {"pixel": pixel.item(), "consistent": consistent.item(), "feature": feature.item()}
        return figures | {"g": adversarial.item(), "weave": weave.item()}

    def _discriminator_step(self, real: Tensor, made: Tensor, mix: Tensor, draw: torch.Generator) -> float:
        both = torch.cat([augment(real, draw, shift=0.0), augment(made, draw, shift=0.0)])
        with self._autocast():
            logits, _ = self.discriminator(both, torch.cat([mix, mix]))
        pairs = [logit.float().split([len(real), len(made)]) for logit in logits]
        loss = losses.hinge_discriminator([p[0] for p in pairs], [p[1] for p in pairs])
        self.d_adam.zero_grad(set_to_none=True)
        loss.backward()
        self.d_adam.step()
        return loss.item()

    def _adversarial(self, made: Tensor, mix: Tensor, draw: torch.Generator) -> Tensor:
        self.discriminator.requires_grad_(False)
        with self._autocast():
            logits, _ = self.discriminator(augment(made, draw, shift=0.0), mix)
        return losses.hinge_generator([logit.float() for logit in logits])

    def _feature_distance(self, made: Tensor, real: Tensor) -> Tensor:
        """Mean difference of unit-length feature columns over all taps, as in LPIPS without its learned weights."""
        with self._autocast():
            mine, _ = self.discriminator.features(made)
            with torch.no_grad():
                theirs, _ = self.discriminator.features(real)
        parts = [
            (F.normalize(a.float(), dim=1) - F.normalize(b.float(), dim=1)).square().sum(dim=1).mean()
            for a, b in zip(mine[:3], theirs[:3], strict=True)
        ]
        return torch.stack(parts).mean()

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.options.bf16)

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        heads = {k: v for k, v in self.discriminator.state_dict().items() if not k.startswith("features.")}
        return {
            "steps": self.steps,
            "options": asdict(self.options),
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "discriminator": heads,
            "adam": self.adam.state_dict(),
            "d_adam": self.d_adam.state_dict(),
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue from ``state``.

        Raises:
            ValueError: it is not the state of such a run.
        """
        try:
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.discriminator.load_state_dict(state["discriminator"], strict=False)
            self.adam.load_state_dict(state["adam"])
            self.d_adam.load_state_dict(state["d_adam"])
            self.steps = int(state["steps"])
        except (KeyError, TypeError, RuntimeError) as error:
            raise ValueError(f"checkpoint: {self.path} is not the state of a detail run ({error!r})") from error


def load_detail(path: Path) -> tuple[DetailNet, int]:
    """The averaged net of a run's checkpoint, ready to run, and its steps.

    Raises:
        FileNotFoundError: no such file.
        ValueError: damaged, or not the state of a detail run.
    """
    state = checkpoint.load(path)
    try:
        net = DetailNet(DetailShape(**state["options"]["shape"]))
        net.load_state_dict(state["average"])
        return net.eval().requires_grad_(False), int(state["steps"])
    except (KeyError, TypeError, RuntimeError) as error:
        raise ValueError(f"checkpoint: {path} is not the state of a detail run ({error!r})") from error


def _tensor(pictures: np.ndarray[Any, Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
