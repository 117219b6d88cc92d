"""What a lab run costs: core-seconds a kimg by size and by option, one thread. `python benchmarks/bench_lab.py`."""

from __future__ import annotations

import platform
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from skyloom_training.lab.loop import Lab
from skyloom_training.lab.options import LabOptions
from skyloom_training.lab.pictures import Pictures
from skyloom_training.metrics.feature_sets import FeatureNet

PLAIN = LabOptions(conditional=True, ada="off", evaluate_at=())
CASES = {
    "32², base 512": replace(PLAIN, size=32, channel_base=512),
    "64², base 512": replace(PLAIN, channel_base=512),
    "64², base 1024": PLAIN,
    "64², base 1024, augmentation at work": replace(PLAIN, ada="fixed", ada_p=0.3),
    "64², base 1024, no path length": replace(PLAIN, path_weight=0.0),
    "64², base 1024, bf16": replace(PLAIN, precision="bf16"),
    "64², base 1024, projected": replace(PLAIN, discriminator="projected", loss="hinge", r1_gamma=0.0, path_weight=0.0),
    "64², base 2048": replace(PLAIN, channel_base=2048),
}


def main() -> None:
    """Sixteen steps of each, after two: one R1 and two path lengths are among them, as in a long run."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (64, 128, 128, 3), np.uint8)
    pictures = Pictures(pixels, np.arange(64) % 11, np.full(64, 128), 11)
    print(f"{platform.machine()}, torch {torch.__version__}, one thread; core-seconds a kimg")
    for name, options in CASES.items():
        lab = Lab(options, pictures, Path("unused"))
        for _ in range(2):
            lab.step()
        before, images = time.process_time(), lab.images
        for _ in range(16):
            lab.step()
        print(f"{name:40s} {(time.process_time() - before) / (lab.images - images) * 1000:6.1f}", flush=True)
    net, before = FeatureNet("efficientnet-lite2", PLAIN.judge_side), time.process_time()
    net.features(pixels)
    print(f"{'judging a thousand pictures':40s} {(time.process_time() - before) / len(pixels) * 1000:6.1f}")


if __name__ == "__main__":
    main()
