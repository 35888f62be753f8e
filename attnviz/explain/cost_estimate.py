"""How long methods that have a text read many times will take."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from time import perf_counter

import numpy as np

from attnviz.explain.arranging import get_ids
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.word_subsets import WordSubsets
from attnviz.values.cost import Cost
from attnviz.values.methods import METHODS

_SAMPLE = 64
"""How many texts are read to see how long one takes."""


def estimate_cost(classifier: TextClassifier, methods: Sequence[str], text: str) -> Cost:
    """What it takes to explain a text by some methods.

    Args:
        methods: names; one that the classifier does not support costs nothing.

    Raises:
        SettingError: as `encode`.
    """
    row, supported = classifier.encode(text).inputs, [METHODS[name] for name in methods if classifier.supports(name)]
    if not supported or not len(get_ids(row)):
        return Cost(0, 0.0)
    readings = sum(method.count_readings(len(row)) for method in supported)
    unloaded = {method.needs for method in supported} - {"", *sys.modules}
    seconds = readings * _time_reading(WordSubsets(row, classifier.predict, None))
    return Cost(readings, seconds, tuple(sorted(unloaded)))


def _time_reading(words: WordSubsets) -> float:
    """Seconds that a text with half of the words takes, among others; the first time, what is needed is built."""
    kept = np.random.default_rng(0).random((_SAMPLE, len(words))) < 0.5
    words.read(kept)
    start = perf_counter()
    words.read(kept)
    return (perf_counter() - start) / _SAMPLE
