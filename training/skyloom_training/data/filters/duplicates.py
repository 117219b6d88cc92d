"""The same photo twice: exact copies by their pixels, near ones by a perceptual hash, whichever labels they carry."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from skyloom_training.data.filters.rule import Pixels

# 256 bits: the usual 64 say little of skies, which are all a gradient and some lumps.
HASH = 16
BITS = HASH * HASH
THUMB = 24
# Pairs of the hash are looked at again: correlation of gray thumbnails. Below it lie skies that only look alike.
SAME = 0.93
ACROSS = ("both-out", "first", "majority", "rarer")


@dataclass(frozen=True)
class Print:
    """Of a picture: digest of its pixels, hash (32,) uint8, thumbnail (576,) float32, number of pixels."""

    digest: str
    bits: NDArray[np.uint8]
    thumb: NDArray[np.float32]
    size: int


@dataclass
class Copies:
    """Indices to leave out and the index of the copy that says why."""

    exact: dict[int, int] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)


def fingerprint(pixels: Pixels) -> Print:
    """Of a picture uint8 (H, W, 3)."""
    digest = hashlib.sha256(str(pixels.shape).encode() + pixels.tobytes()).hexdigest()
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    bits = imagehash.phash(Image.fromarray(grey), hash_size=HASH).hash
    thumb = cv2.resize(grey, (THUMB, THUMB), interpolation=cv2.INTER_AREA).ravel().astype(np.float32)
    thumb -= thumb.mean()
    # An even picture has no pattern to compare; its zeros correlate with nothing.
    thumb /= max(float(np.linalg.norm(thumb)), 1.0)
    return Print(digest, np.packbits(bits), thumb, pixels.shape[0] * pixels.shape[1])


def find_copies(
    prints: Sequence[Print],
    labels: Sequence[str | None],
    threshold: int,
    across: str,
    exact: bool = True,
    near: bool = True,
) -> Copies:
    """Which of the pictures to leave out.

    ``threshold``: bits of 256 in which hashes of one photo may differ. Of copies under one label the largest stays, the
    first of equals. Under several labels: ``both-out`` leaves none, since a photo of two labels teaches neither;
    ``first`` keeps the first one's label, ``majority`` the one that most copies carry (none, if no label does),
    ``rarer`` the one with fewer pictures in the set.

    Raises:
        ValueError: an unknown ``across``, or a threshold outside 0 to 128.
    """
    if across not in ACROSS:
        raise ValueError(f"across: {across!r} is not allowed; expected one of {', '.join(ACROSS)}")
    if not 0 <= threshold <= BITS // 2:
        raise ValueError(f"near: {threshold} is not allowed; expected 0 to {BITS // 2} bits")
    copies = Copies()
    frequency = Counter(labels)
    groups = _same_digest(prints) if exact else []
    for group in groups:
        copies.exact.update(_leave_out(group, prints, labels, frequency, across))
    rest = [i for i in range(len(prints)) if i not in copies.exact]
    if near and len(rest) > 1:
        first, second = _alike([prints[i] for i in rest], threshold)
        for members in _groups(first, second, len(rest)):
            group = [rest[m] for m in members]
            copies.near.update(_leave_out(group, prints, labels, frequency, across))
    return copies


def _same_digest(prints: Sequence[Print]) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for index, one in enumerate(prints):
        found.setdefault(one.digest, []).append(index)
    return [group for group in found.values() if len(group) > 1]


def _alike(prints: Sequence[Print], threshold: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs (first, second) that hash and thumbnail take for one photo."""
    bits, thumbs = np.stack([p.bits for p in prints]), np.stack([p.thumb for p in prints])
    words = bits.view(np.uint64)
    pairs: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for start in range(0, len(prints), 256):
        part = slice(start, start + 256)
        close = np.bitwise_count(words[part, None, :] ^ words[None, :, :]).sum(axis=2) <= threshold
        close &= thumbs[part] @ thumbs.T >= SAME
        first, second = np.nonzero(close)
        later = second > first + start
        pairs.append((first[later] + start, second[later]))
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def _groups(first: NDArray[np.intp], second: NDArray[np.intp], count: int) -> list[list[int]]:
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(count, count))
    _, part = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for index in sorted({*first.tolist(), *second.tolist()}):
        members.setdefault(int(part[index]), []).append(index)
    return list(members.values())


def _leave_out(
    group: list[int], prints: Sequence[Print], labels: Sequence[str | None], frequency: Counter[str | None], across: str
) -> dict[int, int]:
    """Members to leave out, each with the copy that it repeats."""
    winner = _winner([labels[i] for i in group], frequency, across)
    of_winner = [i for i in group if winner and labels[i] == winner[0]]
    if not of_winner:
        return {i: next(j for j in group if j != i) for i in group}
    stays = max(of_winner, key=lambda i: (prints[i].size, -i))
    return {i: stays for i in group if i != stays}


def _winner(labels: list[str | None], frequency: Counter[str | None], across: str) -> list[str | None]:
    """The label that stays, in a list; empty where all go."""
    counts = Counter(labels)
    if len(counts) == 1 or across == "first":
        return [labels[0]]
    if across == "rarer":
        return [min(counts, key=lambda label: (frequency[label], labels.index(label)))]
    best = counts.most_common(2)
    if across == "majority" and best[0][1] > best[1][1]:
        return [best[0][0]]
    return []
