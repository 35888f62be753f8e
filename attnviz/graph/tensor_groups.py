"""How many bytes tensors of a graph take, and which of them are read together, so that memory stays bounded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attnviz.backend import tf
from attnviz.graph.model_inputs import as_fed
from attnviz.graph.text_variants import Array
from attnviz.graph.traced import TracedModel

Tensor = Any

GROUP_BYTES = 800_000_000
"""So many bytes of values are read and held at once; a single larger tensor alone."""

_MARGIN = 16
"""By what factor a guess of sizes that the graph does not say may be too small."""


def measure_bytes(traced: TracedModel, arrays: Sequence[Array], tensors: Sequence[Tensor]) -> list[int]:
    """How many bytes the values of each tensor take for one text.

    Where they are few, by what the shapes say; else the model is run for two texts and asked, and keeps no values.

    Args:
        traced: the model.
        arrays: its inputs for two texts or more.
        tensors: of its graph.
    """
    steps = max((_count_steps(array) for array in arrays), default=1)
    guesses = [_guess_bytes(tensor, steps) for tensor in tensors]
    if sum(guesses) * len(arrays[0]) * _MARGIN <= GROUP_BYTES:
        return guesses
    sizes = traced.extend(lambda: tf.stack([tf.size(tensor, out_type=tf.int64) for tensor in tensors]))
    given = [as_fed(array[:2], tensor) for array, tensor in zip(arrays, traced.inputs, strict=True)]
    (found,) = traced.function(traced.inputs, [sizes])(*given)
    return [int(size) * tensor.dtype.size // 2 for size, tensor in zip(found.numpy(), tensors, strict=True)]


def split_by_bytes(tensors: Iterable[Tensor], sizes: Iterable[int], most: int) -> Iterator[list[Tensor]]:
    """The tensors in their order, in groups of `most` bytes together; one that is larger is a group of its own."""
    group, total = list[Tensor](), 0
    for tensor, size in zip(tensors, sizes, strict=True):
        if group and total + size > most:
            yield group
            group, total = [], 0
        group.append(tensor)
        total += size
    yield group


def choose_texts(arrays: Sequence[Array], most: int) -> list[int]:
    """The places of the texts that are looked at: all of them or, where that is more than `most`, two that differ."""
    count = len(arrays[0])
    if count <= most:
        return list(range(count))
    differ = [place for place in range(count) if any((array[place] != array[0]).any() for array in arrays)]
    return [0, differ[-1]]


def _count_steps(array: Array) -> int:
    """How many steps a text may have; of a string, how many letters."""
    if array.dtype.kind in "OSU":
        return max(map(len, array.reshape(-1)), default=1)
    return int(array.shape[1]) if array.ndim > 1 else 1


def _guess_bytes(tensor: Tensor, steps: int) -> int:
    """For one text, as if every open axis were one of steps."""
    axes = tensor.shape.as_list()[1:] if tensor.shape.rank else [None, None]
    return math.prod(steps if size is None else size for size in axes) * int(tensor.dtype.size)
