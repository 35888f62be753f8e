"""The scores of many texts: which function a method has, how many texts go through at once, what is compiled ahead."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from attnviz.backend import tf
from attnviz.errors import SettingError, UnknownNameError
from attnviz.explain.arranging import Arranged, Row, get_ids, sum_steps
from attnviz.explain.attribution import (
    FINER_IG,
    IG_STEPS,
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
from attnviz.languages import tr
from attnviz.training.batches import sorted_batches
from attnviz.values.arrays import FloatArray
from attnviz.values.methods import METHODS

_log = logging.getLogger(__name__)

_TEXTS = {"attention": 64, "gradient": 64, "integrated_gradients": 4, "occlusion": 8}
"""How many texts are explained at once: integrated gradients runs each of them 34 times in one batch."""

_BUILDERS: Mapping[str, Callable[[ClassifierGraph], ScoreFunction]] = {
    "attention": attention_scores,
    "gradient": gradient_scores,
    "integrated_gradients": integrated_gradient_scores,
}

_LARGE_SHARE = 16
"""By how much batches are smaller for models of many layers."""

_MOST_WEIGHTS = 50_000_000
"""How many attention weights at once at most: texts of many words in many heads go in smaller batches."""

_LENGTHS = (50, 100, 150, 200, 300, 400, 500)
"""Single texts are padded to one of these for the compiled programs; each takes half a second and 10 MB to compile."""


_SUBSETS: Mapping[str, Callable[[WordSubsets], Found]] = {"lime": lime_scores, "shap": shap_scores}
"""Methods that ask for one text at a time with any words left out."""


class Scorer:
    """Finds scores with one classifier; what a method needs is built at its first use. Calls may come from threads."""

    def __init__(self, classifier: TextClassifier) -> None:
        self._classifier = classifier
        self._general = cache(self._build)
        self._programs: dict[int, Callable[..., Any]] = {}  # by length: from what the graph is given to Scores

    def score(self, method: str, rows: Sequence[Row], target: int | None) -> list[Found]:
        """What a method finds in texts; the results do not depend on what is batched together.

        Args:
            method: one that the classifier supports.
            rows: the words of each.
            target: a label; None for the predicted one of each text.

        Raises:
            UnknownNameError: another method.
        """
        self.check(method)
        if method in _SUBSETS:
            return [self._leave_out(method, row, target) for row in rows]
        found = [Found(None, np.zeros(len(row), np.float32)) for row in rows]
        filled = np.array([len(get_ids(row)) > 0 for row in rows], dtype=bool)

        def run(batch: Indices) -> None:
            scores = self._score_batch(method, [rows[index] for index in batch], target)
            for place, index in enumerate(batch):
                found[index] = _take(scores, place)

        # A text without words is not run: there is nothing to read.
        batches = [batch[filled[batch]] for batch in self._split(method, rows)]
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
            raise SettingError(f"{tr(METHODS[method].missing)}.")
        offered = get_methods(self._classifier)
        if method not in offered:
            raise UnknownNameError(tr("method of {model}", model=self._classifier.name), method, offered)

    def warm_up(self, before_each: Callable[[], None]) -> None:
        """Compile programs for the attention of a single text, for a few lengths up to what the classifier reads.

        A model that can't be compiled does without.
        """
        graph = self._classifier.graph
        if graph is None or tf.config.list_physical_devices("GPU"):
            return
        attend = attention_scores(graph.build_plain())
        score = tf.function(lambda *given: attend(*given, None), jit_compile=True)
        for steps in self._choose_lengths(graph):
            before_each()
            specs = [tf.TensorSpec((1, steps), tf.int32) for _ in graph.given]
            try:
                program = score.get_concrete_function(*specs)
                program(*(tf.ones(spec.shape, spec.dtype) for spec in specs))  # the first call compiles
            except Exception as error:  # XLA lacks some operations, and names them in errors of several kinds
                _log.info("%s is not compiled ahead of use: %s", self._classifier.name, error)
                return
            self._programs[steps] = program

    def _leave_out(self, method: str, row: Row, target: int | None) -> Found:
        """The scores of a method of another library."""
        if len(get_ids(row)):
            words = WordSubsets(row, self._classifier.predict, target)
            if np.isfinite(words.probabilities).all():
                return _SUBSETS[method](words)
        return Found(None, np.zeros(len(row), np.float32))

    def _choose_lengths(self, graph: ClassifierGraph) -> tuple[int, ...]:
        """Several where texts may be padded, else the one that all texts have, if there is one."""
        if graph.plain:
            return tuple(length for length in _LENGTHS if length <= (self._classifier.steps or _LENGTHS[-1]))
        return () if graph.rows.width is None or graph.is_large else (graph.rows.width,)

    def _split(self, method: str, rows: Sequence[Row]) -> Iterator[Indices]:
        graph, size = self._classifier.graph, _TEXTS[method]
        if graph is None:
            return sorted_batches(np.array([len(row) for row in rows], np.int64), size)
        most = _MOST_WEIGHTS // _count_weights(graph, method, rows)
        return graph.rows.split(rows, max(1, min(size // (_LARGE_SHARE if graph.is_large else 1), most)))

    def _score_batch(self, method: str, rows: list[Row], target: int | None) -> Scores:
        """The fastest way that is ready."""
        graph = self._classifier.graph
        if method == "occlusion" or graph is None:
            return occlusion_scores(rows, self._classifier.predict, target)
        program = self._find_program(graph, rows[0]) if method == "attention" and len(rows) == 1 else None
        if program is not None:
            steps, compiled = program
            arranged, given = graph.arrange(rows, steps)
            return _to_words(_as_arrays(Scores(*compiled(*given))), arranged, rows)  # a weight speaks for no target
        scores = self._run(method, graph, rows, target)
        return scores if scores.gap is None else self._refine(graph, rows, scores, target)

    def _find_program(self, graph: ClassifierGraph, row: Row) -> tuple[int, Callable[..., Any]] | None:
        """The compiled program for a single text, and the steps that it takes."""
        if not self._programs:
            return None
        fitting = (length for length in _LENGTHS if length >= len(row))
        steps = next(fitting, 0) if graph.plain else graph.rows.width or 0
        return (steps, self._programs[steps]) if steps in self._programs else None

    def _run(self, method: str, graph: ClassifierGraph, rows: list[Row], target: int | None) -> Scores:
        arranged, given = graph.arrange(rows)
        found = self._general(method)(*given, as_targets(target, len(rows)))
        return _to_words(_as_arrays(found), arranged, rows)

    def _refine(self, graph: ClassifierGraph, rows: list[Row], found: Scores, target: int | None) -> Scores:
        """Integrated gradients that miss more than LARGEST_GAP get more points.

        They are computed one text at a time, which takes as much memory as several texts with the usual points. A large
        model has to do with the first of the finer ways; its gap is told.
        """
        for level in range(1 if graph.is_large else len(FINER_IG)):
            for place in np.flatnonzero(np.abs(np.asarray(found.gap)) > LARGEST_GAP):
                finer = self._run(f"finer {level}", graph, [rows[place]], target)
                found.values[place], found.gap[place] = finer.values[0], finer.gap[0]  # type: ignore[index]
        return found

    def _build(self, method: str) -> ScoreFunction:
        assert self._classifier.graph is not None  # `supports` offers these methods only where there is one
        name, _, level = method.partition(" ")
        if name == "finer":
            return integrated_gradient_scores(self._classifier.graph, *FINER_IG[int(level)])
        return _BUILDERS[method](self._classifier.graph)


def get_methods(classifier: TextClassifier) -> tuple[str, ...]:
    """The methods that a classifier supports and whose libraries are here, the best known first."""
    return tuple(name for name, method in METHODS.items() if method.is_installed and classifier.supports(name))


def _count_weights(graph: ClassifierGraph, method: str, rows: Sequence[Row]) -> int:
    """How many attention weights the longest of some texts has, at all points of its way."""
    if graph.shown is None or not graph.shown.is_matrix or method == "occlusion" or not rows:
        return 1
    steps = graph.fixed or max(len(get_ids(row)) for row in rows)
    return len(graph.shown.names) * max(1, steps) ** 2 * (IG_STEPS if method == "integrated_gradients" else 1)


def _to_words(scores: Scores, arranged: Arranged, rows: Sequence[Row]) -> Scores:
    """Scores with a list of arrays, one a text, of what its words have."""
    triples = zip(scores.values, arranged.places, rows, strict=True)
    return scores._replace(values=[_to_row(*triple) for triple in triples])


def _to_row(values: FloatArray, places: Any, row: Row) -> FloatArray:
    """(words,): where every word is one step, the very numbers; else the sums of the words' steps."""
    words = len(row)
    if np.count_nonzero(places >= 0) == words and np.array_equal(places[:words], np.arange(words)):
        return values[:words]
    return sum_steps(values, places, words)


def _as_arrays(scores: Scores) -> Scores:
    return Scores(*(None if tensor is None else tensor.numpy() for tensor in scores))


def _take(scores: Scores, place: int) -> Found:
    """What was found in one text of a batch; a score that is no number, as where nothing is left to read, is 0."""
    probabilities, values = np.asarray(scores.probabilities[place]), np.asarray(scores.values[place])
    gap, outside = (None if one is None else _as_number(one[place]) for one in (scores.gap, scores.outside))
    if not np.isfinite(probabilities).all():
        return Found(None, np.zeros(len(values), np.float32))
    return Found(tuple(probabilities.tolist()), np.where(np.isfinite(values), values, 0.0), gap, outside)


def _as_number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
