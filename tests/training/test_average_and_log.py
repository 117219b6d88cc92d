"""The average of a run's weights and the lines of its log."""

from __future__ import annotations

import io
import json

import pytest
import torch
from skyloom_training.average import follow, kept_by_half_life
from skyloom_training.run_log import write_line
from torch import nn


def test_half_of_a_difference_is_left_after_a_half_life() -> None:
    average, net = nn.Linear(3, 2), nn.Linear(3, 2)
    start = average.weight.detach().clone()
    for _ in range(10):
        follow(average, net, kept_by_half_life(80.0, 8))
    torch.testing.assert_close(average.weight - net.weight, (start - net.weight) / 2)


@pytest.mark.parametrize(("half_life", "kept"), [(8.0, 0.5), (4.0, 0.25), (0.0, 0.0), (1e12, 1.0)])
def test_kept_by_half_life(half_life: float, kept: float) -> None:
    assert kept_by_half_life(half_life, 8) == pytest.approx(kept, abs=1e-9)


def test_buffers_are_copied_and_no_gradient_is_kept() -> None:
    average, net = nn.BatchNorm1d(4), nn.BatchNorm1d(4)
    net(torch.randn(16, 4, generator=torch.Generator().manual_seed(0)))
    follow(average, net, 0.999)
    assert torch.equal(average.running_mean, net.running_mean)
    assert average.num_batches_tracked == 1
    assert average.weight.grad_fn is None


def test_networks_of_different_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        follow(nn.Linear(3, 2), nn.Linear(3, 2, bias=False), 0.5)


def test_a_line_is_one_object_rounded() -> None:
    log = io.StringIO()
    write_line(log, kimg=0.1234567, d=2.0)
    write_line(log, kimg=1.0)
    assert [json.loads(line) for line in log.getvalue().splitlines()] == [{"kimg": 0.1235, "d": 2.0}, {"kimg": 1.0}]
