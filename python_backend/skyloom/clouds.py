"""The eleven cloud types (ten WMO genera and contrail): names, CCSN codes, descriptions, and the parser of mixes."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

from skyloom.errors import InvalidInput


@dataclass(frozen=True)
class CloudType:
    """One cloud genus: ``name`` is the public name, ``code`` the CCSN folder, ``description`` one plain line."""

    name: str
    code: str
    description: str


# Alphabetical by name; a type's position is its class index in every model (conditioning vector of length 11).
CLOUD_TYPES: tuple[CloudType, ...] = (
    CloudType("altocumulus", "Ac", "Mid-level heaps: white or grey rounded patches in ranks and waves"),
    CloudType("altostratus", "As", "Mid-level veil: grey sheet, the sun as through ground glass"),
    CloudType("cirrocumulus", "Cc", "High ripples: tiny white grains, a mackerel sky"),
    CloudType("cirrostratus", "Cs", "High veil: thin milky sheet, often with a halo"),
    CloudType("cirrus", "Ci", "High streaks: silky white filaments and hooks"),
    CloudType("contrail", "Ct", "Aircraft trails: straight white lines across the sky"),
    CloudType("cumulonimbus", "Cb", "Thunderstorm: towering dark-based cloud with an anvil"),
    CloudType("cumulus", "Cu", "Fair-weather heaps: white puffs with flat bases on blue"),
    CloudType("nimbostratus", "Ns", "Rain layer: thick dark grey sheet"),
    CloudType("stratocumulus", "Sc", "Low rolls: grey and white lumps with gaps between"),
    CloudType("stratus", "St", "Low layer: uniform grey, like lifted fog"),
)

CLOUD_NAMES: tuple[str, ...] = tuple(cloud.name for cloud in CLOUD_TYPES)
_BY_ALIAS = {alias.lower(): cloud.name for cloud in CLOUD_TYPES for alias in (cloud.name, cloud.code)}

# A mix must sum to 1 within this, so that 0.33,0.33,0.34 works and 0.7,0.7 does not.
WEIGHT_SUM_TOLERANCE = 1e-3


def cloud_name(text: str, field: str = "cloud") -> str:
    """The full lower-case name for a name or CCSN code in any case. Errors name ``field``.

    Raises:
        InvalidInput: unknown; the message carries the nearest name.
    """
    found = _BY_ALIAS.get(text.strip().lower())
    if found is None:
        near = difflib.get_close_matches(text.strip().lower(), CLOUD_NAMES, n=1, cutoff=0.4)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise InvalidInput(field, text, f"one of {', '.join(CLOUD_NAMES)}{hint}")
    return found


def check_mix(mix: tuple[tuple[str, float], ...], field: str = "cloud") -> tuple[tuple[str, float], ...]:
    """Normalise names and check weights of a mix; returns it in the order given. Errors name ``field``.

    Raises:
        InvalidInput: empty, unknown or repeated names, weights not finite or not in (0, 1], or a sum that is not 1.
    """
    if not mix:
        raise InvalidInput(field, mix, "at least one cloud type")
    named = tuple((cloud_name(name, field), float(weight)) for name, weight in mix)
    names = [name for name, _ in named]
    for name, weight in named:
        if not (math.isfinite(weight) and 0.0 < weight <= 1.0):
            raise InvalidInput(field, f"{name}:{weight:g}", "weights above 0 and at most 1")
    if len(set(names)) != len(names):
        raise InvalidInput(field, ",".join(names), "each cloud type at most once")
    total = sum(weight for _, weight in named)
    if abs(total - 1.0) > WEIGHT_SUM_TOLERANCE:
        shown = ",".join(f"{name}:{weight:g}" for name, weight in named)
        raise InvalidInput(field, shown, f"weights that sum to 1 (these sum to {total:g})")
    return named


def parse_clouds(text: str, field: str = "cloud") -> tuple[tuple[str, float], ...]:
    """Parse ``cumulus`` or ``cumulus:0.7,cirrus:0.3`` into ((name, weight), ...). Errors name ``field``.

    Raises:
        InvalidInput: see :func:`check_mix`; also a weight that is no number, or a mix with a weight left out.
    """
    parts = text.split(",")
    mix: list[tuple[str, float]] = []
    for part in parts:
        name, colon, weight = part.partition(":")
        if not colon:
            if len(parts) > 1:
                raise InvalidInput(field, text, "a weight for every type in a mix, e.g. cumulus:0.7,cirrus:0.3")
            mix.append((name, 1.0))
            continue
        try:
            mix.append((name, float(weight)))
        except ValueError:
            raise InvalidInput(field, part, "NAME:WEIGHT with a number from 0 to 1") from None
    return check_mix(tuple(mix), field)
