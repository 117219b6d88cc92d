"""Looks at every file of a source once and says which pictures are left out, by which rules, and with what values."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from skyloom_training.data.decode import MAX_PIXELS, decode
from skyloom_training.data.filters import PICTURE_RULES, RULES, Rule
from skyloom_training.data.filters.duplicates import BITS, Print, find_copies, fingerprint
from skyloom_training.data.filters.ground import FEWEST_PICTURES, FEWEST_ROWS, SIDE, sky_shares
from skyloom_training.data.labels import Labels
from skyloom_training.data.source import BadFile, Entry, Source


@dataclass(frozen=True)
class Settings:
    """Thresholds of the rules; None is the rule's own default.

    Attributes:
        skip: names of rules that are not asked; format cannot be skipped.
        near: bits of 256 in which the hashes of one photo may differ; ``across``: which label of a photo under several
            wins (:func:`skyloom_training.data.filters.duplicates.find_copies`).
        sky: least share of a picture, from the top, that is free of ground.
        max_pixels: pictures with more are not unpacked.

    Raises:
        ValueError: an unknown rule, or a threshold that its rule does not allow.
    """

    resolution: float | None = None
    blur: float | None = None
    grayscale: float | None = None
    text: float | None = None
    faces: float | None = None
    near: int = 64
    across: str = "both-out"
    sky: float = FEWEST_ROWS / 16
    max_pixels: int = MAX_PIXELS
    skip: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.skip:
            if name not in RULES[1:]:
                raise ValueError(f"skip: {name!r} is not allowed; expected one of {', '.join(RULES[1:])}")
        if not 0 <= self.sky <= 1:
            raise ValueError(f"sky: {self.sky:g} is not allowed; expected a share from 0 to 1")
        if self.max_pixels < 1:
            raise ValueError(f"max_pixels: {self.max_pixels} is not allowed; expected 1 or more")
        find_copies([], [], self.near, self.across)
        self.rules()

    def rules(self) -> list[Rule]:
        """The rules on single pictures that are asked."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        return [rule(known[rule.name]) for rule in PICTURE_RULES if rule.name not in self.skip]


@dataclass
class Record:
    """One file: its label, size (width, height), values of the rules, share of sky, and why it is left out (rule, why).

    ``twin`` is the picture that a duplicate repeats; ``plain`` says that the file may be copied as it is.
    """

    name: str
    label: str | None = None
    size: tuple[int, int] | None = None
    values: dict[str, float] = field(default_factory=dict)
    sky: float | None = None
    twin: str | None = None
    left_out: list[tuple[str, str]] = field(default_factory=list)
    plain: bool = False

    @property
    def kept(self) -> bool:
        """Whether no rule left it out."""
        return not self.left_out


@dataclass
class Examined:
    """All records, and what should be said of the whole: rules that could not be asked."""

    records: list[Record]
    notes: list[str]


Progress = Callable[[Iterable[Entry], int], Iterable[Entry]]
Watch = Callable[[Record, NDArray[np.uint8]], None]


def examine(
    source: Source,
    entries: Sequence[Entry],
    labels: Labels,
    settings: Settings,
    progress: Progress = lambda entries, count: entries,
    watch: Watch = lambda record, pixels: None,
) -> Examined:
    """Ask every rule about every file, one file in memory at a time.

    ``progress`` wraps the files as they are gone through; ``watch`` sees each decoded picture with its record.
    """
    rules, records, prints = settings.rules(), [], {}
    with tempfile.TemporaryDirectory() as folder:
        # On disk, since the ground finder looks at all pictures at once and there may be many.
        shape = (max(len(entries), 1), SIDE, SIDE, 3)
        thumbs = np.memmap(Path(folder) / "thumbs", np.uint8, "w+", shape=shape)
        for index, entry in enumerate(progress(entries, len(entries))):
            record = Record(entry.name, labels.of.get(entry.name))
            records.append(record)
            pixels = _pixels(source, entry, record, settings)
            if pixels is None:
                continue
            if labels.classes and record.label is None and "label" not in settings.skip:
                record.left_out.append(("label", "has no label"))
            _ask(rules, record, pixels)
            watch(record, pixels)
            if record.kept:
                prints[index] = fingerprint(pixels)
                thumbs[index] = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        _drop_copies(records, prints, settings)
        notes = _drop_ground(records, thumbs, settings)
        del thumbs
    return Examined(records, notes)


def _pixels(source: Source, entry: Entry, record: Record, settings: Settings) -> NDArray[np.uint8] | None:
    try:
        if entry.problem:
            raise BadFile(entry.problem)
        decoded = decode(source.read(entry.name), settings.max_pixels)
    except BadFile as error:
        record.left_out.append(("format", str(error)))
        return None
    height, width = decoded.pixels.shape[:2]
    record.size, record.plain = (width, height), decoded.plain
    return decoded.pixels


def _ask(rules: Sequence[Rule], record: Record, pixels: NDArray[np.uint8]) -> None:
    for rule in rules:
        value = round(rule.measure(pixels), 4)
        record.values[rule.name] = value
        if rule.rejects(value):
            side = "below" if rule.keeps == "above" else "above"
            record.left_out.append((rule.name, f"{value:g} {rule.unit}, {side} {rule.threshold:g}"))
            # What is too small is not worth the dearer rules, and fools them.
            if rule.name == "resolution":
                return


def _drop_copies(records: list[Record], prints: dict[int, Print], settings: Settings) -> None:
    """Only among pictures that are still kept: a blurred copy must not turn out the sharp one."""
    places = list(prints)
    copies = find_copies(
        list(prints.values()),
        [records[i].label for i in places],
        settings.near,
        settings.across,
        exact="exact-duplicate" not in settings.skip,
        near="near-duplicate" not in settings.skip,
    )
    for rule, found in (("exact-duplicate", copies.exact), ("near-duplicate", copies.near)):
        for index, other in found.items():
            record, twin = records[places[index]], records[places[other]]
            record.twin = twin.name
            under = "" if twin.label == record.label else f" under {twin.label}"
            bits = int(np.bitwise_count(prints[places[index]].bits ^ prints[places[other]].bits).sum())
            record.values["near-duplicate"] = bits
            how = "the same pixels as" if rule == "exact-duplicate" else f"{bits} of {BITS} bits from"
            record.left_out.append((rule, f"{how} {twin.name}{under}"))


def _drop_ground(records: list[Record], thumbs: NDArray[np.uint8], settings: Settings) -> list[str]:
    if "ground" in settings.skip:
        return []
    kept = [i for i, record in enumerate(records) if record.kept]
    if len(kept) < FEWEST_PICTURES:
        return [f"ground: not asked; {len(kept)} pictures are too few to tell it from sky, expected {FEWEST_PICTURES}"]
    for index, share in zip(kept, sky_shares(thumbs[kept]), strict=True):
        records[index].sky = records[index].values["ground"] = float(share)
        if share < settings.sky:
            why = f"{share:.3g} of the height is sky, below {settings.sky:.3g}"
            records[index].left_out.append(("ground", why))
    return []
