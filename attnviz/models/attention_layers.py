"""Attention over the steps of a sequence, as functions and as the Keras layers that call them.

Each layer returns the attention weights, not the attended sum, so that the weights are an ordinary activation of the
model; `WeightedSum` makes the sum. Padded steps (mask False) get weight 0.

No function multiplies batches of matrices: TensorFlow 2.21 with oneDNN corrupts its heap when batched matmuls see many
sequence lengths. Products that would need one are regrouped into a product with a matrix and a sum.
"""

from __future__ import annotations

from typing import Any

from attnviz.backend import keras

ops = keras.ops

PACKAGE = "attnviz"
Tensor = Any


@keras.saving.register_keras_serializable(PACKAGE)
def tanh_sigmoid(x: Tensor) -> Tensor:
    """The sigmoid, as (1 + tanh(x / 2)) / 2: XLA computes a tanh on CPU six times faster than a sigmoid."""
    return 0.5 + 0.5 * ops.tanh(0.5 * x)


def masked_softmax(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax over axis 1 (steps) of (batch, steps) or (batch, steps, features), restricted to the unmasked steps.

    Rows without any unmasked step get all zeros.
    """
    if mask is None:
        return ops.softmax(scores, axis=1)
    if len(scores.shape) == 3:
        mask = ops.expand_dims(mask, -1)
    mask = ops.broadcast_to(mask, ops.shape(scores))
    shifted = scores - ops.max(ops.where(mask, scores, -1e9), axis=1, keepdims=True)
    exponentials = ops.where(mask, ops.exp(ops.where(mask, shifted, 0.0)), 0.0)
    return exponentials / ops.maximum(ops.sum(exponentials, axis=1, keepdims=True), keras.config.epsilon())


def luong_weights(states: Tensor, query: Tensor, kernel: Tensor, mask: Tensor | None = None) -> Tensor:
    """Multiplicative attention, score_t = states_t W query (Luong et al. 2015, 'general').

    Args:
        states: (batch, steps, units). query: (batch, units). kernel: (units, units). mask: (batch, steps).

    Returns:
        (batch, steps) weights.
    """
    return masked_softmax(luong_scores(states, query, kernel), mask)


def luong_scores(states: Tensor, query: Tensor, kernel: Tensor) -> Tensor:
    """What `luong_weights` gives to the softmax: (batch, steps)."""
    return _scores(states, ops.matmul(query, ops.transpose(kernel)))


def dot_product_weights(
    states: Tensor, query: Tensor, query_kernel: Tensor, key_kernel: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Scaled dot-product attention with one query, softmax(QK^T / sqrt(d)) (Vaswani et al. 2017).

    Args:
        states: (batch, steps, units). query: (batch, units). The kernels: (units, d). mask: (batch, steps).

    Returns:
        (batch, steps) weights.
    """
    return masked_softmax(dot_product_scores(states, query, query_kernel, key_kernel), mask)


def dot_product_scores(states: Tensor, query: Tensor, query_kernel: Tensor, key_kernel: Tensor) -> Tensor:
    """What `dot_product_weights` gives to the softmax: (batch, steps)."""
    projected = ops.matmul(ops.matmul(query, query_kernel), ops.transpose(key_kernel))
    return _scores(states, projected) / key_kernel.shape[-1] ** 0.5


def additive_weights(states: Tensor, kernel: Tensor, bias: Tensor, mask: Tensor | None = None) -> Tensor:
    """Additive attention of the Keras tutorials, score_t = tanh(states_t W + b_t), after Bahdanau et al. 2015.

    Args:
        states: (batch, steps, units). kernel: (units, 1). bias: (at least steps, 1). mask: (batch, steps).

    Returns:
        (batch, steps) weights.
    """
    return masked_softmax(additive_scores(states, kernel, bias), mask)


def additive_scores(states: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    """What `additive_weights` gives to the softmax: (batch, steps)."""
    steps = ops.shape(states)[1]
    return ops.tanh(ops.sum(states * kernel[:, 0], axis=-1) + bias[:steps, 0])


def featurewise_weights(states: Tensor, kernel: Tensor, bias: Tensor, mask: Tensor | None = None) -> Tensor:
    """Attention of each feature by itself, scores = tanh(states W + b), softmax over the steps.

    Args:
        states: (batch, steps, units). kernel: (units, units). bias: (units,). mask: (batch, steps).

    Returns:
        (batch, steps, units) weights; those of each feature sum to 1 over the steps.
    """
    return masked_softmax(featurewise_scores(states, kernel, bias), mask)


def featurewise_scores(states: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    """What `featurewise_weights` gives to the softmax: (batch, steps, units)."""
    shape = ops.shape(states)
    scores = ops.matmul(ops.reshape(states, (-1, kernel.shape[0])), kernel)
    return ops.tanh(ops.reshape(scores, (shape[0], shape[1], kernel.shape[1])) + bias)


def last_state(states: Tensor, mask: Tensor | None = None) -> Tensor:
    """The state (batch, units) of the last unmasked step of (batch, steps, units), padded on the right."""
    if mask is None:
        return states[:, -1]
    last = ops.maximum(ops.sum(ops.cast(mask, "int32"), axis=1) - 1, 0)
    return ops.squeeze(ops.take_along_axis(states, last[:, None, None], axis=1), axis=1)


def weighted_sum(weights: Tensor, states: Tensor) -> Tensor:
    """(batch, units): states (batch, steps, units) summed over the steps, with weights a step or a step and unit."""
    if len(weights.shape) == 2:
        weights = ops.expand_dims(weights, -1)
    return ops.sum(weights * states, axis=1)


def _scores(states: Tensor, query: Tensor) -> Tensor:
    """(batch, steps): the product of each of the states (batch, steps, units) with the query (batch, units)."""
    return ops.sum(states * ops.expand_dims(query, 1), axis=-1)


class _StepLayer(keras.layers.Layer):
    """A layer that reads the mask of its first input and ends it: what comes out has no padded steps to skip."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None


def _first(mask: Any) -> Any:
    return mask[0] if isinstance(mask, (list, tuple)) else mask


@keras.saving.register_keras_serializable(PACKAGE)
class LastState(_StepLayer):
    """`last_state` as a layer: (batch, steps, units) to (batch, units)."""

    def call(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        return last_state(states, mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[2])


@keras.saving.register_keras_serializable(PACKAGE)
class LuongAttention(_StepLayer):
    """`luong_weights` as a layer on [states, query]; kernel (units, units), no bias."""

    def build(self, input_shape: Any) -> None:
        units = input_shape[0][-1]
        self.kernel = self.add_weight(shape=(units, units), initializer="glorot_uniform", name="kernel")

    def call(self, inputs: list[Tensor], mask: Any = None) -> Tensor:
        states, query = inputs
        return luong_weights(states, query, self.kernel, _first(mask))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape[0][:2])


@keras.saving.register_keras_serializable(PACKAGE)
class DotProductAttention(_StepLayer):
    """`dot_product_weights` as a layer on [states, query]; two kernels (units, units), no bias."""

    def build(self, input_shape: Any) -> None:
        units = input_shape[0][-1]
        self.query_kernel = self.add_weight(shape=(units, units), initializer="glorot_uniform", name="query_kernel")
        self.key_kernel = self.add_weight(shape=(units, units), initializer="glorot_uniform", name="key_kernel")

    def call(self, inputs: list[Tensor], mask: Any = None) -> Tensor:
        states, query = inputs
        return dot_product_weights(states, query, self.query_kernel, self.key_kernel, _first(mask))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape[0][:2])


@keras.saving.register_keras_serializable(PACKAGE)
class AdditiveAttention(_StepLayer):
    """`additive_weights` as a layer; kernel (units, 1) and bias (steps, 1), for at most `steps` steps."""

    def __init__(self, steps: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps = steps

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(shape=(input_shape[-1], 1), initializer="random_normal", name="kernel")
        self.bias = self.add_weight(shape=(self.steps, 1), initializer="zeros", name="bias")

    def call(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        return additive_weights(states, self.kernel, self.bias, mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape[:2])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "steps": self.steps}


@keras.saving.register_keras_serializable(PACKAGE)
class FeaturewiseAttention(_StepLayer):
    """`featurewise_weights` as a layer; kernel (units, units) and bias (units,)."""

    def build(self, input_shape: Any) -> None:
        units = input_shape[-1]
        self.kernel = self.add_weight(shape=(units, units), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(units,), initializer="zeros", name="bias")

    def call(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        return featurewise_weights(states, self.kernel, self.bias, mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)


@keras.saving.register_keras_serializable(PACKAGE)
class TemperatureSoftmax(keras.layers.Layer):
    """softmax(scores / temperature) over the last axis of (batch, places); below 1 it is sharper, above 1 more even.

    The temperature is a weight that is not trained, so that it can change from run to run of a compiled program.
    """

    def __init__(self, temperature: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = temperature

    def build(self, input_shape: Any) -> None:
        start = keras.initializers.Constant(self.start)
        self.temperature = self.add_weight(shape=(), initializer=start, trainable=False, name="temperature")

    def call(self, scores: Tensor) -> Tensor:
        return ops.softmax(scores / self.temperature, axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "temperature": self.start}


@keras.saving.register_keras_serializable(PACKAGE)
class WeightedSum(_StepLayer):
    """`weighted_sum` as a layer on [weights, states]."""

    def call(self, inputs: list[Tensor], mask: Any = None) -> Tensor:
        return weighted_sum(*inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[1][0], input_shape[1][2])
