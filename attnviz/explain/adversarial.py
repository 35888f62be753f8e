"""Adversarial attention: weights that differ as much as possible from a network's own and leave its answer as it is.

Jain & Wallace 2019, 'Attention is not Explanation', arXiv:1902.10186, search for such weights by gradient ascent from
random starts. Here the search is direct. Where attention enters a network through a weighted sum alone, the logit of
the answer is linear in the weights, so the weights that keep the answer form a polytope; the Jensen-Shannon divergence
from given weights is convex, so it is largest at a corner, and a corner of the simplex cut by two planes has weight on
at most two words. Every such map is looked at, which makes the result the best one there is. Where more than the sum is
at work (in `luong` a tanh layer follows), the logit is taken as linear along each pair to choose the most promising
ones, and the shares of those are found with the network itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attnviz.errors import SettingError
from attnviz.explain.attention_maps import Intervention
from attnviz.explain.attribution import find_answers
from attnviz.explain.classifier import TextClassifier
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import Prediction

TRIED = 32
"""How many of the most promising pairs are tried with the network."""

HALVINGS = 24
"""After these the share of a word is as exact as a 32-bit float."""

MARGIN = 0.005
"""The part of the allowed change that is left unused, so that rounding does not cross the line."""

Places = npt.NDArray[np.int64]

SHUFFLES = 99
"""How many times the own weights are dealt out at random, to compare."""

Decide = Callable[[FloatArray], FloatArray]
"""Mixes (batch, words + 1) to the target's probabilities (batch,). A mix holds the weight of each word and, last, the
share of the network's own weights; each row sums to 1."""


class _Pairs(NamedTuple):
    """Some mixes of two ends: `first` and `second` (n,) are words, or the number of words for the own weights.

    `targets` (n,) are the probabilities that the mixes shall have; `divergences` (n,) are what they promise.
    """

    first: Places
    second: Places
    targets: FloatArray
    divergences: FloatArray


def find_adversarial_attention(
    classifier: TextClassifier, explained: Explanation, largest_change: float
) -> AdversarialAttention:
    """Attention weights as different as possible from the own ones with the same answer.

    The answer is the same where the label stays and the target's probability moves by `largest_change` at most; it is
    that of the whole network, run again with the weights in place of its own. Shuffled weights, which depend on the
    text alone, are there to compare.

    Args:
        explained: by attention.

    Raises:
        SettingError: a change that is not between 0 and 1.
    """
    if not 0 < largest_change < 1:
        raise SettingError(f"largest_change must be between 0 and 1, got {largest_change}.")
    ids = classifier.encode(explained.text).inputs
    if len(ids) < 2:
        return AdversarialAttention(explained, None, largest_change)
    network = Intervention(classifier, ids)
    weights = put_mix(find_mix(network, explained, largest_change)[None], network.own)[0]
    shuffled = shuffle_weights(network.own, SHUFFLES, seed=zlib.crc32(ids.tobytes()))
    found = np.concatenate([network.decide(part) for part in _split(shuffled, network.rows)])
    changes = np.abs(found[:, explained.target] - (explained.probability or 0.0))
    prediction = Prediction(explained.prediction.labels, tuple(network.run_whole(weights).tolist()))
    own, other = mean_weights(network.own), mean_weights(weights)
    return AdversarialAttention(
        explained,
        replace(explained, scores=other, prediction=prediction),
        largest_change,
        float(compute_divergence(own, other)),
        tuple(changes.tolist()),
    )


def find_mix(network: Intervention, explained: Explanation, largest_change: float) -> FloatArray:
    """(words + 1,) the best mix for an explained text; see `find_other_mix`."""

    def decide(mixes: FloatArray) -> FloatArray:
        parts = _split(mixes, network.rows)
        return np.concatenate([network.decide(put_mix(part, network.own)) for part in parts])

    mixes = find_mixes(network.own, lambda mixes: decide(mixes)[:, explained.target], largest_change)
    found = decide(mixes)
    kept = np.abs(found[:, explained.target] - found[-1, explained.target]) <= largest_change
    kept &= find_answers(found) == find_answers(found[-1])
    kept[-1] = True  # the own weights
    divergences = compute_divergence(mean_weights(network.own), mean_weights(put_mix(mixes, network.own)))
    return mixes[np.argmax(np.where(kept, divergences, -1.0))]


