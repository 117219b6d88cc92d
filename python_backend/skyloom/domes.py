"""The domes that the outputs of one sky are sampled from: the network's own, and those of the detail stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skyloom.errors import ModelError
from skyloom.generation import DetailModel
from skyloom.imaging.density import seen_depth, texels_wanted
from skyloom.imaging.render import fill_corners
from skyloom.request import AUTO_DENSITY, OutputSpec, SkyRequest

# Enlarging by less than this is not seen, so that it is no reason for detail.
SLACK = 1.1

Tell = Callable[[str, float], None]


def resolve_detail(request: SkyRequest, model: DetailModel | None, size: int, theta_max: float) -> SkyRequest:
    """The request with the level of detail that it gets and the name of the detail model, empty where it is off.

    ``size`` is the side of the network's dome, pixels, and ``theta_max`` the zenith angle of its rim, degrees.

    Raises:
        ModelError: detail is asked for and there is no detail model.
    """
    level = request.detail
    if level == "auto":
        rim = float(np.deg2rad(theta_max))
        densest = max(texels_wanted(spec, request.ground, size, rim) for spec in request.outputs)
        level = "standard" if model is not None and densest >= AUTO_DENSITY else "off"
    if level == "off":
        return replace(request, detail="off", detail_model="")
    if model is None:
        raise ModelError(f"detail {level}: no detail model is installed; ask for detail off, or for none")
    return replace(request, detail=level, detail_model=model.name)


class SkyDomes:
    """What each output is sampled from. The choice depends on the output alone, never on the others.

    Args:
        request: resolved by :func:`resolve_detail`.
        size: side of the network's dome, pixels. theta_max: zenith angle of its rim, degrees.
        model: the detail model, None where detail is off.
    """

    def __init__(self, request: SkyRequest, size: int, theta_max: float, model: DetailModel | None) -> None:
        self._request = request
        self._size = size
        self._theta_max = float(np.deg2rad(theta_max))
        self._model = model if request.detail != "off" else None
        self._domes: dict[int, NDArray[np.float32]] = {}

    def passes(self, spec: OutputSpec) -> int:
        """How often the detail network is applied for an output: 0 where the dome has all the pixels that it needs."""
        if self._model is None:
            return 0
        wanted = texels_wanted(spec, self._request.ground, self._size, self._theta_max)
        if wanted <= SLACK:
            return 0
        return 2 if self._request.detail == "high" and wanted > self._model.factor * SLACK else 1

    @property
    def most_passes(self) -> int:
        """The largest number of passes among the outputs; 0 where the detail stage is skipped."""
        return max(self.passes(spec) for spec in self._request.outputs)

    def take(self, dome: NDArray[np.float32]) -> None:
        """Take the network's dome float32 (S, S, 3)."""
        self._domes[0] = dome

    def enlarge(self, tell: Tell) -> None:
        """Enlarge the dome that was taken as far as the outputs need.

        ``tell`` is called with each tile and the share of the stage that is done, and may raise Cancelled.

        Raises:
            ModelError: the detail network does not work.
        """
        wanted = {self.passes(spec) for spec in self._request.outputs}
        if self._model is None or not wanted - {0}:
            return
        factor = self._model.factor
        # The second pass has factor squared times as many pixels to work on.
        first = 1.0 if 2 not in wanted else 1 / (1 + factor * factor)
        seen = self._seen()
        # Corners beyond the disc hold what the network never learned; repeated texels keep it out of the rim.
        large = self._model.enlarge(fill_corners(self._domes[0]), seen, step=_share(tell, 0.0, first))
        if 1 in wanted:
            self._domes[1] = large
        if 2 in wanted:
            self._domes[2] = self._model.enlarge(large, seen, halved=True, step=_share(tell, first, 1.0))

    def of(self, spec: OutputSpec) -> tuple[int, NDArray[np.float32]]:
        """The number of passes of an output and the dome float32 (S, S, 3) to sample it from, once it is made."""
        passes = self.passes(spec)
        return passes, self._domes[passes]

    def _seen(self) -> float:
        """Radius, in half sides, of the disc that any output can show."""
        depth = max(seen_depth(spec, self._request.ground, self._theta_max) for spec in self._request.outputs)
        return float(np.tan((np.pi / 2 + depth) / 2) / np.tan(self._theta_max / 2))


def _share(tell: Tell, low: float, high: float) -> Callable[[int, int], None]:
    return lambda done, total: tell(f"tile {done + 1} of {total}", low + (high - low) * done / total)
