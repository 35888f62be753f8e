"""Every number on the way of one text through a network with attention, and what a softmax temperature changes.

The scores before the softmax are computed again from the attention layer's own weights, with the functions that the
layer itself calls. At temperature 1 the softmax of them is therefore the network's own attention; at any other, the
network really runs on from the changed weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.parts import STATES, build_decision, find_embedding
from attnviz.models.layers import (
    AdditiveAttention,
    DotProductAttention,
    FeaturewiseAttention,
    LuongAttention,
    additive_scores,
    dot_product_scores,
    featurewise_scores,
    luong_scores,
    masked_softmax,
    weighted_sum,
)
from attnviz.models.registry import ModelSpec
from attnviz.text.vocabulary import Tokens
from attnviz.training.batches import Ids, pad
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.tokens import Token

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.01, 100.0
"""Beyond these the softmax is a single 1 or quite even, and its exponents leave 32-bit numbers."""

LAST, JOINED = "probability", "context_and_last_state"
"""The layer that gives the probability, and the one that stands between it and the context vector in `luong`."""

Tensor = Any


@dataclass(frozen=True, slots=True)
class Walk:
    """The activations of one text, from its words to the probability. n is the number of words that were read.

    A score is `f(keys @ query / scale + bias)`, with f the tanh where there is a bias and nothing where there is none.

    Attributes:
        text, model: exactly what was given, and the name of the checkpoint.
        tokens: (n) the words that were read; truncated: how many at the start were not.
        temperature: what the scores were divided by before the softmax.
        vectors: (n, units) a row of the embedding a word.
        states: (n, units) the hidden states.
        keys: (n, d) what of each word is scored: a projection of its state, or the state itself.
        query: (d,) or (d, features) what it is multiplied with: made from the last state, or learned.
        bias: (n,) or (features,) what is added, or None.
        scale: what the product is divided by.
        scores: (n,) or (n, features) before the softmax.
        weights: as the scores, after it, at this temperature; usual_weights: at temperature 1.
        context: (units,) the states' sum with these weights.
        last_input: (k,) what the last layer reads: the context vector, or for `luong` the attention vector.
        last_kernel: (k,) the last layer's weights; last_bias: its bias.
        splits: whether the last layer reads the context vector itself, so that its sum can be split among the words.
        probability: of a positive review at this temperature; usual_probability: at 1. None if there is no word.
        rows: number of words in the embedding's table.
    """

    text: str
    model: str
    tokens: Sequence[Token]
    truncated: int
    temperature: float
    vectors: FloatArray
    states: FloatArray
    keys: FloatArray
    query: FloatArray
    bias: FloatArray | None
    scale: float
    scores: FloatArray
    weights: FloatArray
    usual_weights: FloatArray
    context: FloatArray
    last_input: FloatArray
    last_kernel: FloatArray
    last_bias: float
    splits: bool
    probability: float | None
    usual_probability: float | None
    rows: int

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, frozen_array(value))

    @property
    def attention(self) -> FloatArray:
        """(n,) the weights, averaged over the features where each has its own."""
        return mean_features(self.weights)

    @property
    def contributions(self) -> FloatArray:
        """(n, units) each word's part of the context vector; their sum is the context vector."""
        weights = self.weights if self.weights.ndim == 2 else self.weights[:, None]
        return weights * self.states

    @property
    def shares(self) -> FloatArray | None:
        """(n,) each word's part of the sum before the sigmoid, without the bias; None where it can't be split."""
        return self.contributions @ self.last_kernel if self.splits else None

    @property
    def logit(self) -> float:
        """The sum before the sigmoid."""
        return float(self.last_input @ self.last_kernel) + self.last_bias

    @property
    def effective_words(self) -> float:
        """exp of the weights' entropy: over how many words, if all of them were equal, the weights would spread."""
        weights = self.attention[self.attention > 0].astype(np.float64)
        return math.exp(-float(weights @ np.log(weights)))


def mean_features(values: FloatArray) -> FloatArray:
    """(n,): values (n,) as they are, (n, features) averaged over the features."""
    return values if values.ndim == 1 else values.mean(axis=1)


class _Look(NamedTuple):
    """What an attention layer computes before its softmax, for one text; the names are those of Walk."""

    keys: Tensor
    query: Tensor
    bias: Tensor | None
    scores: Tensor


WalkFunction = Callable[[str, Ids, float], Walk]
"""A text, the ids of all its words, and a temperature."""


