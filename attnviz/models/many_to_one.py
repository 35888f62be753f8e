"""Attention that makes one vector of a sequence, as the package `attention` 5.0 has it, for Keras 3.

Source of the interface and the formulas: https://github.com/philipperemy/keras-attention, which needs TensorFlow 2.15
or older. Its weights fit: see docs/guides/coming-from-attention.md.
"""

from __future__ import annotations

from typing import Any

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.models.attention_layers import PACKAGE, luong_scores, masked_softmax, weighted_sum

ops = keras.ops
Tensor = Any
Shape = tuple[int | None, ...]

SCORES = ("luong", "bahdanau")


@keras.saving.register_keras_serializable(PACKAGE)
class MaskedSoftmax(keras.layers.Layer):
    """Softmax over the steps of (batch, steps); what the mask (batch, steps) leaves out gets exactly 0.

    It computes in float32, whatever the precision of the model is. A row without any step left gets all zeros.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"dtype": "float32", **settings})
        self.supports_masking = True

    def call(self, scores: Tensor, mask: Tensor | None = None) -> Tensor:
        """Weights (batch, steps)."""
        return masked_softmax(scores, mask)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """That of the scores."""
        return input_shape


@keras.saving.register_keras_serializable(PACKAGE)
class Attention(keras.layers.Layer):
    """Many-to-one attention with the last state as its query: (batch, steps, features) to (batch, units).

    With the states h_1 ... h_T, of which T is the last that is not padding::

        score_t = h_t W h_T                       score="luong" (Luong et al. 2015, 'general')
        score_t = v tanh(W1 h_T + W2 h_t)         score="bahdanau" (Bahdanau et al. 2015)
        weights = softmax(scores), padding 0
        output  = tanh(Wc [sum_t weights_t h_t ; h_T])

    Padding may stand on either side; its weights are exactly 0 and its states count for nothing. The softmax and the
    sum are computed in float32, whatever the precision of the model is. The weights are the output of the inner layer
    'attention_weight': `attnviz.get_activations(model, x, nested=True)` has them as '<name>/attention_weight', without
    a second output.

    Args:
        units: the size of the output.
        score: 'luong', with features^2 + 2 * features * units parameters, or 'bahdanau', with
            2 * features^2 + features + 2 * features * units.
        return_attention: return (output, weights); the weights are (batch, steps) in float32.

    Raises:
        SettingError: another score, units below 1, or an input that has not three axes.
    """

    def __init__(self, units: int = 128, score: str = "luong", return_attention: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        if score not in SCORES:
            raise SettingError(f"score must be 'luong' or 'bahdanau', got {score!r}.")
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise SettingError(f"units must be a whole number from 1 on, got {units!r}.")
        self.units, self.score, self.return_attention = units, score, return_attention
        self.attention_weight = MaskedSoftmax(name="attention_weight")
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Make the weights for states of the last size of (batch, steps, features)."""
        if len(input_shape) != 3 or input_shape[-1] is None:
            raise SettingError(f"Attention reads states (batch, steps, features), got the shape {tuple(input_shape)}.")
        size = input_shape[-1]
        if self.score == "luong":
            self.luong_w = self._add_kernel("luong_w", size, size)
        else:
            self.bahdanau_w1 = self._add_kernel("bahdanau_w1", size, size)
            self.bahdanau_w2 = self._add_kernel("bahdanau_w2", size, size)
            self.bahdanau_v = self._add_kernel("bahdanau_v", size, 1)
        self.attention_vector = self._add_kernel("attention_vector", 2 * size, self.units)

    def call(self, states: Tensor, mask: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        """The output (batch, units), with `return_attention` also the weights (batch, steps).

        Args:
            states: (batch, steps, features).
            mask: (batch, steps), False for padding.
        """
        last = last_real_state(states, mask)
        weights = self.attention_weight(self._score(states, last), mask=mask)
        context = weighted_sum(weights, ops.cast(_without_padding(states, mask), weights.dtype))
        pair = ops.concatenate([ops.cast(context, states.dtype), last], axis=-1)
        output = ops.tanh(ops.matmul(pair, self.attention_vector))
        return (output, weights) if self.return_attention else output

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None: what comes out has no steps."""
        return

    def compute_output_spec(self, states: Any, mask: Any = None) -> Any:
        """Shape and dtype of what `call` returns."""
        output = keras.KerasTensor((states.shape[0], self.units), self.compute_dtype)
        weights = keras.KerasTensor(states.shape[:2], "float32")
        return (output, weights) if self.return_attention else output

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        own = {"units": self.units, "score": self.score, "return_attention": self.return_attention}
        return {**super().get_config(), **own}

    def _add_kernel(self, name: str, rows: int, columns: int) -> keras.Variable:
        return self.add_weight(shape=(rows, columns), initializer="glorot_uniform", name=name)

    def _score(self, states: Tensor, last: Tensor) -> Tensor:
        """(batch, steps)."""
        if self.score == "luong":
            return luong_scores(states, last, self.luong_w)
        query = ops.expand_dims(ops.matmul(last, self.bahdanau_w1), 1)
        return ops.sum(ops.tanh(query + _project(states, self.bahdanau_w2)) * self.bahdanau_v[:, 0], axis=-1)


def last_real_state(states: Tensor, mask: Tensor | None = None) -> Tensor:
    """(batch, features): of (batch, steps, features) the last step that the mask (batch, steps) leaves in.

    Padding may stand on either side; a row without any step left has zeros.
    """
    if mask is None:
        return states[:, -1]
    places = ops.arange(1, ops.shape(states)[1] + 1) * ops.cast(mask, "int32")
    is_last = ops.logical_and(mask, ops.equal(places, ops.max(places, axis=1, keepdims=True)))
    return ops.sum(_without_padding(states, is_last), axis=1)


def _without_padding(states: Tensor, mask: Tensor | None) -> Tensor:
    """The states with 0 where the mask is False, whatever stood there."""
    return states if mask is None else ops.where(ops.expand_dims(mask, -1), states, ops.zeros_like(states))


def _project(states: Tensor, kernel: Tensor) -> Tensor:
    """(batch, steps, columns); flat, since batched products of many lengths are not safe in TensorFlow 2.21."""
    shape = ops.shape(states)
    flat = ops.matmul(ops.reshape(states, (-1, kernel.shape[0])), kernel)
    return ops.reshape(flat, (shape[0], shape[1], kernel.shape[1]))
