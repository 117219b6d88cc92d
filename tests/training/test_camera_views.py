"""The differentiable camera against the exact geometry of skyloom.sphere."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skyloom.sphere import dome, perspective
from skyloom_training.views import CameraRange, close_cameras, random_cameras, render_views, view_grid

CPU = torch.device("cpu")
THETA_MAX = math.radians(100.0)


def cameras(count: int, seed: int = 0, **ranges: object) -> torch.Tensor:
    return random_cameras(count, CameraRange(**ranges), torch.Generator().manual_seed(seed), CPU)


def elevations(camera: torch.Tensor, size: int) -> np.ndarray:
    """Elevation in degrees of every texel of a view, by skyloom.sphere."""
    yaw, pitch, roll, fov = camera.double().tolist()
    return np.degrees(np.arcsin(perspective.directions(size, size, yaw, pitch, roll, fov)[..., 1]))


@pytest.mark.parametrize("theta_max", [math.radians(90.0), THETA_MAX])
def test_grid_is_that_of_the_sphere(theta_max: float) -> None:
    chosen = cameras(40, roll=180.0)
    size, texels = 9, 256
    grid = view_grid(chosen, size, theta_max).numpy()
    for found, camera in zip(grid, chosen.double().tolist(), strict=True):
        directions = perspective.directions(size, size, *camera)
        column, row, _ = dome.coordinates(directions, texels, theta_max)
        exact = (np.stack([column, row], axis=-1) + 0.5) * 2 / texels - 1
        np.testing.assert_allclose(found, exact, atol=1e-4)


def test_views_show_what_the_dome_holds() -> None:
    """A dome painted with its own directions: a view must show the directions of its own texels."""
    directions, _ = dome.directions(256, THETA_MAX)
    painted = torch.from_numpy(directions).float().permute(2, 0, 1)[None]
    for camera in cameras(6, seed=1):
        view = render_views(painted, camera[None], 24)[0].permute(1, 2, 0).numpy()
        exact = perspective.directions(24, 24, *camera.double().tolist())
        assert np.abs(view - exact).max() < 2e-3


def test_view_to_the_east_shows_the_right_side_of_the_disc() -> None:
    """The frame, without the sphere's formulas: +X is right in the disc, +Z is down, the zenith in the middle."""
    marked = torch.zeros(1, 3, 64, 64)
    marked[0, 0, :, 48:] = 1  # east red
    marked[0, 1, 48:, :] = 1  # north green
    level = torch.tensor([[0.0, 0.35, 0.0, 0.9]]).repeat(2, 1)
    level[0, 0] = math.pi / 2
    east, north = render_views(marked.repeat(2, 1, 1, 1), level, 8)[:, :, 4, 4]
    assert east[0] > 0.9
    assert east[1] < 0.1
    assert north[1] > 0.9
    assert north[0] < 0.1


def test_level_cameras_see_nothing_below_the_lowest_elevation() -> None:
    lowest = min(elevations(camera, 32).min() for camera in cameras(300, roll=0.0, lowest=-6.0))
    assert -6.0 <= lowest < -4.0


def test_lowest_row_stays_in_the_dome_with_roll() -> None:
    ranges = CameraRange()
    chosen = cameras(300)
    middle = [elevations(camera, 33)[-1, 16] for camera in chosen]
    assert min(middle) > ranges.lowest - 0.5
    assert min(elevations(camera, 33).min() for camera in chosen) > -10.0


def test_cameras_stay_within_their_ranges() -> None:
    degrees = cameras(2000) * 180 / math.pi
    yaw, pitch, roll, fov = degrees.unbind(1)
    assert yaw.min() >= 0
    assert yaw.max() <= 360
    assert torch.histc(yaw, 4, 0, 360).min() > 400
    assert (pitch - fov / 2).min() >= -6.001
    assert pitch.max() <= 90.001
    assert roll.abs().max() <= 8.001
    assert fov.min() >= 54.99
    assert fov.max() <= 80.01
    assert pitch.median() < (pitch.min() + 90) / 2  # more views near the horizon than near the zenith


def test_views_pass_gradients_to_the_dome() -> None:
    painted = torch.randn(1, 3, 32, 32, requires_grad=True)
    render_views(painted, cameras(1), 16).sum().backward()
    assert painted.grad is not None
    assert painted.grad.sum().item() == pytest.approx(3 * 16 * 16, rel=1e-4)  # bilinear weights sum to 1


def test_overhead_cameras_roll_freely_and_others_do_not() -> None:
    ranges = CameraRange(overhead=50.0)
    for look in (random_cameras, close_cameras):
        _, pitch, roll, _ = torch.rad2deg(look(4000, ranges, torch.Generator().manual_seed(1), CPU)).unbind(1)
        over = pitch >= 50.0
        assert 0.2 < over.float().mean() < 0.8
        assert roll[~over].abs().max() <= ranges.roll + 1e-4
        assert roll[over].abs().max() > 175
        assert abs(roll[over].mean()) < 10
