"""What becomes of an answer while words are taken away, in words that are computed from the curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median_low

from attnviz.languages import tr, tr_n
from attnviz.render.labels import name_label
from attnviz.render.numerals import count_words, format_count
from attnviz.render.phrases import join_sentences
from attnviz.values.faithfulness import ErasureCurve


def describe_erasure(curve: ErasureCurve) -> str:
    """When the answer turns without the highest words, and how many of them carry it alone, beside random orders."""
    if curve.prediction.label is None:
        return tr("There is no word to take away here.")
    if len(curve.order) < 2:
        return tr("There is only one word here: without it nothing is left to read.")
    answer = name_label(curve.prediction.label)
    return join_sentences([*_describe_flip(curve, answer), _describe_sufficient(curve, answer)])


def _describe_flip(curve: ErasureCurve, answer: str) -> Iterator[str]:
    if curve.flip_count is None or curve.flipped_to is None:
        yield _describe_stay(curve, answer)
        yield from _describe_blank(curve, answer)
    else:
        yield _describe_turn(curve, curve.flip_count, name_label(curve.prediction.labels[curve.flipped_to]))
    yield _describe_random_flips(curve.random_flip_counts)


def _describe_stay(curve: ErasureCurve, answer: str) -> str:
    return tr_n(
        "The answer stays {answer} while the {n} word is left out, highest first, down to the last one.",
        "The answer stays {answer} while the {n} words are left out, highest first, down to the last one.",
        len(curve.order),
        answer=answer,
        n=format_count(len(curve.order)),
    )


def _describe_turn(curve: ErasureCurve, count: int, other: str) -> str:
    return tr_n(
        "The answer first turns {other} when the highest of the {words} words is left out.",
        "The answer first turns {other} when the {n} highest of the {words} words are left out.",
        count,
        other=other,
        n=format_count(count),
        words=format_count(len(curve.order)),
    )


def _describe_blank(curve: ErasureCurve, answer: str) -> Iterator[str]:
    """That a network which says the same of nothing needs no word for it; said here unless it follows anyway."""
    if curve.blank == curve.prediction.predicted and curve.sufficient_count != 0:
        yield tr("That says little, since a text without words is {answer} to this network as well.", answer=answer)


def _describe_random_flips(flips: Sequence[int | None]) -> str:
    """How many random orders turn the answer, and where; the curve of their mean would turn elsewhere."""
    found, tries = [flip for flip in flips if flip is not None], len(flips)
    if not found:
        return tr("In random order none of {all} tries turned it.", all=tries)
    words = _name_about(median_low(found)) if len(found) > 1 else count_words(found[0])
    if len(found) == tries:
        return tr("In random order it took {words}, in all {all} tries.", words=words, all=tries)
    return tr("In random order it took {words}, in {n} of {all} tries.", words=words, n=len(found), all=tries)


def _name_about(words: int) -> str:
    return tr("about {words}", words=count_words(words))


def _describe_sufficient(curve: ErasureCurve, answer: str) -> str:
    if curve.sufficient_count == 0:
        return tr(
            "A text without words is {answer} to this network as well, and so are its highest words alone.",
            answer=answer,
        )
    if curve.sufficient_count == len(curve.order):
        return tr_n(
            "It stands only with the {n} word: all but the lowest alone do not give it.",
            "It stands only with all {n} words: all but the lowest alone do not give it.",
            curve.sufficient_count,
            n=format_count(curve.sufficient_count),
        )
    return _describe_enough(curve.sufficient_count, median_low(curve.random_sufficient_counts))


def _describe_enough(count: int, typically: int) -> str:
    if not typically:
        return tr_n(
            "The highest word alone is enough for it; in random order none was needed.",
            "The {n} highest words alone are enough for it; in random order none was needed.",
            count,
            n=format_count(count),
        )
    return tr_n(
        "The highest word alone is enough for it; in random order it took {words}.",
        "The {n} highest words alone are enough for it; in random order it took {words}.",
        count,
        n=format_count(count),
        words=_name_about(typically),
    )
