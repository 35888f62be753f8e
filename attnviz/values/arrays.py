"""Arrays as values hold them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]


def frozen_array(values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> FloatArray:
    """A read-only copy of `values`."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array


def to_numbers(values: FloatArray) -> tuple[float | None, ...]:
    """The numbers of (n,) values; None for each that is none, since JSON knows no NaN."""
    return tuple(value if math.isfinite(value) else None for value in values.tolist())
