"""One word followed through self-attention: it asks, and every word is looked at, in each head by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.explain.arranging import get_ids
from attnviz.explain.attention_maps import Intervention, get_attending_graph
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.followed_word import follow_word
from attnviz.explain.forward_trace import ForwardTrace, check_temperature
from attnviz.graph.recorder import Call
from attnviz.languages import tr
from attnviz.models.self_attention import MultiHeadSum, MultiHeadWeights
from attnviz.values.arrays import FloatArray
from attnviz.values.prediction import find_predicted
from attnviz.values.trace import FollowedWord, WordScore

Tensor = Any


class _Calls(NamedTuple):
    """The layers on the way: what makes the weights, what sums up with them, and the last one."""

    weights: Call
    sums: Call
    last: Call


class _Read(NamedTuple):
    """What each of n words has: `vectors` (n, units) with their places in them, and by head `queries`, `keys` and
    `values` (n, heads, size)."""

    vectors: FloatArray
    queries: FloatArray
    keys: FloatArray
    values: FloatArray

    @property
    def scores(self) -> FloatArray:
        """(heads, n, n) how well each key, the last axis, fits each query."""
        products = np.einsum("qhd,khd->hqk", self.queries.astype(np.float64), self.keys)
        return products / self.queries.shape[-1] ** 0.5


def asks_in_heads(classifier: TextClassifier) -> bool:
    """Whether a classifier has the self-attention of attnviz, in which each word asks."""
    graph = classifier.graph
    return graph is not None and graph.plain and any(isinstance(call.layer, MultiHeadWeights) for call in _list(graph))


def follow_query(
    classifier: TextClassifier,
    text: str,
    temperature: float,
    target: int | None = None,
    start: int | None = None,
    head: int | None = None,
) -> FollowedWord | None:
    """A word and what it looks at in every head; None for a text without words.

    Args:
        classifier: one for which `asks_in_heads` is true.
        temperature: what the scores of all heads are divided by before the softmax.
        target: a label; None for the predicted one.
        start: where in the text the word starts; None, or a place where no word starts, for the word that is looked at
            most.
        head: which head's weights to show, from 0; None for the mean of all.

    Raises:
        SettingError: a temperature out of range, a head that the network does not have, or as `encode`.
    """
    temperature, encoded = check_temperature(temperature), classifier.encode(text)
    if not len(encoded.inputs):
        return None
    graph = get_attending_graph(classifier)
    calls = _find_calls(graph)
    _check_head(classifier.name, head, calls.weights.layer.heads)
    read = _read(graph, calls, get_ids(encoded.inputs))
    weights, usual = (_softmax(read.scores, divisor) for divisor in (temperature, 1.0))
    starts = [token.start for token in encoded.tokens]
    word = starts.index(start) if start in starts else int(usual.mean(axis=(0, 1)).argmax())
    looked = _choose(usual[:, word], head)
    trace = ForwardTrace(
        text=text,
        model=classifier.name,
        tokens=encoded.tokens,
        truncated=encoded.truncated,
        labels=classifier.labels,
        temperature=temperature,
        vectors=read.vectors,
        states=read.values.reshape(len(starts), -1),
        keys=read.keys[:, looked.head],
        query=read.queries[word].T,
        bias=None,
        scale=read.queries.shape[-1] ** 0.5,
        scores=read.scores[:, word].T,
        weights=weights[:, word].T,
        usual_weights=usual[:, word].T,
        context=_sum_up(weights[:, word], read.values),
        splits=False,
        rows=next(int(call.layer.input_dim) for call in graph.traced.calls if call.outputs is graph.vectors),
        **_answer(Intervention(classifier, encoded.inputs), graph, calls.last, (weights, usual), target),
    )
    return _show(trace, starts[word], head, looked, weights)


def _answer(
    network: Intervention, graph: ClassifierGraph, last: Call, maps: tuple[FloatArray, FloatArray], target: int | None
) -> dict[str, Any]:
    """The last layer and the probabilities, as a ForwardTrace has them: the network runs on with these maps."""
    last_input, probabilities = network.read(maps[0], [last.inputs, graph.probabilities])
    (usual,) = (tuple(one.tolist()) for one in network.read(maps[1], [graph.probabilities]))
    return {
        "target": find_predicted(usual) if target is None else target,
        "last_input": last_input,
        "last_kernel": last.layer.kernel.numpy(),
        "last_bias": last.layer.bias.numpy(),
        "probabilities": tuple(probabilities.tolist()),
        "usual_probabilities": usual,
    }


class _Looked(NamedTuple):
    """The pair that is worked out: a head, and the place of the word that is looked at most in it."""

    head: int
    place: int


def _choose(usual: FloatArray, head: int | None) -> _Looked:
    """Of the weights (heads, n) of a word the largest, in this head or in any."""
    chosen = int(usual.max(axis=1).argmax()) if head is None else head
    return _Looked(chosen, int(usual[chosen].argmax()))


def _show(
    trace: ForwardTrace, start: int, head: int | None, looked: _Looked, weights: FloatArray
) -> FollowedWord | None:
    """The trace with what is particular to self-attention: the pair that is worked out, and the maps."""
    shown = follow_word(trace, start, head)
    if shown is None:
        return None
    rows = _select_rows(len(trace.tokens), shown.word, looked.place)
    parts = trace.contributions @ trace.context
    return replace(
        shown,
        rows=tuple(rows),
        vectors=_plain(trace.vectors[rows]),
        states=_plain(trace.states[rows]),
        contributions=_plain(trace.contributions[rows]),
        score=_describe_pair(trace, head, looked),
        part=float(parts[looked.place] / parts.sum()),
        maps=tuple(_plain(one[rows]) for one in weights),
    )


def _describe_pair(trace: ForwardTrace, head: int | None, looked: _Looked) -> WordScore:
    key, query = trace.keys[looked.place], trace.query[:, looked.head]
    product = float(key @ query)
    score = float(trace.scores[looked.place, looked.head])
    return WordScore(head, looked.head, _plain(key), _plain(query), product, trace.scale, None, score, looked.place)


def _select_rows(count: int, word: int, place: int) -> list[int]:
    """The places, in order, of the words that are shown: both ends, the one that asks, around the one it looks at."""
    wanted = {0, 1, count - 2, count - 1, word, place - 1, place, place + 1}
    return sorted(at for at in wanted if 0 <= at < count)


def _list(graph: ClassifierGraph) -> list[Call]:
    return [call for call in graph.traced.calls if call.path]


def _find_calls(graph: ClassifierGraph) -> _Calls:
    calls = _list(graph)
    found = [
        next((call for call in reversed(calls) if isinstance(call.layer, kind)), None)
        for kind in (MultiHeadWeights, MultiHeadSum, keras.layers.Dense)
    ]
    if None in found:
        raise SettingError(tr("This network does not go from heads over a sum to a dense layer."))
    return _Calls(*found)  # type: ignore[arg-type]


def _check_head(name: str, head: int | None, heads: int) -> None:
    if head is not None and not 0 <= head < heads:
        raise SettingError(tr("{model} has {n} heads; {head} is none.", model=name, n=heads, head=repr(head)))


def _read(graph: ClassifierGraph, calls: _Calls, ids: Any) -> _Read:
    queries, keys = calls.weights.inputs
    asking = next(call for call in _list(graph) if call.outputs is queries)
    wanted = [asking.inputs, queries, keys, calls.sums.inputs[1]]
    vectors, *others = (
        value.numpy()[0] for value in graph.traced.function([graph.ids], wanted)(tf.constant(ids[None]))
    )
    heads = calls.weights.layer.heads
    return _Read(vectors, *(one.reshape(len(one), heads, -1) for one in others))


def _softmax(scores: FloatArray, temperature: float) -> FloatArray:
    """Over the last axis, in 64 bits."""
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def _sum_up(weights: FloatArray, values: FloatArray) -> FloatArray:
    """(units,) what a word gets: by head the values (n, heads, size) with its weights (heads, n)."""
    return np.einsum("hk,khd->hd", weights, values).reshape(-1)


def _plain(values: FloatArray) -> tuple[Any, ...]:
    rounded = np.asarray(values, np.float64).round(6).tolist()
    return tuple(tuple(row) if isinstance(row, list) else row for row in rounded)