def build_walk(model: keras.Model, spec: ModelSpec, name: str) -> WalkFunction:
    """The walk through a trained network, compiled once.

    Args:
        model: a network of the table with attention.
        spec: its row of the table.
        name: what its walks call it.

    Raises:
        SettingError: a network without attention; by the walk, a temperature out of range.
    """
    if spec.attention_layer is None:
        raise SettingError(f"{name} has no attention to walk through.")
    run, layer = _compile(model, spec.attention_layer), model.get_layer(spec.attention_layer)
    last = model.get_layer(LAST)
    constants = {
        "scale": layer.key_kernel.shape[-1] ** 0.5 if isinstance(layer, DotProductAttention) else 1.0,
        "last_kernel": last.kernel.numpy()[:, 0],
        "last_bias": float(last.bias.numpy()[0]),
        "splits": all(other.name != JOINED for other in model.layers),
        "rows": int(find_embedding(model).input_dim),
    }

    def walk(text: str, words: Ids, temperature: float) -> Walk:
        temperature = _check(temperature)
        ids = words[-spec.steps :]
        found = {key: tensor.numpy() for key, tensor in run(pad([ids], max(1, len(ids))), temperature).items()}
        return Walk(
            text=text,
            model=name,
            tokens=Tokens(text, ids),
            truncated=len(words) - len(ids),
            temperature=temperature,
            **constants,
            **_take_words(found, len(ids)),
        )

    return walk


def _compile(model: keras.Model, attention_layer: str) -> Callable[[Ids, float], dict[str, Tensor]]:
    """Word ids (1, steps) and a temperature to the arrays of a Walk; a text without words is a single padding."""
    inside = keras.Model(model.input, [find_embedding(model).output, model.get_layer(STATES).output])
    decide = build_decision(model, attention_layer, LAST)
    layer = model.get_layer(attention_layer)
    look = _LOOKS[type(layer)]

    @tf.function(input_signature=[tf.TensorSpec((1, None), tf.int32), tf.TensorSpec((), tf.float32)])
    def run(ids: Tensor, temperature: Tensor) -> dict[str, Tensor]:
        # identity drops the mask that Keras hangs on a tensor: the decision gets its mask as an input.
        vectors, states = (tf.identity(values) for values in inside(ids, training=False))
        mask, seen = tf.not_equal(ids, 0), look(layer, states)
        weights = masked_softmax(seen.scores / temperature, mask)
        usual_weights = masked_softmax(seen.scores, mask)
        answer, last_input = decide([states, mask, weights], training=False)
        usual_answer, _ = decide([states, mask, usual_weights], training=False)
        return {
            "vectors": vectors[0],
            "states": states[0],
            "keys": seen.keys,
            "query": seen.query,
            **({} if seen.bias is None else {"bias": seen.bias}),
            "scores": seen.scores[0],
            "weights": weights[0],
            "usual_weights": usual_weights[0],
            "context": weighted_sum(weights, states)[0],
            "last_input": last_input[0],
            "probability": answer[0, 0],
            "usual_probability": usual_answer[0, 0],
        }

    return run


def _check(temperature: float) -> float:
    """The temperature as a float.

    Raises:
        SettingError: it is no number from MIN_TEMPERATURE to MAX_TEMPERATURE.
    """
    try:
        value = float(temperature)
    except (TypeError, ValueError):
        value = math.nan
    if not MIN_TEMPERATURE <= value <= MAX_TEMPERATURE:
        raise SettingError(
            f"A temperature must be a number from {MIN_TEMPERATURE:g} to {MAX_TEMPERATURE:g}, got {temperature!r}."
        )
    return value


def _take_words(found: Mapping[str, Any], count: int) -> dict[str, Any]:
    """What was found for the `count` words of a text; of a text without words only the shapes mean anything."""
    taken = {"bias": None, **found}
    for name in ("vectors", "states", "keys", "scores", "weights", "usual_weights"):
        taken[name] = found[name][:count]
    if "bias" in found and found["scores"].ndim == 1:  # a bias for each place, not for each feature
        taken["bias"] = found["bias"][:count]
    for name in ("probability", "usual_probability"):
        taken[name] = float(found[name]) if count else None
    return taken


def _look_dot(layer: DotProductAttention, states: Tensor) -> _Look:
    query = states[:, -1]
    scores = dot_product_scores(states, query, layer.query_kernel, layer.key_kernel)
    keys = tf.matmul(states[0], layer.key_kernel)
    return _Look(keys, tf.matmul(query, layer.query_kernel)[0], None, scores)


def _look_luong(layer: LuongAttention, states: Tensor) -> _Look:
    query = states[:, -1]
    scores = luong_scores(states, query, layer.kernel)
    return _Look(states[0], tf.linalg.matvec(layer.kernel, query[0]), None, scores)


def _look_additive(layer: AdditiveAttention, states: Tensor) -> _Look:
    scores = additive_scores(states, layer.kernel, layer.bias)
    return _Look(states[0], layer.kernel[:, 0], layer.bias[: tf.shape(states)[1], 0], scores)


def _look_featurewise(layer: FeaturewiseAttention, states: Tensor) -> _Look:
    scores = featurewise_scores(states, layer.kernel, layer.bias)
    return _Look(states[0], tf.identity(layer.kernel), tf.identity(layer.bias), scores)


_LOOKS: Mapping[type, Callable[[Any, Tensor], _Look]] = {
    DotProductAttention: _look_dot,
    LuongAttention: _look_luong,
    AdditiveAttention: _look_additive,
    FeaturewiseAttention: _look_featurewise,
}
"""What each kind of attention layer computes before its softmax. A text alone has no padding: its last state is the
last one."""
