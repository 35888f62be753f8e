"""How long methods that have a text read many times will take."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from time import perf_counter

import numpy as np

from attnviz.explain.classifier import TextClassifier
from attnviz.explain.word_subsets import WordSubsets
from attnviz.values.cost import Cost
from attnviz.values.methods import METHODS

_SAMPLE = 64
"""How many texts are read to see how long one takes."""


def estimate_cost(classifiers: Sequence[TextClassifier], methods: Sequence[str], text: str) -> Cost:
    """What it takes to explain a text with some classifiers by some methods.

    Args:
        methods: names; a classifier that does not support one costs nothing for it.

    Raises:
        SettingError: as `encode`.
    """
    parts = [_estimate(one, [name for name in methods if one.supports(name)], text) for one in classifiers]
    unloaded = {METHODS[name].needs for name in methods} - {"", *sys.modules}
    return Cost(sum(part.readings for part in parts), sum(part.seconds for part in parts), tuple(sorted(unloaded)))


def _estimate(classifier: TextClassifier, methods: Sequence[str], text: str) -> Cost:
    row = classifier.encode(text).inputs
    if not methods or not len(row):
        return Cost(0, 0.0)
    readings = sum(METHODS[name].count_readings(len(row)) for name in methods)
    return Cost(readings, readings * _time_reading(WordSubsets(row, classifier.predict, None)))


def _time_reading(words: WordSubsets) -> float:
    """Seconds that a text with half of the words takes, among others; the first time, what is needed is built."""
    kept = np.random.default_rng(0).random((_SAMPLE, len(words))) < 0.5
    words.read(kept)
    start = perf_counter()
    words.read(kept)
    return (perf_counter() - start) / _SAMPLE
