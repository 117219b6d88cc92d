"""What can be asked of a weather sequence: its ends, frames and pace, their check, and the request of each frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skyloom.clouds import check_mix
from skyloom.errors import InvalidInput
from skyloom.request import Blend, OutputSpec, SkyRequest, check_request, check_seed

PACES = ("even", "eased")
MAX_FRAMES = 240
# Pixels of all pictures of all frames: about half a gigabyte of PNG, which a server keeps while they are fetched.
MAX_TRANSITION_PIXELS = 1 << 29


@dataclass(frozen=True)
class Transition:
    """The way from ``start`` to a sky of other clouds, or another seed, or both.

    Attributes:
        start: frame 0, and what is the same in every frame: outputs, ground, rotation, exposure, detail, model.
        to_clouds: mix at the end, ((name, weight), ...); empty: that of ``start``.
        to_seed: seed at the end; None: that of ``start``, so that only the weather changes.
        frames: 2 to ``MAX_FRAMES``.
        loop: there and back, so that the last frame leads into the first; otherwise the last frame is the end.
        pace: ``even`` steps, or ``eased``: slow at both ends.
    """

    start: SkyRequest
    to_clouds: tuple[tuple[str, float], ...] = ()
    to_seed: int | None = None
    frames: int = 24
    loop: bool = False
    pace: str = "even"


def check_transition(transition: Transition) -> Transition:
    """Return ``transition`` with names normalised and its end filled in, or say what is wrong.

    Raises:
        InvalidInput: names the first field that is out of range; also a start that is a blend, an end that is the
            start, and more pixels than ``MAX_TRANSITION_PIXELS``.
    """
    start = check_request(transition.start)
    if start.blend is not None:
        raise InvalidInput("blend", "given", "a start that is a sky of its own, not one between two")
    to_clouds = check_mix(transition.to_clouds, "to") if transition.to_clouds else start.clouds
    to_seed = start.seed if transition.to_seed is None else check_seed("to_seed", transition.to_seed)
    if sorted(to_clouds) == sorted(start.clouds) and to_seed == start.seed:
        shown = ",".join(f"{name}:{weight:g}" for name, weight in to_clouds)
        raise InvalidInput("to", shown, "clouds or a seed other than those of the start")
    frames = transition.frames
    if isinstance(frames, bool) or not isinstance(frames, int) or not 2 <= frames <= MAX_FRAMES:
        raise InvalidInput("frames", frames, f"a whole number from 2 to {MAX_FRAMES}")
    if transition.pace not in PACES:
        raise InvalidInput("pace", transition.pace, f"one of {', '.join(PACES)}")
    each = sum(output_pixels(output) for output in start.outputs)
    if frames * each > MAX_TRANSITION_PIXELS:
        most = MAX_TRANSITION_PIXELS // each
        fewer = f"at most {most} frames of these outputs" if most >= 2 else "smaller or fewer outputs"
        raise InvalidInput("frames", frames, f"{fewer} ({MAX_TRANSITION_PIXELS >> 20} million pixels in all)")
    return replace(transition, start=start, to_clouds=to_clouds, to_seed=to_seed)


def output_pixels(output: OutputSpec) -> int:
    """Pixels of all pictures of one output; of a perspective to a row."""
    square = output.size * output.size
    shares = {"panorama": (1, 2), "faces": (6, 1), "cross": (12, 1), "dome": (1, 1), "perspective": (9, 16)}
    times, parts = shares[output.layout]
    return square * times // parts


def positions_of(transition: Transition) -> tuple[float, ...]:
    """Where each frame is between start (0) and end (1).

    Frame k of n is at k / (n - 1). A loop is at 2 k / n on the way there and comes back through the same positions, so
    that the step from the last frame to the first is like the others. ``eased`` puts them through 3 s^2 - 2 s^3.
    """
    count = transition.frames
    if transition.loop:
        # Whole numbers first: both ways have exactly the same positions.
        steps = [2 * min(index, count - index) / count for index in range(count)]
    else:
        steps = [index / (count - 1) for index in range(count)]
    return tuple(s * s * (3 - 2 * s) if transition.pace == "eased" else s for s in steps)


def frame_request(transition: Transition, position: float) -> SkyRequest:
    """What makes one frame of a checked transition; at the ends a plain sky wherever that is the same picture."""
    start, to_seed = transition.start, transition.to_seed
    if position == 0.0:
        return start
    if position == 1.0 and to_seed == start.seed:
        return replace(start, clouds=transition.to_clouds)
    # With another seed even the end is a blend: it keeps the quarter turns of the start.
    return replace(start, blend=Blend(transition.to_clouds, start.seed if to_seed is None else to_seed, position))
