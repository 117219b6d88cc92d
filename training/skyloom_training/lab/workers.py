"""Several processes on one run, by torch's own launcher: each takes its part of every batch, gradients are averaged."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import Tensor, nn


class Workers:
    """This process among all; alone unless torchrun started it.

    All random numbers of a batch are drawn by every process, and each takes its rows: so the result does not depend on
    how many there are.
    """

    def __init__(self, device: str = "cpu") -> None:
        self.count, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        if self.count > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if device == "cuda" else "gloo")
            # Left to the interpreter's end, the group's threads can outlive what they run in, and abort the process.
            atexit.register(dist.destroy_process_group)
        if device == "cuda":
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))

    @property
    def first(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    def rows(self, total: int) -> slice:
        """This process's part of a batch.

        Raises:
            ValueError: the batch cannot be divided.
        """
        if total % self.count:
            raise ValueError(f"batch: {total} pictures cannot be divided among {self.count} processes")
        part = total // self.count
        return slice(self.rank * part, (self.rank + 1) * part)

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace gradients by their mean over all processes, in one message."""
        gradients = [p.grad for p in parameters if p.grad is not None]
        if self.count == 1 or not gradients:
            return
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        flat /= self.count
        for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))

    def sum(self, value: Tensor) -> Tensor:
        """Sum over all processes."""
        if self.count > 1:
            value = value.clone()
            dist.all_reduce(value)
        return value

    def mean(self, value: Tensor) -> Tensor:
        """Mean over all processes."""
        return self.sum(value) / self.count

    def wait(self) -> None:
        """Until every process is here."""
        if self.count > 1:
            dist.barrier()
