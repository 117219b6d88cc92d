"""Every option of a lab run, in one dataclass with a line of reason each."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from skyloom_training.networks.stylegan2 import StyleShape

DISCRIMINATORS = ("residual", "projected")
CHOICES = {
    "camera": ("flat", "dome"),
    "discriminator": DISCRIMINATORS,
    "loss": ("logistic", "hinge"),
    "ada": ("off", "fixed", "adaptive"),
    "precision": ("fp32", "bf16", "fp16"),
    "device": ("cpu", "cuda"),
}


@dataclass(frozen=True)
class LabOptions:
    """Options of one run. kimg: thousand pictures that the generator has made for the discriminator."""

    # Main.
    kimg: float = 20.0
    seed: int = 1
    # Pictures: a source of lab/pictures.py; only the first ``subset`` of a shuffle that no seed changes (0: all).
    data: str = "synthetic"
    subset: int = 0
    conditional: bool = False
    # The flat camera shows the picture as it is; the dome camera renders views of it, for domes like the product's.
    camera: str = "flat"
    view_size: int = 64
    # Networks; a side r has min(channel_max, channel_base / r) channels.
    size: int = 64
    z_dim: int = 64
    w_dim: int = 128
    mapping_layers: int = 4
    channel_base: int = 1024
    channel_max: int = 128
    discriminator: str = "residual"
    # Non-saturating logistic (Goodfellow 2014) is StyleGAN2's; hinge is the projected discriminator's in the product.
    loss: str = "logistic"
    # R1, every 16th step (StyleGAN2, section 3.1). StyleGAN2-ADA's rule: 0.0002 size² / batch.
    r1_gamma: float = 0.05
    r1_interval: int = 16
    # Path length, on half a batch. Weight 2 as in the paper; every 8th step, as it costs a double backward pass.
    path_weight: float = 2.0
    path_interval: int = 8
    path_decay: float = 0.01
    style_mixing: float = 0.9
    # Augmentation: p rises from ``ada_p`` or stays there. 500 kimg to full strength as in the paper is more than a
    # whole run here; transfer in StyleGAN2-ADA takes 100.
    ada: str = "adaptive"
    ada_p: float = 0.0
    ada_target: float = 0.6
    ada_kimg: float = 100.0
    # Optimisers: Adam, betas (0, 0.99), both corrected for lazy regularisation.
    batch: int = 16
    g_lr: float = 2.5e-3
    d_lr: float = 2.5e-3
    # EMA: half-life, and its ramp-up as a share of the pictures so far; 0 is no ramp, as a transfer should have none.
    ema_kimg: float = 2.0
    ema_ramp: float = 0.05
    # Transfer: a method of skyloom_training.transfer, the checkpoint it starts from, and its own options.
    method: str = "scratch"
    source: str = ""
    method_options: dict[str, Any] = field(default_factory=dict)
    # Measure: at these shares of the budget, with so many made and real pictures.
    evaluate_at: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    samples: int = 1000
    # Pictures are enlarged to this side for the judge; its own 260 costs seven times as much.
    judge_side: int = 96
    # Machine. fp32 is as fast as bf16 on CPUs without its instructions; fp16 scales the loss.
    device: str = "cpu"
    threads: int = 1
    precision: str = "fp32"
    # Rhythm.
    checkpoint_kimg: float = 2.0
    log_steps: int = 20

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}: {getattr(self, name)!r} is not allowed; expected {' or '.join(allowed)}")
        for name in ("kimg", "batch", "r1_interval", "path_interval", "samples", "threads", "checkpoint_kimg"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: {getattr(self, name)} is not allowed; expected more than 0")
        for name in ("ada_p", "style_mixing"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: {getattr(self, name)} is not allowed; expected 0 to 1")
        if self.batch > 4 and self.batch % 4:
            raise ValueError(f"batch: {self.batch} is not allowed; expected a multiple of 4, or less")
        if any(not 0 <= share <= 1 for share in self.evaluate_at):
            raise ValueError(f"evaluate_at: {list(self.evaluate_at)} is not allowed; expected shares from 0 to 1")
        self.shape(0)
        halves = self.view_size in [2**i for i in range(3, 11)]
        if self.camera == "dome" and self.discriminator == "residual" and not halves:
            raise ValueError(f"view_size: {self.view_size} is not allowed; expected a power of two from 8 to 1024")

    def shape(self, classes: int) -> StyleShape:
        """Sizes of the generator for so many classes."""
        return StyleShape(
            self.size, classes, self.z_dim, self.w_dim, 32, self.mapping_layers, self.channel_base, self.channel_max
        )

    @property
    def shown(self) -> int:
        """Side of what the discriminator sees."""
        return self.size if self.camera == "flat" else self.view_size


# What may differ when a run goes on: how far, on what machine, how often it is written.
FREE = ("kimg", "device", "threads", "checkpoint_kimg", "log_steps", "evaluate_at", "source")


def options_from(values: dict[str, Any]) -> LabOptions:
    """Options from plain values, as TOML and checkpoints hold them.

    Raises:
        ValueError: an unknown name, a value of a wrong kind or out of range.
    """
    known = {f.name: f for f in fields(LabOptions)}
    if unknown := sorted(set(values) - set(known)):
        raise ValueError(f"{unknown[0]}: no such option; expected one of {', '.join(known)}")
    plain = LabOptions()
    for name, value in values.items():
        kind = type(getattr(plain, name))
        fits = isinstance(value, (int, float) if kind is float else (list, tuple) if kind is tuple else kind)
        if not fits or (kind is not bool and isinstance(value, bool)):
            raise ValueError(f"{name}: {value!r} is not allowed; expected a {kind.__name__}")
    # 20 and 20.0 are the same run.
    values = {k: float(v) if type(getattr(plain, k)) is float else v for k, v in values.items()}
    if "evaluate_at" in values:
        values = {**values, "evaluate_at": tuple(float(share) for share in values["evaluate_at"])}
    return LabOptions(**values)


def differing(mine: LabOptions, theirs: LabOptions) -> list[str]:
    """Names of options that make another run of it."""
    names = (f.name for f in fields(LabOptions) if f.name not in FREE)
    return [name for name in names if getattr(mine, name) != getattr(theirs, name)]
