"""Discard rules, one file each: separate, tunable, and tested on planted pictures."""

from __future__ import annotations

from skyloom_training.data.filters.blur import Blur
from skyloom_training.data.filters.faces import Faces
from skyloom_training.data.filters.grayscale import Grayscale
from skyloom_training.data.filters.resolution import Resolution
from skyloom_training.data.filters.rule import Rule
from skyloom_training.data.filters.text import Text

# In the order in which they are asked.
PICTURE_RULES: tuple[type[Rule], ...] = (Resolution, Blur, Grayscale, Text, Faces)
SET_RULES = ("exact-duplicate", "near-duplicate", "ground")
RULES = ("format", "label", *(rule.name for rule in PICTURE_RULES), *SET_RULES)

__all__ = ["PICTURE_RULES", "RULES", "SET_RULES", "Rule"]
