"""The texts that a search for attention asks a model about: those that were given, changed in ways that tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from attnviz.errors import SettingError

Array = np.ndarray[Any, Any]


def to_arrays(x: Sequence[Any]) -> list[Array]:
    """The inputs of at least two texts that are not all the same, as arrays (batch, ...).

    Raises:
        SettingError: they are not.
    """
    arrays = [np.asarray(array) for array in x]
    if not arrays or any(not array.ndim or len(array) != len(arrays[0]) or len(array) < 2 for array in arrays):
        raise SettingError("Attention is looked for in two texts or more, each a row of every input.")
    if all((array == array[:1]).all() for array in arrays):
        raise SettingError("Attention is looked for in texts that differ, but all of these are the same.")
    return arrays


def with_other_words(arrays: Sequence[Array]) -> list[Array]:
    """Each text with the words of the next one in the places of its own, so that lengths and padding stay."""
    return [_replace_words(array) for array in arrays]


def shorten(arrays: Sequence[Array]) -> list[Array]:
    """Each text without its last step."""
    return [array[:, :-1] if has_steps(array) else array for array in arrays]


def has_steps(array: Array) -> bool:
    """Whether axis 1 of an input is one of steps that can be taken away."""
    return array.ndim > 1 and array.shape[1] > 2 and array.dtype.kind not in "OSU"


def _replace_words(array: Array) -> Array:
    following = np.roll(array, -1, axis=0)
    if array.dtype.kind in "OSU":
        return np.vectorize(_replace_in_text, otypes=[object])(array, following)
    if array.dtype.kind == "f" and (array != np.round(array)).any():
        return following  # vectors, not ids
    return np.stack([_replace_ids(row, other) for row, other in zip(array, following, strict=True)])


def _replace_ids(row: Array, other: Array) -> Array:
    """0 is no word."""
    words, changed = other[other != 0], row.copy()
    if words.size:
        changed[row != 0] = np.resize(words, int((row != 0).sum()))
    return changed


def _replace_in_text(text: Any, other: Any) -> Any:
    words, blank = other.split(), b" " if isinstance(text, bytes) else " "
    return blank.join(np.resize(np.array(words, object), len(text.split()))) if words else text
