"""Tasks whose answer is planted, so that what the network attends to can be checked."""

from __future__ import annotations

import numpy as np

from attnviz.errors import SettingError
from attnviz.results import FloatArray


def get_data(
    n: int, input_dim: int, attention_column: int = 1, seed: int | None = None
) -> tuple[FloatArray, FloatArray]:
    """Standard normal columns, one of which is overwritten by the target.

    Args:
        n: number of samples, at least 1.
        input_dim: number of columns, at least 1.
        attention_column: the column, counted from 0, that holds the target.
        seed: makes the data reproducible.

    Returns:
        x (n, input_dim) and y (n, 1), float32; y is 0 or 1 with equal chance and `x[:, attention_column] == y[:, 0]`.

    Raises:
        SettingError: a size below 1, a column that does not exist, or a negative seed.

    Source: `get_data` of https://github.com/philipperemy/keras-attention-mechanism.
    """
    if n < 1 or input_dim < 1:
        raise SettingError(f"n and input_dim must be at least 1, got n={n} and input_dim={input_dim}.")
    if not 0 <= attention_column < input_dim:
        raise SettingError(
            f"attention_column must lie between 0 and {input_dim - 1} for {input_dim} columns, got {attention_column}."
        )
    if seed is not None and seed < 0:
        raise SettingError(f"The seed must not be negative, got {seed}.")
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, input_dim), dtype=np.float32)
    y = rng.integers(0, 2, size=(n, 1)).astype(np.float32)
    x[:, attention_column] = y[:, 0]
    return x, y
