"""All that is measured of the texts of a part with one explainer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from attnviz.errors import UnknownNameError
from attnviz.evidence.adversarial_bounds import measure_adversarial
from attnviz.evidence.attention_need import measure_concentration, measure_need
from attnviz.evidence.erased_words import measure_erased
from attnviz.evidence.fixed_gradient import FixedGradient
from attnviz.evidence.method_agreement import measure_agreement
from attnviz.evidence.part_reading import Columns, Part, PartReading, measure_answers, read_part
from attnviz.explain.arranging import Row
from attnviz.explain.explainer import Explainer
from attnviz.explain.scoring import Scorer
from attnviz.values.arrays import FloatArray

FIXED = "gradient, attention fixed"
"""The gradient as Jain & Wallace publish it, beside the whole one."""

CORPUS_METHODS = ("attention", "gradient", FIXED, "occlusion", "integrated_gradients")
"""What can be measured over many texts, attention first where there is one; the others cost too much a text."""

Values = dict[str, FloatArray]
"""By name one value a text, NaN where there is none."""

ScoreRows = Callable[[Sequence[Row]], Sequence[FloatArray]]


def choose_methods(offered: Iterable[str], methods: Sequence[str] | None, without: Iterable[str]) -> tuple[str, ...]:
    """The methods to measure, in the order of CORPUS_METHODS.

    Args:
        offered: by the classifier.
        methods: what is wanted; None for all but integrated gradients, which take as long as all others together.
        without: what is not, of those.

    Raises:
        UnknownNameError: a name that is none of CORPUS_METHODS, or one that is wanted and not offered.
    """
    offered = set(offered)
    possible = tuple(name for name in CORPUS_METHODS if _is_offered(name, offered))
    _check("method", without, CORPUS_METHODS)
    _check("method of this network", methods or (), possible)
    chosen = possible[: -1 if possible[-1:] == CORPUS_METHODS[-1:] else None] if methods is None else methods
    return tuple(name for name in possible if name in chosen and name not in set(without))


def _is_offered(name: str, offered: set[str]) -> bool:
    return {"attention", "gradient"} <= offered if name == FIXED else name in offered


def _check(kind: str, names: Iterable[str], valid: Sequence[str]) -> None:
    for name in names:
        if name not in valid:
            raise UnknownNameError(kind, name, valid)


class TextMeasures:
    """Measures parts of a corpus; what the methods need is built once.

    Args:
        explainer: of the network.
        methods: as `choose_methods` gives them.
        seed: of what is drawn at random.
    """

    def __init__(self, explainer: Explainer, methods: Sequence[str], seed: int = 0) -> None:
        self._explainer, self._seed = explainer, seed
        self._scorer = Scorer(explainer.classifier)
        self._methods: Mapping[str, ScoreRows] = {name: self._get_function(name) for name in methods}

    def measure(self, part: Part) -> Values:
        """A value of each measure for each text; they do not depend on the other texts, but 'another text's' does."""
        return dict(self._measure(part))

    def _measure(self, part: Part) -> Columns:
        reading = read_part(self._explainer.classifier, part, self._seed)
        yield from measure_answers(reading)
        if not len(reading.places):
            return
        reading = replace(reading, scores=self._score(reading))
        for measure in self._list_measures():
            yield from measure(reading)

    def _list_measures(self) -> Iterator[Callable[[PartReading], Columns]]:
        if "attention" in self._methods:
            yield from (measure_concentration, measure_need)
            yield lambda reading: measure_adversarial(reading, self._explainer)
        if self._methods:
            yield from (measure_agreement, measure_erased)

    def _score(self, reading: PartReading) -> Mapping[str, Sequence[FloatArray]]:
        rows = reading.rows
        return {name: score(rows) for name, score in self._methods.items()}

    def _get_function(self, name: str) -> ScoreRows:
        if name == FIXED:
            return FixedGradient(self._explainer.classifier).score
        return lambda rows: [found.scores for found in self._scorer.score(name, rows, None)]
