"""Seed -> latent, noise and pose: pinned numbers, since every sky that was ever shared depends on them."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from skyloom.generation import latent_from_seed
from skyloom.generation.latent import posed

# seed: first four of z, sums of z and noise, last two of noise, pose.
GOLDEN = {
    0: ([0.125730217, -0.132104859, 0.640422642, 0.104900114], (7.9574, 57.695), [-1.18334663, -1.04905391], 0),
    7: ([0.00123015337, 0.298745543, -0.274137855, -0.89059186], (-22.2398, -113.752), [-1.66703343, 0.134922683], 5),
    4294967295: (
        [-0.0272717625, 0.215353921, -0.666925251, -1.16504073],
        (1.9281, 103.592),
        [0.0875912458, -0.487880141],
        6,
    ),
}


@pytest.mark.parametrize("seed", GOLDEN)
def test_golden_numbers(seed: int) -> None:
    first, sums, noise_end, pose = GOLDEN[seed]
    z, noise, found = latent_from_seed(seed, 128, 21840)
    assert (z.dtype, noise.dtype) == (np.float32, np.float32)
    assert (z.shape, noise.shape) == ((1, 128), (1, 21840))
    np.testing.assert_allclose(z[0, :4], first, rtol=1e-6)
    np.testing.assert_allclose(noise[0, -2:], noise_end, rtol=1e-6)
    assert (float(z.sum()), float(noise.sum())) == pytest.approx(sums, abs=1e-2)
    assert found == pose


def test_noise_goes_on_where_the_latent_ended() -> None:
    """One stream, so that a documented line of numpy is the whole story."""
    stream = np.random.Generator(np.random.PCG64(7)).standard_normal(30).astype(np.float32)
    z, noise, _ = latent_from_seed(7, 10, 20)
    np.testing.assert_array_equal(np.concatenate([z[0], noise[0]]), stream)


def test_latents_are_standard_normal_and_differ_between_seeds() -> None:
    drawn = np.concatenate([latent_from_seed(seed, 128, 8)[0] for seed in range(200)])
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.std() - 1) < 0.02
    assert len(np.unique(drawn[:, 0])) == 200
    assert {latent_from_seed(seed, 4, 4)[2] for seed in range(200)} == set(range(8))


def test_poses_are_the_eight_symmetries_of_the_square() -> None:
    dome = np.random.default_rng(0).random((5, 5, 3)).astype(np.float32)
    poses = [posed(dome, pose) for pose in range(8)]
    assert len({hashlib.sha256(p.tobytes()).hexdigest() for p in poses}) == 8
    np.testing.assert_array_equal(poses[0], dome)
    np.testing.assert_array_equal(poses[1], np.rot90(dome))
    np.testing.assert_array_equal(poses[4], dome[:, ::-1])
    for pose in poses:
        np.testing.assert_array_equal(np.sort(pose.reshape(-1)), np.sort(dome.reshape(-1)))
        np.testing.assert_array_equal(pose[2, 2], dome[2, 2])  # the zenith stays
        assert pose.flags.c_contiguous
