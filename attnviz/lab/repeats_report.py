"""What several seeds of a task of the Column lab have in common, in words."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.languages import tr, tr_n
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.phrases import join_sentences


def describe_repeats(scores: Sequence[float | None], accuracies: Sequence[float], seconds: float) -> str:
    """Their truth scores, None where there is no truth, and accuracies; and how long they took."""
    known = [score for score in scores if score is not None]
    figures = {
        "n": format_count(len(scores)),
        "seconds": format_number(seconds, 1),
        "accuracy": format_percent(sum(accuracies) / len(accuracies)),
    }
    said = _describe_scored(known, figures) if known else _describe_unscored(len(scores), figures)
    dots = tr("Each dot is one seed's weight; click one to look at its run.")
    return join_sentences([said, dots])


def _describe_scored(scores: Sequence[float], figures: dict[str, str]) -> str:
    mean = sum(scores) / len(scores)
    deviation = (sum((score - mean) ** 2 for score in scores) / len(scores)) ** 0.5
    return tr_n(
        "{n} seed in {seconds} s: truth score {mean} ± {deviation} (lowest {lowest}), accuracy {accuracy}.",
        "{n} seeds in {seconds} s: truth score {mean} ± {deviation} (lowest {lowest}), accuracy {accuracy}.",
        len(scores),
        mean=format_number(mean, 2),
        deviation=format_number(deviation, 2),
        lowest=format_number(min(scores), 2),
        **figures,
    )


def _describe_unscored(count: int, figures: dict[str, str]) -> str:
    return tr_n(
        "{n} seed in {seconds} s: accuracy {accuracy}.",
        "{n} seeds in {seconds} s: accuracy {accuracy}.",
        count,
        **figures,
    )
