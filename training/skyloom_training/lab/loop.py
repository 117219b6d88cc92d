"""The lab's loop: StyleGAN2-ADA's training, with hooks for transfer methods and measures along the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from skyloom_training import checkpoint
from skyloom_training.ada import AdaptiveStrength, Change, apply_change, draw_change
from skyloom_training.average import follow, kept_by_half_life
from skyloom_training.lab import losses
from skyloom_training.lab.memory import forget_peak, peak_mib
from skyloom_training.lab.nets import Nets, build_nets, kept_state, load_kept, still, trained
from skyloom_training.lab.optimiser import Optimiser
from skyloom_training.lab.options import LabOptions, differing, options_from
from skyloom_training.lab.pictures import Pictures
from skyloom_training.lab.workers import Workers
from skyloom_training.networks.stylegan2 import class_mix
from skyloom_training.run_log import write_line
from skyloom_training.transfer.method import Transfer
from skyloom_training.transfer.source import Source
from skyloom_training.views import CameraRange, random_cameras, render_views

Measure = Callable[["Lab"], dict[str, float]]


class Lab:
    """All the state of a run; ``step`` is one batch, ``run`` goes on to the budget from the last whole checkpoint.

    Raises ValueError where options, pictures, source and method do not go together.
    """

    def __init__(
        self,
        options: LabOptions,
        pictures: Pictures,
        out: Path,
        method: Transfer | None = None,
        source: Source | None = None,
    ) -> None:
        self.options, self.out = options, out
        self.pictures = pictures.subset(options.subset) if options.subset else pictures
        self.classes = self.pictures.classes if options.conditional else 0
        self.workers = Workers(options.device)
        self.device, self.rows = torch.device(options.device), self.workers.rows(options.batch)
        self.method = method or Transfer()
        self.nets: Nets = build_nets(options, self.classes)
        self.method.begin(self.nets, source, len(self.pictures))
        self.nets.to(self.device)
        if (extra := self.method.extra()) is not None:
            extra.to(self.device)
        g_parameters = trained(self.nets.generator) + (trained(extra) if extra is not None else [])
        # Half precision in float16 needs its loss scaled, or small gradients vanish.
        scalers = [torch.amp.GradScaler(options.device, enabled=options.precision == "fp16") for _ in range(2)]
        path, r1 = (
            (options.path_interval if options.path_weight else 0),
            (options.r1_interval if options.r1_gamma else 0),
        )
        self.g_adam = Optimiser(g_parameters, options.g_lr, path, self.workers, scalers[0])
        self.d_adam = Optimiser(trained(self.nets.discriminator), options.d_lr, r1, self.workers, scalers[1])
        start = options.ada_p if options.ada != "off" else 0.0
        self.ada = AdaptiveStrength(options.ada_target, options.ada_kimg, p=start)
        self.path_mean = torch.zeros((), device=self.device)
        self.images, self.seconds, self.core_seconds, self.peak = 0, 0.0, 0.0, 0.0
        self.curve: list[dict[str, float]] = []

    @property
    def path(self) -> Path:
        """The checkpoint of this run."""
        return self.out / "last.pt"

    @property
    def total(self) -> int:
        """Pictures of the whole budget, in whole batches."""
        return max(1, round(self.options.kimg * 1000 / self.options.batch)) * self.options.batch

    def run(self, measure: Measure | None = None) -> None:
        """Train to the budget, measuring at its shares; a killed run goes on from its last whole checkpoint.

        Raises:
            ValueError: the checkpoint is damaged or another run's.
            FloatingPointError: a loss or weight is no longer finite; the last checkpoint is from before.
            OSError: ``out`` cannot be written; the last checkpoint is whole.
        """
        forget_peak(self.device)
        if self.path.exists():
            self.load_state(checkpoint.load(self.path, self.options.device))
        else:
            self.method.prepare(self)
        self.out.mkdir(parents=True, exist_ok=True)
        with (self.out / "log.jsonl").open("a") as log:
            while True:
                if self._measure(measure):
                    self.save()
                if self.images >= self.total:
                    break
                before, started, worked = self.images, time.perf_counter(), time.process_time()
                figures = self.step()
                self.seconds += time.perf_counter() - started
                # What a CPU worked does not depend on what else it had to do.
                self.core_seconds += time.process_time() - worked
                steps = self.images // self.options.batch
                if self.workers.first and steps % self.options.log_steps == 0:
                    write_line(log, kimg=self.images / 1000, seconds=self.seconds, **figures)
                every = self.options.checkpoint_kimg * 1000
                if int(before / every) != int(self.images / every):
                    self.save()
        self.save()

    def step(self) -> dict[str, float]:
        """One batch through both networks, or what the method does instead; figures for the log."""
        self.method.progress(self.nets, self.images, self.total)
        figures = self.method.own_step(self)
        if figures is None:
            figures = self._adversarial_step()
        self.images += self.options.batch
        self._update_average()
        return figures

    def rng(self) -> np.random.Generator:
        """Every random choice depends on (seed, images) alone, so a resumed run draws what an unbroken one would."""
        return np.random.default_rng([self.options.seed, self.images])

    def _adversarial_step(self) -> dict[str, float]:
        options, rows, shape = self.options, self.rows, self.nets.generator.shape
        rng = self.rng()
        draw = torch.Generator().manual_seed(int(rng.integers(2**62)))
        indices = rng.integers(0, len(self.pictures), options.batch)
        real = self.tensor(self.pictures.crops(indices, options.shown, rng)[rows])
        real_mix = self.mix(self.pictures.labels[indices])[rows]
        mix = self.mix(self.pictures.labels[rng.integers(0, len(self.pictures), options.batch)])[rows]
        z1, z2 = (torch.randn(options.batch, shape.z_dim, generator=draw)[rows].to(self.device) for _ in range(2))
        noise = torch.randn(options.batch, shape.noise_length, generator=draw)[rows].to(self.device)
        # Without mixing the cut lies behind the last layer.
        cut = torch.randint(1, shape.layers, (options.batch,), generator=draw)
        mixes = torch.rand(options.batch, generator=draw) < options.style_mixing
        cut = torch.where(mixes, cut, shape.layers)[rows].to(self.device)
        cameras = self.cameras(draw)
        changes = [self._change(draw) for _ in range(3)]

        with self.autocast():
            w1, w2 = (self.nets.generator.mapping(self.method.latents(z, mix), mix) for z in (z1, z2))
            made = self.nets.generator.synthesis(self.nets.generator.mixed(w1, w2, cut), noise)
        self.nets.generator.mapping.track(self.workers.mean(w1.detach().mean(dim=0, keepdim=True)))
        seen = self.look(made, cameras)
        figures = self._discriminator_step(real, real_mix, seen.detach(), mix, changes)
        figures |= self._generator_step(seen, mix, changes[2])
        step = self.images // options.batch
        if options.r1_gamma and step % options.r1_interval == 0:
            figures["r1"] = self._gradient_penalty(apply_change(real, changes[0]), real_mix)
        if options.path_weight and step % options.path_interval == 0:
            figures["path"] = self._path_length(z1, mix, noise, draw)
        return {**figures, "p": self.ada.p, "signal": self.ada.signal}

    def _discriminator_step(
        self, real: Tensor, real_mix: Tensor, made: Tensor, mix: Tensor, changes: list[Change | None]
    ) -> dict[str, float]:
        real = apply_change(real, changes[0])
        with self.autocast():
            real_logits = _float(self.nets.discriminator(real, real_mix))
            made_logits = _float(self.nets.discriminator(apply_change(made, changes[1]), mix))
            loss = losses.ADVERSARIAL[self.options.loss][0](real_logits, made_logits)
            adversarial = loss.item()
            if (more := self.method.discriminator_loss(self.nets, real, real_mix)) is not None:
                loss = loss + more
        self.d_adam.move(self._finite(loss, "discriminator"))
        signs = torch.cat([logit.detach().sign().flatten() for logit in real_logits])
        summed = self.workers.sum(torch.stack([signs.sum(), signs.new_tensor(len(signs))]))
        if self.options.ada == "adaptive":
            self.ada.see(summed[0].item(), summed[1].item(), self.options.batch)
        return {"d": adversarial, "real_sign": (summed[0] / summed[1]).item()}

    def _generator_step(self, seen: Tensor, mix: Tensor, change: Change | None) -> dict[str, float]:
        with still(self.nets.discriminator):
            with self.autocast():
                logits = _float(self.nets.discriminator(apply_change(seen, change), mix))
                loss = losses.ADVERSARIAL[self.options.loss][1](logits)
                adversarial = loss.item()
                if (more := self.method.generator_loss(self.nets)) is not None:
                    loss = loss + more
            self.move_generator(loss)
        return {"g": adversarial}

    def move_generator(self, loss: Tensor) -> None:
        """A step of the generator and the method's own module; FloatingPointError where the loss is not finite."""
        self.g_adam.move(self._finite(loss, "generator"))

    def _gradient_penalty(self, real: Tensor, mix: Tensor) -> float:
        # In full precision: squares of small gradients are what half precision loses first.
        real = real.detach().requires_grad_(True)
        penalty = losses.r1(self.nets.discriminator(real, mix), real)
        weight = self.options.r1_gamma * self.options.r1_interval
        self.d_adam.move(self._finite(weight * penalty, "discriminator"))
        return penalty.item()

    def _path_length(self, z: Tensor, mix: Tensor, noise: Tensor, draw: torch.Generator) -> float:
        # Every second picture: the same ones however the batch is divided among processes.
        options, z, mix, noise = self.options, z[::2], mix[::2], noise[::2]
        y = torch.randn(options.batch, 3, options.size, options.size, generator=draw)[self.rows][::2].to(self.device)
        generator = self.nets.generator
        ws = generator.broadcast(generator.mapping(self.method.latents(z, mix), mix))
        # Where the mapping is frozen there is still a path from w to the picture.
        ws = ws if ws.requires_grad else ws.detach().requires_grad_(True)
        lengths = losses.path_lengths(generator.synthesis(ws, noise), ws, y)
        self.path_mean.lerp_(self.workers.mean(lengths.detach().mean()), options.path_decay)
        penalty = (lengths - self.path_mean).square().mean()
        self.move_generator(options.path_weight * options.path_interval * penalty)
        return lengths.mean().item()

    def _change(self, draw: torch.Generator) -> Change | None:
        if self.ada.p == 0.0:
            return None
        whole = draw_change(self.options.batch, self.ada.p, draw, self.options.shown)
        return whole.part(self.rows.start, self.rows.stop).to(self.device)

    def cameras(self, draw: torch.Generator) -> Tensor | None:
        """This process's cameras of a batch [N, 4]; None for the flat one."""
        if self.options.camera == "flat":
            return None
        return random_cameras(self.options.batch, CameraRange(), draw, self.device)[self.rows]

    def look(self, made: Tensor, cameras: Tensor | None) -> Tensor:
        """What the discriminator sees of what was made: itself, or a view of it."""
        return made if cameras is None else render_views(made, cameras, self.options.view_size)

    def mix(self, labels: np.ndarray[Any, np.dtype[np.int64]]) -> Tensor:
        """Class weights of labels."""
        return class_mix(torch.from_numpy(labels).to(self.device), self.classes)

    def tensor(self, pictures: np.ndarray[Any, np.dtype[np.uint8]]) -> Tensor:
        """uint8 (N, H, W, 3) -> [N, 3, H, W] in [-1, 1]."""
        return torch.from_numpy(pictures).to(self.device).permute(0, 3, 1, 2).float() / 127.5 - 1

    def autocast(self) -> torch.autocast:
        """Mixed precision as asked for."""
        kind = torch.float16 if self.options.precision == "fp16" else torch.bfloat16
        return torch.autocast(self.device.type, dtype=kind, enabled=self.options.precision != "fp32")

    def _update_average(self) -> None:
        half_life = self.options.ema_kimg * 1000
        if self.options.ema_ramp:
            half_life = min(half_life, self.images * self.options.ema_ramp)
        follow(self.nets.average, self.nets.generator, kept_by_half_life(half_life, self.options.batch))

    def _finite(self, loss: Tensor, whose: str) -> Tensor:
        if not bool(torch.isfinite(loss)):
            raise FloatingPointError(f"lab: the {whose}'s loss is {loss.item()} after {self.images / 1000:g} kimg")
        return loss

    def _measure(self, measure: Measure | None) -> bool:
        """Measure if the next share of the budget is reached; whether it did."""
        due = [share for share in self.options.evaluate_at if share * self.total <= self.images]
        done = max((point["share"] for point in self.curve), default=-1.0)
        if measure is None or not due or max(due) <= done:
            return False
        figures = measure(self) if self.workers.first else {}
        self.curve.append({"share": max(due), "kimg": self.images / 1000, "seconds": self.seconds, **figures})
        return True

    def save(self) -> None:
        """Write the checkpoint, whole or not at all; only the first of several processes does."""
        self.peak = max(self.peak, peak_mib(self.device))
        if self.workers.first:
            checkpoint.save(self.path, self.state())
        self.workers.wait()

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run or a transfer needs."""
        extra = self.method.extra()
        return {
            "images": self.images,
            "seconds": self.seconds,
            "core_seconds": self.core_seconds,
            "peak_mib": self.peak,
            "options": asdict(self.options),
            "classes": self.classes,
            "generator": self.nets.generator.state_dict(),
            "average": self.nets.average.state_dict(),
            "discriminator": kept_state(self.nets.discriminator),
            "g_adam": self.g_adam.state(),
            "d_adam": self.d_adam.state(),
            "extra": extra.state_dict() if extra is not None else {},
            "ada": self.ada.state(),
            "path_mean": self.path_mean,
            "curve": self.curve,
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from ``state``.

        Raises:
            ValueError: it is not the state of a run, or of one with other options.
        """
        try:
            if other := differing(self.options, options_from(state["options"])):
                raise ValueError(f"checkpoint: {self.path} is of a run with another {', '.join(other)}")
            load_kept(self.nets.generator, state["generator"], "generator")
            load_kept(self.nets.average, state["average"], "average")
            load_kept(self.nets.discriminator, state["discriminator"], "discriminator")
            if (extra := self.method.extra()) is not None:
                load_kept(extra, state["extra"], "method's module")
            self.g_adam.load_state(state["g_adam"])
            self.d_adam.load_state(state["d_adam"])
            self.ada.load_state(state["ada"])
            self.path_mean = state["path_mean"].to(self.device)
            self.images, self.seconds = int(state["images"]), float(state["seconds"])
            self.core_seconds = float(state["core_seconds"])
            self.peak, self.curve = float(state["peak_mib"]), list(state["curve"])
        except (KeyError, TypeError, RuntimeError) as error:
            raise ValueError(f"checkpoint: {self.path} is not the state of such a run ({error!r})") from error


def _float(logits: list[Tensor]) -> list[Tensor]:
    return [logit.float() for logit in logits]
