"""What a page shows of a forward trace: every word's scores and weights, and one word in detail."""

from __future__ import annotations

from typing import Any

import numpy as np

from attnviz.errors import SettingError
from attnviz.explain.forward_trace import ForwardTrace, mean_features
from attnviz.languages import tr
from attnviz.values.arrays import FloatArray
from attnviz.values.trace import FollowedWord, LastLayer, TracedWord, WordScore

ENDS = 3
"""How many words at each end of a text are shown, and one on each side of the followed word."""


def follow_word(trace: ForwardTrace, start: int | None = None, feature: int | None = None) -> FollowedWord | None:
    """A forward trace with one word followed in detail; None for a text without words.

    Args:
        start: where in the text the followed word starts; None, or a place where no word starts, for the word with
            the largest weight at temperature 1.
        feature: which of a feature-wise attention's softmaxes to show, from 0; None for the mean of all.

    Raises:
        SettingError: a feature that the network does not have.
    """
    _check_feature(trace, feature)
    if trace.probability is None or trace.usual_probability is None:
        return None
    word = _find(trace, start)
    rows = select_rows(len(trace.tokens), word)
    return FollowedWord(
        text=trace.text,
        model=trace.model,
        tokens=tuple(TracedWord(token.text, token.start, token.end, token.known) for token in trace.tokens),
        truncated=trace.truncated,
        labels=trace.labels,
        target=trace.target,
        table=trace.rows,
        temperature=trace.temperature,
        word=word,
        id=trace.tokens[word].id,
        rows=tuple(rows),
        vectors=_plain(trace.vectors[rows]),
        states=_plain(trace.states[rows]),
        scores=_plain(trace.scores.reshape(len(trace.tokens), -1)),
        weights=_plain(trace.attention if feature is None else trace.weights[:, feature]),
        score=_describe_score(trace, word, feature),
        contributions=_plain(trace.contributions[rows]),
        context=_plain(trace.context),
        part=_measure_part(trace, word),
        last=_describe_last_layer(trace),
        probability=trace.probability,
        usual_probability=trace.usual_probability,
    )


def select_rows(count: int, word: int) -> list[int]:
    """The places, in order, of the words that are shown of `count`: both ends, and the followed one's neighbourhood."""
    near = range(word - 1, word + 2)
    ends = (*range(ENDS), *range(count - ENDS, count))
    return sorted({place for place in (*near, *ends) if 0 <= place < count})


def _check_feature(trace: ForwardTrace, feature: int | None) -> None:
    features = trace.scores.shape[1] if trace.scores.ndim == 2 else 0
    if feature is not None and not 0 <= feature < features:
        raise SettingError(
            tr(
                "{model} has {n} features with weights of their own; {feature} is none.",
                model=trace.model,
                n=features,
                feature=repr(feature),
            )
        )


def _find(trace: ForwardTrace, start: int | None) -> int:
    starts = [token.start for token in trace.tokens]
    return starts.index(start) if start in starts else int(mean_features(trace.usual_weights).argmax())


def _describe_score(trace: ForwardTrace, word: int, feature: int | None) -> WordScore:
    """The product behind one score of a word; with features, the one in which it has its largest weight by default."""
    example = None
    if trace.scores.ndim == 2:
        example = int(trace.usual_weights[word].argmax()) if feature is None else feature
    query = trace.query if example is None else trace.query[:, example]
    return WordScore(
        feature=feature,
        example=example,
        key=_plain(trace.keys[word]),
        query=_plain(query),
        product=float(trace.keys[word] @ query),
        scale=trace.scale,
        bias=None if trace.bias is None else float(trace.bias[word if example is None else example]),
        score=float(trace.scores[word] if example is None else trace.scores[word, example]),
    )


def _describe_last_layer(trace: ForwardTrace) -> LastLayer:
    return LastLayer(
        inputs=_plain(trace.last_input),
        kernel=_plain(trace.kernel),
        bias=trace.kernel_bias,
        shares=None if trace.shares is None else _plain(trace.shares),
        logits=_plain(trace.logits),
        logit=trace.logit,
    )


def _measure_part(trace: ForwardTrace, word: int) -> float:
    """What a word puts into the context vector, measured along it; the parts of all words sum to 1."""
    context = trace.context
    length = float(context @ context)
    return float(trace.contributions[word] @ context) / length if length > 0 else 0.0


def _plain(values: FloatArray) -> tuple[Any, ...]:
    """An array as tuples, with as many digits as a picture needs."""
    rounded = np.asarray(values, np.float64).round(6).tolist()
    return tuple(tuple(row) if isinstance(row, list) else row for row in rounded)
