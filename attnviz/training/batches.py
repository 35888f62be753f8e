"""Batches of texts of similar length, padded on the right to few distinct lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]

LENGTH_STEP = 25
"""Lengths are rounded up to multiples of this: every distinct length costs TensorFlow memory and warm-up."""

_CHUNK = 50
"""Batches are cut from chunks of this many batches sorted by length: short enough to stay well shuffled."""


def pad(rows: Sequence[Ids], steps: int | None = None) -> Ids:
    """(len(rows), steps) word ids, padded on the right with 0; by default up to the next multiple of LENGTH_STEP."""
    longest = max((len(row) for row in rows), default=0)
    if steps is None:
        steps = max(-(-longest // LENGTH_STEP), 1) * LENGTH_STEP
    padded = np.zeros((len(rows), steps), dtype=np.int32)
    for target, row in zip(padded, rows, strict=True):
        target[: len(row)] = row
    return padded


def left_padded(row: Ids, steps: int) -> Ids:
    """(steps,) the word ids of one text, filled up on the left with 0."""
    return np.concatenate([np.zeros(steps - len(row), np.int32), row])


def shuffled_batches(
    lengths: npt.NDArray[np.int64], batch_size: int, rng: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """All indices once, in random batches whose texts have similar lengths."""
    order = rng.permutation(len(lengths))
    chunk = batch_size * _CHUNK
    batches = [
        batch
        for start in range(0, len(order), chunk)
        for batch in _split(_by_length(order[start : start + chunk], lengths), batch_size)
    ]
    return [batches[index] for index in rng.permutation(len(batches))]


def sorted_batches(lengths: npt.NDArray[np.int64], batch_size: int) -> Iterator[npt.NDArray[np.int64]]:
    """All indices once, in batches from the shortest texts to the longest."""
    return iter(_split(_by_length(np.arange(len(lengths)), lengths), batch_size))


def _by_length(indices: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return indices[np.argsort(lengths[indices], kind="stable")]


def _split(indices: npt.NDArray[np.int64], size: int) -> list[npt.NDArray[np.int64]]:
    return [indices[start : start + size] for start in range(0, len(indices), size)]
