"""What a page shows of a walk: every word's scores and weights, and the vectors of one word and a few others."""

from __future__ import annotations

from typing import Any

import numpy as np

from attnviz.errors import SettingError
from attnviz.explain.forward_trace import Walk, mean_features
from attnviz.values.arrays import FloatArray

ENDS = 4
"""How many words at each end of a text are shown, and one on each side of the followed word."""


def follow_word(walk: Walk, start: int | None = None, feature: int | None = None) -> dict[str, Any]:
    """A walk as plain data, with one word followed in detail.

    Args:
        start: where in the text the followed word starts; None, or a place where no word starts, for the word with
            the largest weight at temperature 1.
        feature: which of a feature-wise attention's softmaxes to show, from 0; None for the mean of all.

    Returns:
        With n words read: `tokens`, n of [word, start, end, known]; `scores`, n rows of a score for each feature (a
        single one where there are none); `weights` (n) at this temperature, of the feature or the mean of all, and
        `shares` (n) or None; `word`, the place of the followed one, and `rows`, those of the words shown, with their
        `vectors`, `states` and `contributions`; of the followed word its `id`, its `key`, `query`, `bias`, `product`
        and `score`, for the feature `example`, and its `part` of the context vector. The others are those of Walk. A
        text without words has the first three, empty, and nothing else but `truncated`.

    Raises:
        SettingError: a feature that the network does not have.
    """
    features = walk.scores.shape[1] if walk.scores.ndim == 2 else 0
    if feature is not None and not 0 <= feature < features:
        raise SettingError(f"{walk.model} has {features} features with weights of their own; {feature!r} is none.")
    if not walk.tokens:
        return {"tokens": [], "scores": [], "weights": [], "truncated": walk.truncated}
    word = _find(walk, start)
    rows = select_rows(len(walk.tokens), word)
    weights = walk.attention if feature is None else walk.weights[:, feature]
    shares = walk.shares
    return {
        "tokens": [[token.text, token.start, token.end, token.known] for token in walk.tokens],
        "truncated": walk.truncated,
        "table": walk.rows,
        "temperature": walk.temperature,
        "word": word,
        "id": walk.tokens[word].id,
        "rows": rows,
        "vectors": _plain(walk.vectors[rows]),
        "states": _plain(walk.states[rows]),
        "scores": _plain(walk.scores.reshape(len(walk.tokens), -1)),
        "weights": _plain(weights),
        **_describe_score(walk, word, feature),
        "contributions": _plain(walk.contributions[rows]),
        "context": _plain(walk.context),
        "part": _measure_part(walk, word),
        "shares": None if shares is None else _plain(shares),
        "last_input": _plain(walk.last_input),
        "last_kernel": _plain(walk.last_kernel),
        "last_bias": walk.last_bias,
        "logit": walk.logit,
        "probability": walk.probability,
        "usual_probability": walk.usual_probability,
    }


def select_rows(count: int, word: int) -> list[int]:
    """The places, in order, of the words that are shown of `count`: both ends, and the followed one's neighbourhood."""
    near = range(word - 1, word + 2)
    ends = (*range(ENDS), *range(count - ENDS, count))
    return sorted({place for place in (*near, *ends) if 0 <= place < count})


def _find(walk: Walk, start: int | None) -> int:
    starts = [token.start for token in walk.tokens]
    return starts.index(start) if start in starts else int(mean_features(walk.usual_weights).argmax())


def _describe_score(walk: Walk, word: int, feature: int | None) -> dict[str, Any]:
    """The product behind one score of a word; with features, the one in which it has its largest weight by default."""
    example = None
    if walk.scores.ndim == 2:
        example = int(walk.usual_weights[word].argmax()) if feature is None else feature
    query = walk.query if example is None else walk.query[:, example]
    bias = None if walk.bias is None else float(walk.bias[word if example is None else example])
    return {
        "feature": feature,
        "example": example,
        "key": _plain(walk.keys[word]),
        "query": _plain(query),
        "product": float(walk.keys[word] @ query),
        "scale": walk.scale,
        "bias": bias,
        "score": float(walk.scores[word] if example is None else walk.scores[word, example]),
    }


def _measure_part(walk: Walk, word: int) -> float:
    """What a word puts into the context vector, measured along it; the parts of all words sum to 1."""
    context = walk.context
    length = float(context @ context)
    return float(walk.contributions[word] @ context) / length if length > 0 else 0.0


def _plain(values: FloatArray) -> list[Any]:
    """An array as lists, with as many digits as a picture needs."""
    return np.asarray(values, np.float64).round(6).tolist()
