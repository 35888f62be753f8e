"""Every number on the way of one text through a network with attention, and what a softmax temperature changes.

The scores before the softmax are computed again from the attention layer's own weights, with the functions that the
layer itself calls. At temperature 1 the softmax of them is therefore the network's own attention; at any other, the
network really runs on from the changed weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import get_ids
from attnviz.explain.attention_maps import Intervention, get_attending_graph, get_only_source
from attnviz.explain.attention_source import LayerAttention
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.score_parts import find_parts
from attnviz.explain.text_reader import Encoded
from attnviz.graph.recorder import Call
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.prediction import find_predicted
from attnviz.values.tokens import Token

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.01, 100.0
"""Beyond these the softmax is a single 1 or quite even, and its exponents leave 32-bit numbers."""

Tensor = Any


@dataclass(frozen=True, slots=True)
class ForwardTrace:
    """The activations of one text, from its words to the probabilities. n is the number of words that were read.

    A score is `f(keys @ query / scale + bias)`, with f the tanh where there is a bias and nothing where there is none.

    Attributes:
        text, model: exactly what was given, and the name of the checkpoint.
        tokens: (n) the words that were read; truncated: how many at the start were not.
        labels: of the classifier; target: the one that the last layer is shown for.
        temperature: what the scores were divided by before the softmax.
        vectors: (n, units) a row of the embedding a word.
        states: (n, units) what attention looks at: the hidden states, or the vectors where there are none.
        keys: (n, d) what of each word is scored: a projection of its state, or the state itself.
        query: (d,) or (d, features) what it is multiplied with: made from the last state, or learned.
        bias: (n,) or (features,) what is added, or None.
        scale: what the product is divided by.
        scores: (n,) or (n, features) before the softmax.
        weights: as the scores, after it, at this temperature; usual_weights: at temperature 1.
        context: (units,) the states' sum with these weights.
        last_input: (k,) what the last layer reads: the context vector, or for `luong` the attention vector.
        last_kernel: (k, outputs) the last layer's weights; last_bias: (outputs,) its bias; one output is a sigmoid's.
        splits: whether the last layer reads the context vector itself, so that its sum can be split among the words.
        probabilities: of the labels at this temperature; usual_probabilities: at 1. None if there is no word.
        rows: number of words in the embedding's table.
    """

    text: str
    model: str
    tokens: Sequence[Token]
    truncated: int
    labels: tuple[str, ...]
    target: int
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
    last_bias: FloatArray
    splits: bool
    probabilities: tuple[float, ...] | None
    usual_probabilities: tuple[float, ...] | None
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
        return np.repeat(weights, self.states.shape[1] // weights.shape[1], axis=1) * self.states

    @property
    def kernel(self) -> FloatArray:
        """(k,) the last layer's weights for the target; with a single output those of the second label, or reversed."""
        return self.last_kernel[:, self.target] if self.last_kernel.shape[1] > 1 else self.sign * self.last_kernel[:, 0]

    @property
    def kernel_bias(self) -> float:
        """The last layer's bias for the target."""
        return float(self.last_bias[self.target] if len(self.last_bias) > 1 else self.sign * self.last_bias[0])

    @property
    def sign(self) -> int:
        """A sigmoid speaks for the second label: for the first one its sum counts with the other sign."""
        return 1 if self.target == 1 else -1

    @property
    def shares(self) -> FloatArray | None:
        """(n,) each word's part of the target's sum before the last activation, without the bias; None if not split."""
        return self.contributions @ self.kernel if self.splits else None

    @property
    def logits(self) -> FloatArray:
        """(outputs,) the sums before the last activation; of a sigmoid the target's."""
        if len(self.last_bias) == 1:
            return np.array([self.logit])
        return self.last_input @ self.last_kernel + self.last_bias

    @property
    def logit(self) -> float:
        """The target's sum before the last activation."""
        return float(self.last_input @ self.kernel) + self.kernel_bias

    @property
    def probability(self) -> float | None:
        """The target's at this temperature; None if there is no word."""
        return None if self.probabilities is None else self.probabilities[self.target]

    @property
    def usual_probability(self) -> float | None:
        """The target's at temperature 1; None if there is no word."""
        return None if self.usual_probabilities is None else self.usual_probabilities[self.target]

    @property
    def effective_words(self) -> float:
        """exp of the weights' entropy: over how many words, if all of them were equal, the weights would spread."""
        weights = self.attention[self.attention > 0].astype(np.float64)
        return math.exp(-float(weights @ np.log(weights)))


def mean_features(values: FloatArray) -> FloatArray:
    """(n,): values (n,) as they are, (n, features) averaged over the features."""
    return values if values.ndim == 1 else values.mean(axis=1)


