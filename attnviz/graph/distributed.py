"""A function over the steps of a sequence, as TimeDistributed applies a layer to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attnviz.backend import keras, tf

Tensor = Any


def map_steps(step: Callable[[Tensor, Tensor | None], Any], inputs: Tensor, mask: Tensor | None = None) -> Any:
    """The results of `step` for each step of `inputs`, stacked on axis 1.

    Where Keras 3.15 does not know the number of steps, it takes the size of the batch for it, so that its
    TimeDistributed gives too many or too few steps in a graph of any length.

    Args:
        step: from (batch, ...) and a mask (batch,) or None to a structure of tensors (batch, ...).
        inputs: (batch, steps, ...).
        mask: (batch, steps).
    """
    elements = [_swap(tensor) for tensor in (inputs, mask) if tensor is not None]

    def apply(element: list[Tensor]) -> Any:
        return step(element[0], element[1] if len(element) > 1 else None)

    if elements[0].shape[0] is None:
        stacked = tf.vectorized_map(apply, elements, warn=False)
    else:
        results = [apply(list(element)) for element in zip(*map(tf.unstack, elements), strict=True)]
        stacked = keras.tree.map_structure(lambda *tensors: tf.stack(tensors), *results)
    return keras.tree.map_structure(_swap, stacked)


def _swap(tensor: Tensor) -> Tensor:
    """(batch, steps, ...) as (steps, batch, ...) and back."""
    rank = len(tensor.shape)
    return tensor if rank < 2 else tf.transpose(tensor, [1, 0, *range(2, rank)])
