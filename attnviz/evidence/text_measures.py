"""All that is measured of the texts of a part with one explainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from attnviz.evidence.adversarial_bounds import measure_adversarial
from attnviz.evidence.attention_need import measure_concentration, measure_need
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.corpus_scores import build_scorers
from attnviz.evidence.erased_words import measure_erased
from attnviz.evidence.method_agreement import measure_agreement
from attnviz.evidence.part_reading import Columns, PartReading, measure_answers, read_part
from attnviz.evidence.word_use import measure_words
from attnviz.explain.explainer import Explainer
from attnviz.explain.text_reader import VocabularyReader
from attnviz.values.arrays import FloatArray


class TextMeasures:
    """Measures parts of a corpus; what the methods need is built once.

    Args:
        explainer: of the network.
        methods: as `corpus_methods.choose_methods` gives them.
        seed: of what is drawn at random.
    """

    def __init__(self, explainer: Explainer, methods: Sequence[str], seed: int = 0) -> None:
        self._explainer, self._seed = explainer, seed
        self._methods = build_scorers(explainer.classifier, methods)

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
        if self._methods and isinstance(getattr(self._explainer.classifier, "reader", None), VocabularyReader):
            yield measure_words

    def _score(self, reading: PartReading) -> Mapping[str, Sequence[FloatArray]]:
        rows = reading.rows
        return {name: score(rows) for name, score in self._methods.items()}
