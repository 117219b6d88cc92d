"""Backend and training never import one another, so a test holds their class order together."""

from __future__ import annotations

from skyloom.clouds import CLOUD_NAMES, CLOUD_TYPES
from skyloom_training.data.ccsn import CODES
from skyloom_training.export.package import CLASS_NAMES
from skyloom_training.networks.generator import GeneratorShape


def test_class_index_means_the_same_everywhere() -> None:
    assert tuple(CLASS_NAMES) == CLOUD_NAMES
    assert tuple(cloud.code for cloud in CLOUD_TYPES) == CODES
    assert GeneratorShape().classes == len(CODES) == 11
