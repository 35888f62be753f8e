"""Matrices of weights on their way to a picture: whole numbers of 8 or 16 bits, linear in the weight."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Literal

import numpy as np

from attnviz.values.arrays import FloatArray, frozen_array

Bits = Literal[8, 16]
Span = tuple[int, int]
"""The first place and the one after the last."""


@dataclass(frozen=True, slots=True)
class PackedArray:
    """A matrix of numbers from 0 up, as text; each is off by at most a half of its scale's largest number / `top`.

    Attributes:
        shape: (rows, columns).
        bits: of each number.
        largest: the number that the largest code stands for: one for all rows, or one a row.
        codes: base64 of the codes 0 to `top`, little endian, row by row.
    """

    shape: tuple[int, int]
    bits: Bits
    largest: tuple[float, ...]
    codes: str

    def __post_init__(self) -> None:
        rows, columns = self.shape
        if len(self.largest) not in (1, rows):
            raise ValueError(f"{rows} rows have one scale or as many, got {len(self.largest)}")
        if len(b64decode(self.codes, validate=True)) != rows * columns * self.bits // 8:
            raise ValueError(f"the codes are not those of {rows} x {columns} numbers of {self.bits} bits")

    @property
    def top(self) -> int:
        """The largest code."""
        return 2**self.bits - 1

    @classmethod
    def pack(cls, values: FloatArray, bits: Bits, *, by_row: bool = False) -> PackedArray:
        """Pack (rows, columns) numbers from 0 up; `by_row` gives each row a scale of its own."""
        largest = np.asarray(values.max(axis=1, initial=0.0) if by_row else [values.max(initial=0.0)], np.float64)
        scale = np.where(largest > 0, largest, 1.0)
        codes = np.rint(values / scale[:, None] * (2**bits - 1)).astype(f"<u{bits // 8}")  # in this order: no overflow
        rows, columns = values.shape
        return cls((rows, columns), bits, tuple(largest.tolist()), b64encode(codes.tobytes()).decode("ascii"))

    def unpack(self) -> FloatArray:
        """The inverse of `pack`, up to its rounding."""
        codes = np.frombuffer(b64decode(self.codes), f"<u{self.bits // 8}").reshape(self.shape)
        return frozen_array(codes * (np.array(self.largest)[:, None] / self.top))


def pool(values: FloatArray, side: int) -> FloatArray:
    """The means of the blocks of a matrix, so that neither side is longer than `side`; a small one stays as it is.

    Block i of k blocks over n places begins at place i * n // k.
    """
    for axis in (1, 0):
        count = values.shape[axis]
        if count > side:
            starts = np.arange(side) * count // side
            sums = np.add.reduceat(values, starts, axis=axis, dtype=np.float64)
            sizes = np.diff([*starts, count])
            values = sums / (sizes if axis else sizes[:, None])
    return values
