"""The scores of many texts: which function a method has, how many texts go through at once, what is compiled ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.attribution import (
    FINE_IG_STEPS,
    LARGEST_GAP,
    Found,
    ScoreFunction,
    Scores,
    as_targets,
    attention_scores,
    gradient_scores,
    integrated_gradient_scores,
    occlusion_scores,
)
from attnviz.explain.batching import Indices, run_batches
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.classifier_graph import ClassifierGraph
from attnviz.explain.lime_scores import lime_scores
from attnviz.explain.shap_scores import shap_scores
from attnviz.explain.word_subsets import WordSubsets
from attnviz.training.batches import Ids, pad, sorted_batches
from attnviz.values.methods import METHODS

_TEXTS = {"attention": 64, "gradient": 64, "integrated_gradients": 4, "occlusion": 8}
"""How many texts are explained at once: integrated gradients runs each of them 34 times in one batch."""

_BUILDERS: Mapping[str, Callable[[ClassifierGraph], ScoreFunction]] = {
    "attention": attention_scores,
    "gradient": gradient_scores,
    "integrated_gradients": integrated_gradient_scores,
}

_LENGTHS = (50, 100, 150, 200, 300, 400, 500)
"""Single texts are padded to one of these for the compiled programs; each takes half a second and 10 MB to compile."""


_SUBSETS: Mapping[str, Callable[[WordSubsets], Found]] = {"lime": lime_scores, "shap": shap_scores}
"""Methods that ask for one text at a time with any words left out."""

_NOTHING = Found(None, np.zeros(0, np.float32))


class Scorer:
    """Finds scores with one classifier; what a method needs is built at its first use. Calls may come from threads."""

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier
        self._general = cache(self._build)
        self._programs: dict[int, Callable[[Any], Any]] = {}  # by length: from word ids to Scores

    def score(self, method: str, rows: Sequence[Ids], target: int | None) -> list[Found]:
        """What a method finds in texts as word ids; the results do not depend on what is batched together.

        Args:
            method: one that the classifier supports.
            rows: each (number of words,).
            target: a label; None for the predicted one of each text.

        Raises:
            UnknownNameError: another method.
        """
        self.check(method)
        if method in _SUBSETS:
            return [self._leave_out(method, row, target) for row in rows]
        found = [_NOTHING] * len(rows)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)

        def run(batch: Indices) -> None:
            scores = self._score_batch(method, [rows[index] for index in batch], target)
            for place, index in enumerate(batch):
                found[index] = _take(scores, place, lengths[index])

        # A text without words is not run: there is nothing to read.
        batches = [batch[lengths[batch] > 0] for batch in sorted_batches(lengths, _TEXTS[method])]
        # Occlusion makes so many rows of each text that `predict` has batches of its own to spread.
        run_batches(run, batches, threads=1 if method == "occlusion" else None)
        return found

    def check(self, method: str) -> None:
        """Refuse a method that the classifier does not support, with the names of those that it does.

        Raises:
            UnknownNameError: such a method.
            SettingError: a method whose library is not installed; says how to get it.
        """
        if method in METHODS and METHODS[method].missing:
            raise SettingError(f"{METHODS[method].missing}.")
        offered = get_methods(self._classifier)
        if method not in offered:
            raise UnknownNameError(f"method of {self._classifier.name}", method, offered)

    def warm_up(self, before_each: Callable[[], None]) -> None:
        """Compile programs for the attention of a single text, for a few lengths up to what the classifier reads."""
        if self._classifier.graph is None or tf.config.list_physical_devices("GPU"):
            return
        attend = attention_scores(self._classifier.graph.build_plain())
        score = tf.function(lambda ids: attend(ids, None), jit_compile=True)
        for steps in (length for length in _LENGTHS if length <= (self._classifier.steps or _LENGTHS[-1])):
            before_each()
            program = score.get_concrete_function(tf.TensorSpec((1, steps), tf.int32))
            program(tf.ones((1, steps), tf.int32))  # the first call compiles
            self._programs[steps] = program

    def _leave_out(self, method: str, row: Ids, target: int | None) -> Found:
        """The scores of a method of another library."""
        return _SUBSETS[method](WordSubsets(row, self._classifier.predict, target)) if len(row) else _NOTHING

    def _score_batch(self, method: str, rows: list[Ids], target: int | None) -> Scores:
        """The fastest way that is ready."""
        if method == "occlusion":
            return occlusion_scores(rows, self._classifier.predict, target)
        longest = max(map(len, rows))
        steps = next((length for length in _LENGTHS if length >= longest), None)
        if method == "attention" and len(rows) == 1 and (program := self._programs.get(steps or 0)):
            return _as_arrays(Scores(*program(tf.constant(pad(rows, steps)))))  # a weight speaks for no target
        scores = _run(self._general(method), pad(rows, longest), target)
        return scores if scores.gap is None else self._refine(rows, scores, target)

    def _refine(self, rows: list[Ids], found: Scores, target: int | None) -> Scores:
        """Integrated gradients that miss more than LARGEST_GAP get more points.

        They are computed one text at a time, which takes as much memory as several texts with the usual points.
        """
        for place in np.flatnonzero(np.abs(np.asarray(found.gap)) > LARGEST_GAP):
            finer = _run(self._general("finer"), rows[place][None], target)
            found.values[place, : len(rows[place])], found.gap[place] = finer.values[0], finer.gap[0]  # type: ignore[index]
        return found

    def _build(self, method: str) -> ScoreFunction:
        assert self._classifier.graph is not None  # `supports` offers these methods only where there is one
        if method == "finer":
            return integrated_gradient_scores(self._classifier.graph, FINE_IG_STEPS)
        return _BUILDERS[method](self._classifier.graph)


def get_methods(classifier: TextClassifier) -> tuple[str, ...]:
    """The methods that a classifier supports and whose libraries are here, the best known first."""
    return tuple(name for name, method in METHODS.items() if method.is_installed and classifier.supports(name))


def _run(score: ScoreFunction, ids: Ids, target: int | None) -> Scores:
    return _as_arrays(score(tf.constant(ids), as_targets(target, len(ids))))


def _as_arrays(scores: Scores) -> Scores:
    return Scores(*(None if tensor is None else tensor.numpy() for tensor in scores))


def _take(scores: Scores, place: int, words: int) -> Found:
    gap = None if scores.gap is None else float(scores.gap[place])
    return Found(tuple(scores.probabilities[place].tolist()), np.asarray(scores.values[place])[:words], gap)
