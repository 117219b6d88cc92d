"""Prints how dark the darkest low side of photographed panoramas and of procedural skies is, for docs/training.md.

python docs/measure_banks.py puresky/
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from skyloom.imaging.convert import convert
from skyloom.request import OutputSpec
from skyloom_training.banks import bank_depth
from skyloom_training.data.ccsn import CODES
from skyloom_training.data.procedural import ProceduralSkies

# Pixels of a dome, and procedural skies of each type (seed 1).
SIDE, A_TYPE = 256, 12


def main() -> None:
    """Levels below the median at 80 degrees from the zenith; of procedural skies the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panoramas", type=Path, help="folder of equirectangular sky JPEGs")
    for path in sorted(parser.parse_args().panoramas.glob("*.jpg")):
        panorama = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
        dome = convert("panorama", [panorama], [OutputSpec("dome", SIDE)])[0].pixels
        print(f"{path.stem}: {bank_depth(torch.from_numpy(dome).permute(2, 0, 1)[None] * 2 - 1):.0f}")
    rng, skies = np.random.default_rng(1), ProceduralSkies(0)
    made = [skies.domes(A_TYPE, SIDE, rng, np.full(A_TYPE, label))[0] for label in range(len(CODES))]
    domes = torch.from_numpy(np.concatenate(made)).float() / 127.5 - 1
    print(f"procedural, {len(domes)} skies, median: {bank_depth(domes):.0f}")


if __name__ == "__main__":
    main()
