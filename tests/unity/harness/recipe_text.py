"""A small recipe as JSON, to be asked for in tests."""

from __future__ import annotations

import json


def recipe(seed: int = 3, **changes) -> str:
    """Cumulus as a panorama of 64 pixels; ``changes`` replace top-level fields."""
    content = {
        "clouds": [{"genus": "cumulus", "weight": 1}],
        "seed": seed,
        "outputs": [{"layout": "panorama", "size": 64}],
    }
    return json.dumps({**content, **changes})