def _split(rows: FloatArray, most: int) -> list[FloatArray]:
    """Rows in parts of at most so many: matrices of many words need much memory."""
    return np.array_split(rows, -(-len(rows) // most))


def compute_divergence(one: FloatArray, two: FloatArray) -> FloatArray:
    """The Jensen-Shannon divergence (...,) of weights (..., words), with the natural logarithm.

    0 for the same weights, ln 2 = 0.693 for weights that share no word. Source: Lin 1991, 'Divergence measures based on
    the Shannon entropy'.
    """
    return (_half(one, two) + _half(two, one)).sum(axis=-1)


def find_mixes(own: FloatArray, decide: Decide, largest_change: float) -> FloatArray:
    """(n, words + 1) the mixes that promise to differ most while the probability moves by `largest_change`.

    The last of them is (0, ..., 0, 1), the own weights themselves. Of several maps or queries the means are compared;
    the weights put on a word are the same for all.

    Args:
        own: (maps, queries, words) weights that sum to 1 over at least two words.
        decide: the network.
        largest_change: of the probability, above 0.
    """
    mean = mean_weights(own)
    ends = np.eye(len(mean) + 1)
    probabilities = decide(ends).astype(np.float64)
    answer, allowed = probabilities[-1], largest_change * (1 - MARGIN)
    logits = _logit(probabilities)
    parts = [_keep_words(mean, probabilities, allowed)]
    parts += [_rank_pairs(mean, logits, target) for target in (answer - allowed, answer + allowed) if 0 < target < 1]
    pairs = _keep_best(_Pairs(*map(np.concatenate, zip(*parts, strict=True))))
    return np.vstack([_find_shares(pairs, ends, decide), ends[-1:]])


def put_mix(mixes: FloatArray, own: FloatArray) -> FloatArray:
    """(batch, maps, queries, words) the weights of mixes (batch, words + 1); own: (maps, queries, words)."""
    words, rest = mixes[:, None, None, :-1], mixes[:, None, None, -1:]
    return words + rest * own


def mean_weights(weights: FloatArray) -> FloatArray:
    """(..., words): the mean of weights (..., maps, queries, words), in 64 bits; they sum to 1."""
    mean = np.asarray(weights, dtype=np.float64).mean(axis=(-3, -2))
    return mean / mean.sum(axis=-1, keepdims=True)


def shuffle_weights(weights: FloatArray, times: int, seed: int) -> FloatArray:
    """(times, maps, queries, words): the weights (maps, queries, words) dealt out to the words at random."""
    random = np.random.default_rng(seed)
    return np.stack([weights[..., random.permutation(weights.shape[-1])] for _ in range(times)])


def _half(one: FloatArray, two: FloatArray) -> FloatArray:
    """What each word adds to the divergence on one side; 0 ln 0 is 0."""
    safe = np.where(one > 0, one, 1.0)
    return np.where(one > 0, 0.5 * safe * np.log(2 * safe / (safe + two)), 0.0)


def _logit(probabilities: FloatArray) -> FloatArray:
    inside = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return np.log(inside / (1 - inside))


def _keep_words(own: FloatArray, probabilities: FloatArray, allowed: float) -> _Pairs:
    """The words that give the answer alone, as pairs with themselves."""
    words = np.flatnonzero(np.abs(probabilities[:-1] - probabilities[-1]) <= allowed)
    return _Pairs(words, words, probabilities[words], compute_divergence(own, np.eye(len(own))[words]))


def _rank_pairs(own: FloatArray, logits: FloatArray, target: float) -> _Pairs:
    """The most promising mixes of two ends on either side of a target, if the logit is linear between them."""
    aim = float(_logit(np.array(target)))
    low, high = np.flatnonzero(logits < aim), np.flatnonzero(logits >= aim)
    first, second = (places.ravel() for places in np.meshgrid(low, high, indexing="ij"))
    share = (aim - logits[first]) / (logits[second] - logits[first])
    two_words = np.maximum(first, second) < len(own)
    divergences = np.empty(len(first))
    divergences[two_words] = _divergence_of_two(own, first[two_words], second[two_words], share[two_words])
    with_own = ~two_words
    if with_own.any():
        ends = np.vstack([np.eye(len(own)), own])
        rest = share[with_own, None]
        mixed = (1 - rest) * ends[first[with_own]] + rest * ends[second[with_own]]
        divergences[with_own] = compute_divergence(own, mixed)
    return _keep_best(_Pairs(first, second, np.full(len(first), target), divergences))


def _divergence_of_two(own: FloatArray, first: Places, second: Places, share: FloatArray) -> FloatArray:
    """`compute_divergence` of weights on two words each, without writing down the zeros of all the others."""
    found = 0.5 * np.log(2) * (1 - own[first] - own[second])
    for place, weight in ((first, 1 - share), (second, share)):
        found += _half(own[place], weight) + _half(weight, own[place])
    return found


def _keep_best(pairs: _Pairs) -> _Pairs:
    best = np.argsort(-pairs.divergences, kind="stable")[:TRIED]
    first, second, targets, divergences = pairs
    return _Pairs(first[best], second[best], targets[best], divergences[best])


def _find_shares(pairs: _Pairs, ends: FloatArray, decide: Decide) -> FloatArray:
    """(n, words + 1) the mixes that have the targets, by halving the interval of their shares."""
    low, high = np.zeros(len(pairs.first)), np.ones(len(pairs.first))
    first, second = ends[pairs.first], ends[pairs.second]
    if (pairs.first == pairs.second).all():  # single words, which have no share to find
        return first
    for _ in range(HALVINGS):
        share = (low + high) / 2
        below = decide(_mix(first, second, share)) < pairs.targets
        low, high = np.where(below, share, low), np.where(below, high, share)
    return _mix(first, second, (low + high) / 2)


def _mix(first: FloatArray, second: FloatArray, share: FloatArray) -> FloatArray:
    return (1 - share[:, None]) * first + share[:, None] * second
