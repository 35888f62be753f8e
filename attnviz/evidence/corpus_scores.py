"""The functions that give many texts their scores, for each method that is measured over many texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attnviz.evidence.corpus_methods import FIXED
from attnviz.evidence.fixed_gradient import FixedGradient
from attnviz.explain.arranging import Row
from attnviz.explain.classifier import TextClassifier
from attnviz.explain.scoring import Scorer
from attnviz.values.arrays import FloatArray

ScoreRows = Callable[[Sequence[Row]], Sequence[FloatArray]]


def build_scorers(classifier: TextClassifier, methods: Sequence[str]) -> Mapping[str, ScoreRows]:
    """For each of CORPUS_METHODS, from rows of ids to their scores for the predicted label."""
    scorer = Scorer(classifier)
    return {name: FixedGradient(classifier).score if name == FIXED else _bind(scorer, name) for name in methods}


def _bind(scorer: Scorer, name: str) -> ScoreRows:
    return lambda rows: [found.scores for found in scorer.score(name, rows, None)]
