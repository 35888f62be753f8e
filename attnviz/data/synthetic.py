"""Random columns, one of which is the answer: the published toy data."""

from __future__ import annotations

import numpy as np

from attnviz.errors import SettingError
from attnviz.values.arrays import FloatArray


def get_data(
    n: int, input_dim: int, attention_column: int = 1, seed: int | None = None, *, noise: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Standard normal columns, one of which is overwritten by the target.

    Args:
        n: number of samples, at least 1.
        input_dim: number of columns, at least 1.
        attention_column: the column, counted from 0, that holds the target.
        seed: makes the data reproducible.
        noise: chance, 0 to 1, that the planted column shows the other answer.

    Returns:
        x (n, input_dim) and y (n, 1), float32; y is 0 or 1 with equal chance and, without noise,
        `x[:, attention_column] == y[:, 0]`.

    Raises:
        SettingError: a size below 1, a column that does not exist, a negative seed, or a noise that is no chance.

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
    if not 0 <= noise <= 1:
        raise SettingError(f"noise is a chance and must lie between 0 and 1, got {noise}.")
    return draw_column(np.random.default_rng(seed), n, input_dim, attention_column, noise)


def draw_column(
    rng: np.random.Generator, n: int, input_dim: int, column: int, noise: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """`get_data` from a generator, with settings that were checked."""
    x = rng.standard_normal((n, input_dim), dtype=np.float32)
    y = rng.integers(0, 2, size=(n, 1)).astype(np.float32)
    x[:, column] = flip(rng, y[:, 0], noise)
    return x, y


def flip(rng: np.random.Generator, bits: FloatArray, chance: float) -> FloatArray:
    """The 0s and 1s (n,), each turned into the other with that chance; nothing is drawn for a chance of 0."""
    return np.where(rng.random(len(bits)) < chance, 1 - bits, bits) if chance else bits
