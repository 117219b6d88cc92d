"""The dome's plane: zenith angles against the sampler that users' skies are made with."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skyloom.sphere import dome
from skyloom_training.plane import ring_radius, square_radius, zenith_angles


@pytest.mark.parametrize("side", [16, 33, 128])
def test_zenith_angles_are_those_of_the_domes_directions(side: int) -> None:
    directions, _ = dome.directions(side)
    expected = np.arccos(np.clip(np.asarray(directions)[..., 1], -1, 1))
    inside = (square_radius(side) <= 1).numpy()
    assert inside.sum() == pytest.approx(np.pi / 4 * side**2, rel=0.05)
    np.testing.assert_allclose(zenith_angles(side).numpy()[inside], expected[inside], atol=1e-3)


def test_a_rings_radius_is_where_its_zenith_angle_is() -> None:
    torch.testing.assert_close(ring_radius(zenith_angles(64)).square(), square_radius(64), atol=1e-5, rtol=1e-4)
    assert ring_radius(torch.tensor(dome.THETA_MAX)).item() == pytest.approx(1.0, abs=1e-6)