class Tracer:
    """Traces texts through one classifier.

    Args:
        classifier: one whose attention layer is among the kinds of `score_parts`.

    Raises:
        SettingError: another one.
    """

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier
        self._graph = graph = get_attending_graph(classifier)
        self._parts = find_parts(graph, _find_attending(classifier.name, graph))
        self._context, self._last = _find_ways(graph)
        self._rows = next(int(call.layer.input_dim) for call in graph.traced.calls if call.outputs is graph.vectors)

    def trace(self, text: str, temperature: float, target: int | None) -> ForwardTrace:
        """Every activation of a text.

        Args:
            temperature: what the scores are divided by before the softmax.
            target: a label; None for the predicted one.

        Raises:
            SettingError: a temperature out of range; or as `encode`.
        """
        temperature = check_temperature(temperature)
        encoded = self._classifier.encode(text)
        found = self._run(encoded, temperature)
        if target is None:
            target = find_predicted(found["usual_probabilities"]) if found["usual_probabilities"] else 0
        return ForwardTrace(
            text=text,
            model=self._classifier.name,
            tokens=encoded.tokens,
            truncated=encoded.truncated,
            labels=self._classifier.labels,
            target=target,
            temperature=temperature,
            scale=self._parts.scale,
            splits=_is_passed_on(self._context.outputs, self._last.inputs),
            last_kernel=self._last.layer.kernel.numpy(),
            last_bias=self._last.layer.bias.numpy(),
            rows=self._rows,
            **found,
        )

    def _run(self, encoded: Encoded, temperature: float) -> dict[str, Any]:
        """The arrays of a ForwardTrace; of a text without words, read as a single padding, only the shapes count."""
        words = len(encoded.inputs)
        ids = get_ids(encoded.inputs) if words else np.zeros(1, np.int32)
        seen = self._read(ids)
        weights, usual = (_softmax(seen["scores"], divisor) for divisor in (temperature, 1.0))
        network = Intervention(self._classifier, ids)
        wanted = [self._context.outputs, self._last.inputs, self._graph.probabilities]
        context, last_input, probabilities = network.read(_as_map(weights), wanted)
        usual_probabilities = network.read(_as_map(usual), wanted)[2]
        return {
            **_take_words({**seen, "weights": weights, "usual_weights": usual}, words),
            "context": context,
            "last_input": last_input,
            "probabilities": tuple(probabilities.tolist()) if words else None,
            "usual_probabilities": tuple(usual_probabilities.tolist()) if words else None,
        }

    def _read(self, ids: Ids) -> dict[str, Any]:
        """The values of the parts by name, without the axis of the batch; the bias may be None."""
        wanted = self._parts.wanted(self._graph.vectors)
        tensors = {name: tensor for name, tensor in wanted.items() if tensor is not None}
        read = self._graph.traced.function([self._graph.ids], list(tensors.values()))
        values = (value.numpy() for value in read(tf.constant(ids[None])))
        found = dict(zip(tensors, values, strict=True))
        return {"bias": None, **{name: found[name][0] if name in _BATCHED else found[name] for name in found}}


_BATCHED = ("vectors", "states", "keys", "scores")
_BY_WORD = (*_BATCHED, "weights", "usual_weights")


def _take_words(found: dict[str, Any], words: int) -> dict[str, Any]:
    """What was found for the words of a text."""
    taken = {name: value[:words] if name in _BY_WORD else value for name, value in found.items()}
    if taken["bias"] is not None and taken["scores"].ndim == 1:  # a bias for each place, not for each feature
        taken["bias"] = taken["bias"][:words]
    return taken


def check_temperature(temperature: float) -> float:
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


def _softmax(scores: Any, temperature: float) -> FloatArray:
    """Over the words, (n,) or (n, features), in 64 bits."""
    scores = np.asarray(scores, np.float64) / temperature
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)


def _as_map(weights: FloatArray) -> FloatArray:
    """(maps, 1, n) from (n,) or (n, features)."""
    return np.atleast_2d(weights.T)[:, None, :]


def _find_attending(name: str, graph: ClassifierGraph) -> Call:
    source = get_only_source(name, graph)
    if not (graph.plain and isinstance(source, LayerAttention)):
        raise SettingError(f"{name} is not built as the networks of the table, so it can't be followed step by step.")
    return next(call for call in reversed(graph.traced.calls) if call.path == source.layer)


def _find_ways(graph: ClassifierGraph) -> tuple[Call, Call]:
    """The call that sums the states up, and the last layer's.

    Raises:
        SettingError: the network ends in something else than a dense layer on what was attended to.
    """
    sums = [call for call in graph.traced.calls if call.path == "context_vector"]
    last = [call for call in graph.traced.calls if call.path and isinstance(call.layer, keras.layers.Dense)]
    if not sums or not last:
        raise SettingError("This network does not go from attention over a weighted sum to a dense layer.")
    return sums[-1], last[-1]


def _is_passed_on(outputs: Tensor, inputs: Tensor) -> bool:
    """Whether a layer reads what another gives, as it is; a dropout between them does nothing outside of training."""
    return inputs is outputs or any(tensor is outputs for tensor in inputs.op.inputs)
