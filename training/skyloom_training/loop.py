"""The training loop: domes through random cameras against photos, hinge loss, EMA, checkpoints, sheets, a log."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from skyloom_training import checkpoint, losses, sheets
from skyloom_training.augment import augment
from skyloom_training.average import follow, kept_by_half_life
from skyloom_training.config import TrainOptions, options_from
from skyloom_training.contrast import contrasts
from skyloom_training.data.cast import without_cast
from skyloom_training.data.ccsn import CODES, Photos
from skyloom_training.lasting import Lasting
from skyloom_training.networks.features import POOLED, moments
from skyloom_training.networks.generator import Generator
from skyloom_training.networks.projected import STATISTICS, ProjectedDiscriminator
from skyloom_training.run_log import write_line
from skyloom_training.shown import FLAGS, Batch, batch_of, made_views, real_views, step_cameras
from skyloom_training.sky_losses import Domes, sky_losses
from skyloom_training.spectrum import TILE, photo_spectrum
from skyloom_training.weights import grown, load_weights, widened
from skyloom_training.whole_skies import WholeSkies


class Trainer:
    """All the state of a run; ``step`` shows the discriminator one batch of domes, ``run`` goes on to ``kimg``."""

    def __init__(self, options: TrainOptions, photos: Photos) -> None:
        self.options, self.photos = options, without_cast(photos, options.green_limit)
        torch.manual_seed(options.seed)
        self.device = torch.device(options.device)
        self.generator = Generator(options.shape).to(self.device)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        heads = (options.shape.classes, options.head_width, FLAGS)
        self.discriminator = ProjectedDiscriminator(*heads).to(self.device)
        betas = (0.0, 0.99)
        self.g_adam = torch.optim.Adam(self.generator.parameters(), options.g_lr, betas)
        self.d_adam = torch.optim.Adam(self.discriminator.trained_parameters(), options.d_lr, betas)
        self.whole = WholeSkies(options.shape.classes, options.whole_lr, options.procedural_skies).to(self.device)
        self.images = 0
        fine = photo_spectrum(self.photos, options.view_size, min(TILE, options.view_size, options.shape.dome))
        self.lasting = Lasting(options.shape.classes, STATISTICS, POOLED, fine).to(self.device)
        if self.device.type == "cpu":
            self.generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.discriminator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def path(self) -> Path:
        """The checkpoint of this run."""
        return Path(self.options.out) / "last.pt"

    def run(self) -> None:
        """Train from the last whole checkpoint, if there is one, to ``kimg``.

        Raises:
            ValueError: the checkpoint is damaged or of another kind of run.
            FloatingPointError: a loss or a weight is no longer finite; the last checkpoint is from before.
            OSError: ``out`` cannot be written; the last checkpoint is whole.
        """
        options = self.options
        if self.path.exists():
            self.load_state(checkpoint.load(self.path, options.device))
        started, since = time.perf_counter(), self.images
        # A finished or interrupted run continues its log, so the curve stays whole.
        Path(options.out).mkdir(parents=True, exist_ok=True)
        with (Path(options.out) / "log.jsonl").open("a") as log:
            for step in range(10**9):
                if self.images >= options.kimg * 1000:
                    break
                before = self.images
                figures = self.step()
                if step % options.log_steps == 0:
                    pace = (time.perf_counter() - started) / max(self.images - since, 1)
                    write_line(log, kimg=self.images / 1000, s_per_kimg=pace * 1000, **figures)
                if _crossed(before, self.images, options.sheet_kimg):
                    self.write_sheet()
                if _crossed(before, self.images, options.checkpoint_kimg):
                    checkpoint.save(self.path, self.state())
        checkpoint.save(self.path, self.state())
        self.write_sheet()

    def step(self) -> dict[str, float]:
        """One batch through both networks; the same domes serve both losses, which saves a generator pass."""
        options = self.options
        for adam, rate in ((self.g_adam, options.g_lr), (self.d_adam, options.d_lr)):
            adam.param_groups[0]["lr"] = rate * options.pace(self.images)
        # Every random choice depends on (seed, images) alone, so a resumed run draws what an unbroken one would.
        rng = np.random.default_rng([options.seed, self.images])
        draw = torch.Generator().manual_seed(int(rng.integers(2**31)))
        z = torch.randn(options.batch, options.shape.z_dim, generator=draw).to(self.device)
        noise = torch.randn(options.batch, options.shape.noise_length, generator=draw).to(self.device)
        # Domes come in pairs of one class, and so do photos: the discriminator sees how much a pair differs.
        classes = np.repeat(rng.integers(0, options.shape.classes, options.batch // 2), 2)
        mix = self._mix(torch.from_numpy(classes).to(self.device))
        with self._autocast():
            w = self.generator.mapping(z, mix)
            domes = self.generator.synthesis(w, noise).float()
            # Of each pair the first once more: of every other with other noise, of the rest with none.
            again = torch.randn(noise[::2].shape, generator=draw).to(self.device)
            again[1::2] = 0
            moved = self.generator.synthesis(w[::2], again).float()
        cameras = step_cameras(options, draw, self.device)
        overhead = cameras[:, 1] >= math.radians(options.camera.overhead)
        made = made_views(domes, cameras, options)
        real = real_views(self.photos, classes, overhead.tolist(), options, rng).to(self.device)
        batch = batch_of(classes, overhead, options)

        d_figures = self._discriminator_step(real, made.detach(), batch, draw)
        d_figures |= _items(d_whole=self.whole.learn(domes.detach(), mix, draw))
        synthesis = self.generator.synthesis
        asked = synthesis.arc_gains(w.float()), noise[:, synthesis.maps_length :]
        wholes = Domes(domes, batch.labels[: len(domes)], moved, *asked)
        pulls = self._pulls(made, real, batch)
        g_figures = self._generator_step(wholes, made, batch, pulls, draw)
        self.images += options.batch
        self._update_average()
        return {**d_figures, **g_figures}

    def _mix(self, labels: Tensor) -> Tensor:
        return F.one_hot(labels, self.options.shape.classes).float()

    def _pulls(self, made: Tensor, real: Tensor, batch: Batch) -> Tensor:
        """Loss of palettes and contrasts, after their running means have moved toward these views."""
        wide, options = batch.close == 0, self.options
        colours, varied = moments(made[wide]), contrasts(made)
        self.lasting.palettes.follow(colours.detach(), moments(real[wide]), batch.labels[wide])
        self.lasting.contrasts.follow(varied.detach(), contrasts(real), batch.groups)
        colour = self.lasting.palettes.pull(colours, batch.labels[wide])
        return options.palette_weight * colour + options.contrast_weight * self.lasting.contrasts.pull(
            varied, batch.groups
        )

    def _discriminator_step(self, real: Tensor, made: Tensor, batch: Batch, draw: torch.Generator) -> dict[str, float]:
        both = torch.cat([augment(real, draw), augment(made, draw)])
        pairs = torch.cat([batch.pairs, batch.pairs + len(real)])
        with self._autocast():
            logits, classes, seen = self.discriminator.judged(both, torch.cat([batch.mix, batch.mix]), pairs)
            parts = [logit.float().split([len(real), len(made)]) for logit in logits]
            adversarial = losses.hinge_discriminator([p[0] for p in parts], [p[1] for p in parts])
            by_class, right = batch.by_class(classes[: len(real)].float())
        self.d_adam.zero_grad(set_to_none=True)
        self._finite(adversarial + by_class, "discriminator").backward()
        self.d_adam.step()
        real_seen, made_seen = seen.detach().split([len(real), len(made)])
        self.lasting.features.follow(made_seen, real_seen, batch.groups)
        self.lasting.pooled.follow(made_seen[:, -POOLED:], real_seen[:, -POOLED:], batch.close.long())
        sign = torch.stack([p[0].sign().mean() for p in parts]).mean()
        return _items(d=adversarial, d_class=by_class, real_right=right, real_sign=sign)

    def _generator_step(
        self, domes: Domes, made: Tensor, batch: Batch, pulls: Tensor, draw: torch.Generator
    ) -> dict[str, float]:
        self.discriminator.requires_grad_(False)
        with self._autocast():
            logits, classes, seen = self.discriminator.judged(augment(made, draw), batch.mix, batch.pairs)
            adversarial = losses.hinge_generator([logit.float() for logit in logits])
            by_class, right = batch.by_class(classes.float())
        options = self.options
        # Neighbours hardly differ after the last low-pass: every second pixel is enough.
        excess = losses.out_of_range(domes.skies[:, :, ::2, ::2])
        features, common = self.lasting.features.pull(seen, batch.groups), self.lasting.dome
        carried = self.lasting.pooled.pull(seen[:, -POOLED:], batch.close.long())
        skies = sky_losses(domes, common, self.whole, draw)
        loss = adversarial + options.class_weight * by_class + options.range_weight * excess
        loss = loss + pulls + options.feature_weight * features + options.transport_weight * carried
        loss = loss + sum(options.sky_weights[name] * term for name, term in skies.items())
        self.g_adam.zero_grad(set_to_none=True)
        self._finite(loss, "generator").backward()
        self.g_adam.step()
        for parameter in self.discriminator.trained_parameters():
            parameter.requires_grad_(True)
        figures = _items(g=adversarial, g_class=by_class, made_right=right, excess=excess, lasting=common.uneven())
        means = ("palettes", "contrasts", "features")
        apart = {name: getattr(self.lasting, name).distance() for name in means}
        return figures | _items(**skies, **apart, transport=self.lasting.pooled.distance())

    def _update_average(self) -> None:
        longest = self.options.ema_kimg * 1000 * self.options.pace(self.images)
        half_life = min(longest, self.images * self.options.ema_ramp)
        follow(self.average, self.generator, kept_by_half_life(half_life, self.options.batch))

    def _finite(self, loss: Tensor, whose: str) -> Tensor:
        if not bool(torch.isfinite(loss)):
            raise FloatingPointError(
                f"training: the {whose}'s loss is {loss.item()} after {self.images / 1000:g} kimg; "
                "the last checkpoint is from before; go on from it with a smaller learning rate or with --no-bf16"
            )
        return loss

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.options.bf16)

    def write_sheet(self) -> None:
        """A sheet of the averaged generator into ``out``."""
        name = f"sheet-{self.images / 1000:08.1f}.png"
        sheets.write_sheet(Path(self.options.out) / name, sheets.sample_sheet(self.average))

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs, and the class order for whoever exports it."""
        return {
            "images": self.images,
            "options": asdict(self.options),
            "codes": list(CODES),
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "discriminator": {
                k: v for k, v in self.discriminator.state_dict().items() if not k.startswith("features.")
            },
            "lasting": self.lasting.state_dict(),
            "whole": self.whole.state_dict(),
            "whole_adam": self.whole.adam.state_dict(),
            "g_adam": self.g_adam.state_dict(),
            "d_adam": self.d_adam.state_dict(),
        }

    def start_from(self, path: Path) -> None:
        """Take the networks of a weights file; optimisers and the count of images start anew.

        A net without a tail, a layout or arcs may grow them; heads that knew classes only learn what a close view is.

        Raises:
            FileNotFoundError, ValueError: see :func:`skyloom_training.weights.load_weights`.
        """
        state, options = load_weights(path)
        mine = self.options.shape
        grows = {name: getattr(mine, name) for name in ("tail", "layout", "arcs")}
        same = replace(options.shape, **grows, stationary=mine.stationary) == mine
        if not same or any(getattr(options.shape, name) not in (0, sizes) for name, sizes in grows.items()):
            raise ValueError(f"checkpoint: {path} has shape {options.shape}, which does not grow into {mine}")
        if self.options.head_width != options.head_width:
            raise ValueError(
                f"checkpoint: {path} has head_width {options.head_width}, this run {self.options.head_width}"
            )
        self.generator.load_state_dict(grown(self.generator, state["average"]))
        if self.options.slope_kept != 1 and mine.stationary:
            self.generator.synthesis.keep_slope(self.options.slope_kept)
        self.average.load_state_dict(self.generator.state_dict())
        self._load_heads(widened(self.discriminator, state["discriminator"]))

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue from ``state``.

        Raises:
            ValueError: it is not the state of a run, or of one with other networks.
        """
        try:
            self._check_fit(options_from(state["options"]), str(self.path))
            self.generator.load_state_dict(state["generator"])
            self.average.load_state_dict(state["average"])
            self._load_heads(state["discriminator"])
            self.lasting.load_state_dict(state["lasting"])
            self.whole.load_state_dict(state["whole"])
            self.whole.adam.load_state_dict(state["whole_adam"])
            self.g_adam.load_state_dict(state["g_adam"])
            self.d_adam.load_state_dict(state["d_adam"])
            self.images = int(state["images"])
        except (KeyError, TypeError, RuntimeError) as error:
            raise ValueError(f"checkpoint: {self.path} is not the state of such a run ({error!r})") from error

    def _check_fit(self, theirs: TrainOptions, where: str) -> None:
        for name in ("shape", "head_width"):
            mine, other = getattr(self.options, name), getattr(theirs, name)
            if mine != other:
                raise ValueError(f"checkpoint: {where} has {name} {other}, this run {mine}")

    def _load_heads(self, state: dict[str, Tensor]) -> None:
        """The discriminator without its frozen features, which no checkpoint holds."""
        result = self.discriminator.load_state_dict(state, strict=False)
        missing = [name for name in result.missing_keys if not name.startswith("features.")]
        if missing or result.unexpected_keys:
            raise ValueError(f"checkpoint: discriminator lacks {missing} and has {result.unexpected_keys} too many")


def _items(**figures: Tensor) -> dict[str, float]:
    return {name: figure.item() for name, figure in figures.items()}


def _crossed(before: int, now: int, every_kimg: float) -> bool:
    every = every_kimg * 1000
    return int(before / every) != int(now / every)
