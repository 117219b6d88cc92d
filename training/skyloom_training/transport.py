"""Carries features of made views onto those of photos, both taken as Gaussians: the Fréchet distance's descent."""

from __future__ import annotations

import torch
from torch import Tensor, nn

# Directions in which photos differ most. In the others a covariance of some thousand views is mostly chance.
DIRECTIONS = 128
# Views of a group before its covariance is trusted, and how often (in updates) the map is computed anew.
TRUSTED, EVERY = 3000, 50


def running_rate(rate: float, count: Tensor) -> float:
    """How far a mean of ``count`` updates moves: a plain mean at first, so that it starts from no made-up value."""
    return max(rate, 1 / (float(count) + 1))


class Transport(nn.Module):
    """Running Gaussians of vectors of made and of real pictures, by group, and the pull of the ones onto the others.

    The Fréchet distance of two Gaussians is the mean square way of the best map that carries one onto the other,
    x -> m_r + T (x - m_m) with T = S_m^-½ (S_m^½ S_r S_m^½)^½ S_m^-½ (Dowson & Landau 1982). Its gradient by a vector
    is the way that is left to go, so pulling every vector along it descends the distance. Means alone, as in
    :class:`~skyloom_training.lasting.GroupMeans`, leave what is too alike as alike as it was.
    """

    means: Tensor
    covariances: Tensor
    basis: Tensor
    way: Tensor
    count: Tensor

    def __init__(self, groups: int, width: int, rate: float = 0.004) -> None:
        super().__init__()
        self.rate, self.directions = rate, min(DIRECTIONS, width)
        self.register_buffer("means", torch.zeros(2, groups, width))
        self.register_buffer("covariances", torch.zeros(2, groups, width, width))
        # Eigenvectors of the photos' covariance, and I - T in them.
        self.register_buffer("basis", torch.zeros(groups, width, self.directions))
        self.register_buffer("way", torch.zeros(groups, self.directions, self.directions))
        # Updates, views.
        self.register_buffer("count", torch.zeros(groups, 2))

    @torch.no_grad()
    def follow(self, made: Tensor, real: Tensor, groups: Tensor) -> None:
        """Move the Gaussians of the groups that ``groups`` [N] names toward ``made`` and ``real`` [N, width]."""
        for group in groups.unique():
            chosen = groups == group
            rate = running_rate(self.rate, self.count[group, 0])
            for side, vectors in enumerate((made[chosen], real[chosen])):
                self.means[side, group].lerp_(vectors.mean(dim=0), rate)
                apart = vectors - self.means[side, group]
                self.covariances[side, group].lerp_(apart.T @ apart / len(apart), rate)
            self.count[group] += torch.tensor([1.0, float(chosen.sum())], device=made.device)
            if self.count[group, 1] >= TRUSTED and self.count[group, 0] % EVERY == 0:
                self._find_way(int(group))

    def pull(self, made: Tensor, groups: Tensor) -> Tensor:
        """A loss whose gradient moves ``made`` [N, width] along its way to the photos; in units of their trace."""
        losses = []
        for group in groups.unique():
            basis = self.basis[group]
            x, middle = made[groups == group] @ basis, self.means[:, group] @ basis
            left = (x - middle[0]) @ self.way[group] + (middle[0] - middle[1])
            losses.append((left.detach() * x).sum(dim=1) / self._trace(group))
        return torch.cat(losses).mean()

    def distance(self) -> Tensor:
        """Mean square way left to go, in units of the photos' trace: the Fréchet distance, mean of the groups."""
        found = []
        for group in range(len(self.count)):
            middle = (self.means[0, group] - self.means[1, group]) @ self.basis[group]
            made = self.basis[group].T @ self.covariances[0, group] @ self.basis[group]
            way = self.way[group]
            found.append((middle.square().sum() + (way @ made @ way).trace()) / self._trace(group))
        return torch.stack(found).mean()

    def _trace(self, group: int | Tensor) -> Tensor:
        return self.covariances[1, group].trace().clamp(min=1e-6)

    def _find_way(self, group: int) -> None:
        made, real = (covariance[group].double() for covariance in self.covariances)
        basis = torch.linalg.eigh(real).eigenvectors[:, -self.directions :]
        made, real = basis.T @ made @ basis, basis.T @ real @ basis
        # A direction in which nothing made differs could not be stretched.
        made = made + 1e-3 * real.trace() / self.directions * torch.eye(self.directions).to(made)
        root = _power(made, 0.5)
        back = _power(made, -0.5)
        carried = back @ _power(root @ real @ root, 0.5) @ back
        self.basis[group] = basis
        self.way[group] = torch.eye(self.directions).to(carried) - carried


def _power(matrix: Tensor, exponent: float) -> Tensor:
    """A power of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp(min=1e-12).pow(exponent)) @ vectors.T
