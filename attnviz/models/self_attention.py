"""Multi-head self-attention in pieces, so that its weights are the output of a layer of their own.

`keras.layers.MultiHeadAttention` makes weights and sum in one layer: what reads its weights can't put others in their
place. The projections before and after the pieces here are Keras' own Dense layers.

The products here are batches of matrices, with as many shapes as texts have lengths. TensorFlow 2.21 with oneDNN
corrupts its heap over those; the processes of attnviz switch oneDNN off (see processes.py).
"""

from __future__ import annotations

from typing import Any

from attnviz.backend import keras, tf
from attnviz.models.attention_layers import PACKAGE, Tensor, _StepLayer

ops = keras.ops


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(batch, steps, heads * size) to (batch, heads, steps, size)."""
    batch, steps = ops.shape(x)[0], ops.shape(x)[1]
    return ops.transpose(ops.reshape(x, (batch, steps, heads, x.shape[-1] // heads)), (0, 2, 1, 3))


def join_heads(x: Tensor) -> Tensor:
    """(batch, heads, steps, size) to (batch, steps, heads * size), the inverse of `split_heads`."""
    batch, steps = ops.shape(x)[0], ops.shape(x)[2]
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (batch, steps, x.shape[1] * x.shape[-1]))


def multi_head_weights(queries: Tensor, keys: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    """Scaled dot-product attention in several heads, softmax(QK^T / sqrt(size)) in each (Vaswani et al. 2017).

    Args:
        queries, keys: (batch, steps, heads * size).
        heads: how many.
        mask: (batch, steps), False for padding.

    Returns:
        (batch, heads, queries, keys) weights. Those of a word sum to 1 over the words; a padded step attends to
        nothing, and nothing attends to it.
    """
    queries, keys = split_heads(queries, heads), split_heads(keys, heads)
    scores = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2))) / queries.shape[-1] ** 0.5
    if mask is None:
        return tf.nn.softmax(scores)
    return _pair_softmax(scores, mask[:, None, :, None] & mask[:, None, None, :])


def _pair_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis of (batch, heads, queries, keys), over the pairs of the mask (batch, 1, ...) only.

    Unlike `masked_softmax` it calls the fused softmax: these scores are so many that a training step takes 30 % less.
    It is TensorFlow's, since Keras' warns of a text of one word.
    """
    return ops.where(mask, tf.nn.softmax(ops.where(mask, scores, -1e30)), 0.0)


def multi_head_sum(weights: Tensor, values: Tensor) -> Tensor:
    """What each step attends to: (batch, steps, heads * size).

    Args:
        weights: (batch, heads, queries, keys). values: (batch, steps, heads * size).
    """
    return join_heads(ops.matmul(weights, split_heads(values, weights.shape[1])))


def masked_mean(x: Tensor, mask: Tensor | None = None) -> Tensor:
    """The mean (batch, units) of the unmasked steps of (batch, steps, units); zeros where there is none.

    Keras' GlobalAveragePooling1D gives NaN for a text without words.
    """
    if mask is None:
        return ops.mean(x, axis=1)
    real = ops.expand_dims(ops.cast(mask, x.dtype), -1)
    return ops.sum(real * x, axis=1) / ops.maximum(ops.sum(real, axis=1), 1.0)


@keras.saving.register_keras_serializable(PACKAGE)
class PositionEmbedding(keras.layers.Layer):
    """Adds to each step of (batch, steps, units) a trained vector of its place, for at most `steps` steps."""

    def __init__(self, steps: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps = steps
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        self.positions = self.add_weight(shape=(self.steps, input_shape[-1]), initializer="uniform", name="positions")

    def call(self, vectors: Tensor) -> Tensor:
        return vectors + self.positions[: ops.shape(vectors)[1]]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "steps": self.steps}


@keras.saving.register_keras_serializable(PACKAGE)
class MultiHeadWeights(_StepLayer):
    """`multi_head_weights` as a layer on [queries, keys]; no weights of its own."""

    def __init__(self, heads: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads

    def call(self, inputs: list[Tensor], mask: Any = None) -> Tensor:
        queries, keys = inputs
        return multi_head_weights(queries, keys, self.heads, mask[0] if mask else None)

    def compute_output_shape(self, input_shape: Any) -> Any:
        (batch, queries, _), (_, keys, _) = input_shape
        return (batch, self.heads, queries, keys)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "heads": self.heads}


@keras.saving.register_keras_serializable(PACKAGE)
class MultiHeadSum(_StepLayer):
    """`multi_head_sum` as a layer on [weights, values]; its output has the mask of the values."""

    def call(self, inputs: list[Tensor], mask: Any = None) -> Tensor:
        return multi_head_sum(*inputs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask[1] if mask else None

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape[1])


@keras.saving.register_keras_serializable(PACKAGE)
class MaskedMean(_StepLayer):
    """`masked_mean` as a layer: (batch, steps, units) to (batch, units)."""

    def call(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        return masked_mean(states, mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[2])
