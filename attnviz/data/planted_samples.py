"""Samples of which it is known where the answer stands, and so where attention should look.

Columns of random numbers, some of which are overwritten, and sequences in which the place of the answer differs from
sample to sample. Source of the sequences: https://github.com/philipperemy/keras-attention-mechanism.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from attnviz.data.synthetic import draw_column, flip
from attnviz.values.arrays import FloatArray

BoolArray = npt.NDArray[np.bool_]

DECOY_AGREEMENT = 0.8
"""In how many samples the decoy shows the answer."""


@dataclass(frozen=True, slots=True)
class TaskData:
    """Samples of a task.

    Attributes:
        x: (n, input_dim) float32; y: (n, 1) float32, 0 or 1, or a number.
        truth: (n, input_dim) where the answer of each sample stands; nowhere if that is not known.
        counted: (n,) whether the sample can tell where the network looks. A weight on a 0 passes nothing on, so samples
            in which everything that was planted is 0 tell nothing.
    """

    x: FloatArray
    y: FloatArray
    truth: BoolArray
    counted: BoolArray

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: slice) -> TaskData:
        return TaskData(*(getattr(self, field.name)[rows] for field in fields(self)))


Draw = Callable[[np.random.Generator, int, int, int, float], TaskData]
"""Makes samples from (rng, n, input_dim, attention_column, noise)."""


def next_column(column: int, input_dim: int) -> int:
    """The second planted column: the one after it, or the first after the last."""
    return (column + 1) % input_dim


def draw_one(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The column is the answer."""
    return _plant(*draw_column(rng, n, input_dim, column, noise), (column,))


def draw_both(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The column is the answer, with noise, and so is the next one, without."""
    x, y = draw_column(rng, n, input_dim, column, noise)
    second = next_column(column, input_dim)
    x[:, second] = y[:, 0]
    return _plant(x, y, (column, second))


def draw_xor(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The answer is whether the column and the next one differ."""
    x, first = draw_column(rng, n, input_dim, column, noise)
    second = next_column(column, input_dim)
    bits = rng.integers(0, 2, n).astype(np.float32)
    x[:, second] = bits
    return _plant(x, (first != bits[:, None]).astype(np.float32), (column, second))


def draw_decoy(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The column is the answer; the next one agrees with it in DECOY_AGREEMENT of the samples."""
    x, y = draw_column(rng, n, input_dim, column, noise)
    decoy = next_column(column, input_dim)
    x[:, decoy] = flip(rng, y[:, 0], 1 - DECOY_AGREEMENT)
    return _plant(x, y, (column,), (decoy,))


def draw_none(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """No column knows the answer."""
    x = rng.standard_normal((n, input_dim), dtype=np.float32)
    return leave_unmarked(x, rng.integers(0, 2, size=(n, 1)).astype(np.float32))


def draw_maximum(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The answer is the largest of Beta(1/N, 1) values, whose maximum is uniform between 0 and 1."""
    x = rng.beta(1 / input_dim, 1, (n, input_dim)).astype(np.float32)
    truth = np.zeros(x.shape, bool)
    truth[np.arange(n), x.argmax(axis=1)] = True
    return TaskData(x, x.max(axis=1, keepdims=True), truth, np.ones(n, bool))


def draw_addition(rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float) -> TaskData:
    """The answer is the sum of the two uniform numbers that follow a 0.

    The two zeros are at least two steps apart, and none is last.
    """
    x = 1 - rng.random((n, input_dim), dtype=np.float32)  # in (0, 1]: no number looks like a delimiter
    pairs = np.array([(i, j) for i in range(input_dim) for j in range(i + 2, input_dim - 1)])
    zeros = pairs[rng.integers(0, len(pairs), n)]
    truth, rows = np.zeros(x.shape, bool), np.arange(n)[:, None]
    x[rows, zeros], truth[rows, zeros + 1] = 0.0, True
    return TaskData(x, (x * truth).sum(axis=1, keepdims=True), truth, np.ones(n, bool))


def leave_unmarked(x: FloatArray, y: FloatArray) -> TaskData:
    """Samples without a known truth: nothing says where the answer stands."""
    return TaskData(x, y, np.zeros(x.shape, bool), np.zeros(len(x), bool))


def _plant(x: FloatArray, y: FloatArray, truth: tuple[int, ...], others: tuple[int, ...] = ()) -> TaskData:
    """The truth stands in the same columns of every sample."""
    mask = np.zeros(x.shape, bool)
    mask[:, list(truth)] = True
    return TaskData(x, y, mask, (x[:, [*truth, *others]] != 0).any(axis=1))
