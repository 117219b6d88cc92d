"""The camera: dome -> perspective photo, differentiable, in the frame of skyloom.sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class CameraRange:
    """What the random camera may do; degrees. The lowest row of a view stays above ``lowest`` elevation."""

    fov: tuple[float, float] = (55.0, 80.0)
    roll: float = 8.0
    lowest: float = -6.0
    # Above 1 favours views near the horizon, where most photos are taken.
    horizon_bias: float = 1.4
    # Close views: the field of view at the horizon, which grows to twice that at the zenith, since a stereographic
    # dome has half as many pixels a degree there: a pixel of a close view is about one of the dome.
    close: tuple[float, float] = (25.0, 33.0)
    # From this pitch on the camera rolls freely: a photo of the zenith has no up. 90: never.
    overhead: float = 90.0

    def rolls(self, pitch: Tensor) -> Tensor:
        """Greatest roll at ``pitch``, degrees."""
        return torch.where(pitch >= self.overhead, 180.0, self.roll)


def random_cameras(count: int, ranges: CameraRange, generator: torch.Generator, device: torch.device) -> Tensor:
    """Cameras [N, 4]: yaw, pitch, roll, field of view, radians."""
    u = torch.rand(count, 4, generator=generator).to(device)
    fov = ranges.fov[0] + (ranges.fov[1] - ranges.fov[0]) * u[:, 3]
    pitch_low = ranges.lowest + fov / 2
    pitch = pitch_low + (90.0 - pitch_low) * u[:, 1] ** ranges.horizon_bias
    roll = ranges.rolls(pitch) * (2 * u[:, 2] - 1)
    return torch.stack([360.0 * u[:, 0], pitch, roll, fov], dim=1) * (math.pi / 180)


def close_cameras(count: int, ranges: CameraRange, generator: torch.Generator, device: torch.device) -> Tensor:
    """Cameras [N, 4] of close views: yaw, pitch, roll, field of view, radians."""
    u = torch.rand(count, 4, generator=generator).to(device)
    least = ranges.close[0] + (ranges.close[1] - ranges.close[0]) * u[:, 3]
    pitch_low = ranges.lowest + 0.6 * least
    pitch = pitch_low + (90.0 - pitch_low) * u[:, 1] ** ranges.horizon_bias
    fov = least * (1 + torch.sin(torch.deg2rad(pitch)))
    pitch = torch.maximum(pitch, ranges.lowest + fov / 2)
    roll = ranges.rolls(pitch) * (2 * u[:, 2] - 1)
    return torch.stack([360.0 * u[:, 0], pitch, roll, fov], dim=1) * (math.pi / 180)


def view_grid(cameras: Tensor, size: int, theta_max: float) -> Tensor:
    """Sampling grid [N, size, size, 2] for grid_sample (align_corners=False) of square views of a dome.

    Same formulas as skyloom.sphere.perspective.directions and skyloom.sphere.dome.coordinates.
    """
    yaw, pitch, roll, fov = (c[:, None, None] for c in cameras.unbind(1))
    steps = (2 * torch.arange(size, device=cameras.device) + 1) / size - 1
    reach = torch.tan(fov / 2)
    a, b = steps[None, None, :] * reach, -steps[None, :, None] * reach
    across = torch.cos(roll) * a + torch.sin(roll) * b
    above = torch.cos(roll) * b - torch.sin(roll) * a
    level = torch.cos(pitch) - torch.sin(pitch) * above
    x = torch.sin(yaw) * level + torch.cos(yaw) * across
    z = torch.cos(yaw) * level - torch.sin(yaw) * across
    y = torch.sin(pitch) + torch.cos(pitch) * above
    length = torch.sqrt(1 + a * a + b * b)
    scale = math.tan(theta_max / 2) * (length + y)
    return torch.stack([x / scale, z / scale], dim=-1)


def render_views(domes: Tensor, cameras: Tensor, size: int, theta_max: float = math.radians(100.0)) -> Tensor:
    """Views [N, 3, size, size] of domes [N, 3, S, S] through cameras [N, 4]; bilinear."""
    return F.grid_sample(
        domes.float(), view_grid(cameras, size, theta_max), mode="bilinear", padding_mode="border", align_corners=False
    )
