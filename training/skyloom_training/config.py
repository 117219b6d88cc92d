"""Every option of a training run, in one dataclass with a line of reason each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from skyloom_training.networks.generator import GeneratorShape
from skyloom_training.views import CameraRange

# Losses that whole domes have.
SKY_LOSSES = (
    "hue",
    "layout",
    "grain",
    "lattice",
    "directed",
    "two_sided",
    "streaks",
    "concentric",
    "caps",
    "banks",
    "spectrum",
    "placed",
    "noiseless",
    "whole",
    "unasked",
    "ghosts",
)


@dataclass(frozen=True)
class TrainOptions:
    """Options of one run. Counts of pictures are domes shown to the discriminator, in thousands where named kimg."""

    # Main.
    data: str = "data/ccsn.zip"
    out: str = "runs/first-sky"
    kimg: float = 200.0
    seed: int = 1
    # Batch. Several cameras look at one dome, since the dome is the dear part.
    batch: int = 8
    views_per_dome: int = 2
    # Views as near as the dome is sharp, of as many photos: without them nothing asks for detail.
    close_views: int = 2
    view_size: int = 96
    # Wide views are as large as this, and close ones enlarged to it: at 96 pixels the grain of photos averages away,
    # and speckles passed that a feature network learned on pictures of 224 sees at 144.
    wide_size: int = 144
    # A sky's mean may be as many 8-bit levels greener than purple; beyond, it is a cast of film, and taken off.
    green_limit: float = 4.0
    # Photos have blue above and cloud below; without free roll overhead every sky got a blue zenith in a ring of cloud.
    camera: CameraRange = field(default_factory=lambda: CameraRange(overhead=50.0))
    # Networks.
    shape: GeneratorShape = field(default_factory=GeneratorShape)
    head_width: int = 64
    # Share of the start's slope toward the horizon that a run from weights keeps. A net that leans on it draws rings.
    slope_kept: float = 1.0
    # Optimisers: Adam, betas (0, 0.99).
    g_lr: float = 2e-3
    d_lr: float = 2e-4
    # Over the last kimg both rates fall to a twentieth: the average of weights that swing is softer than each of them.
    cool_kimg: float = 6.0
    # Share of the class term in the generator's loss: made views should be told apart by type.
    # At 0.5 it drew stereotypes: every altostratus orange, every stratocumulus green.
    class_weight: float = 0.2
    range_weight: float = 1.0
    # Each type's mean colour and contrast are those of its photos, and so are the means of its features.
    palette_weight: float = 50.0
    feature_weight: float = 30.0
    # So is how much near places differ: cloud stands out from the sky as in photos, not as through haze.
    contrast_weight: float = 10.0
    # All types together also differ from each other as photos do.
    transport_weight: float = 15.0
    # A sky should have one palette all around,
    hue_weight: float = 10.0
    # nothing in the same place in every sky, no common direction,
    layout_weight: float = 5000.0
    grain_weight: float = 3000.0
    # nothing that repeats with the pixels of a coarser octave,
    lattice_weight: float = 1000.0
    # no bank or streak that lies in one direction in all skies, or across the zenith in most,
    directed_weight: float = 20.0
    two_sided_weight: float = 1000.0
    streaks_weight: float = 30.0
    # no rings around the zenith,
    concentric_weight: float = 5.0
    # nor a hole or all of the cloud around it.
    caps_weight: float = 10.0
    # Nor a dark bank or a pit on one side of the horizon, which is as hazy all around.
    banks_weight: float = 60.0
    # Noise alone says where things are: what a latent draws with any noise is an arch in all of its skies.
    placed_weight: float = 10.0
    # Two draws do not tell a trail that noise moves by its own width; without noise it stands.
    noiseless_weight: float = 20.0
    # No more fine structure at any frequency than photos have: lattices of pixels are more in few of them.
    spectrum_weight: float = 100.0
    # Weather lies over a sky as over procedural ones, whole domes of which can be had.
    whole_weight: float = 1.0
    whole_lr: float = 1e-3
    procedural_skies: int = 120
    # Arcs are trails; a faint one across any other sky is none of its weather.
    unasked_weight: float = 30.0
    # Nor has a sky with trails fine lines and specks beside them.
    ghosts_weight: float = 5000.0
    # EMA half-life in kimg, ramped up over the first images so that the average never lags far behind a young net.
    ema_kimg: float = 4.0
    ema_ramp: float = 0.1
    # Machine.
    device: str = "cpu"
    threads: int = 2
    bf16: bool = True
    # Rhythm, kimg.
    sheet_kimg: float = 2.0
    checkpoint_kimg: float = 1.0
    log_steps: int = 10

    def pace(self, images: int) -> float:
        """Share of the learning rates, and of the average's half-life, after ``images`` domes: 1, at the end 0.05."""
        cooling = 1000 * min(self.cool_kimg, self.kimg / 4)
        return min(max((1000 * self.kimg - images) / cooling, 0.05), 1.0) if cooling else 1.0

    @property
    def sky_weights(self) -> dict[str, float]:
        """Weights of the losses that whole domes have, by name."""
        return {name: getattr(self, f"{name}_weight") for name in SKY_LOSSES}


def options_from(state: dict[str, Any]) -> TrainOptions:
    """Options back from the plain dictionary that a checkpoint holds."""
    shape, camera = dict(state["shape"]), dict(state["camera"])
    shape["channels"] = tuple(shape["channels"])
    camera = {name: tuple(value) if isinstance(value, (list, tuple)) else value for name, value in camera.items()}
    # What a run from before an option existed had instead of it, and an option that is no more.
    known = {name: value for name, value in state.items() if name not in ("asymmetry_weight", "feature_side")}
    state = {
        "close_views": 0,
        "cool_kimg": 0.0,
        "green_limit": 255.0,
        "whole_weight": 0.0,
        "wide_size": state["view_size"],
        **known,
        "shape": GeneratorShape(**shape),
        "camera": CameraRange(**camera),
    }
    return TrainOptions(**state)
