"""What becomes of an answer while words are taken away, in words that are computed from the curve."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

from attnviz.values.faithfulness import ErasureCurve


def describe_erasure(curve: ErasureCurve) -> str:
    """When the answer turns without the highest words, and how many of them carry it alone, beside random orders."""
    if curve.prediction.label is None:
        return "There is no word to take away here."
    if len(curve.order) < 2:
        return "There is only one word here: without it nothing is left to read."
    return f"{_describe_flip(curve, curve.prediction.label)} {_describe_sufficient(curve, curve.prediction.label)}"


def _describe_flip(curve: ErasureCurve, answer: str) -> str:
    words, chance = f"{len(curve.order):,} words", _describe_random_flips(curve.random_flip_counts)
    if curve.flip_count is None or curve.flipped_to is None:
        stays = f"The answer stays {answer} while the {words} are left out, highest first, down to the last one."
        return f"{stays} {_describe_blank(curve, answer)}{chance}"
    first, verb = ("highest", "is") if curve.flip_count == 1 else (f"{curve.flip_count:,} highest", "are")
    other = curve.prediction.labels[curve.flipped_to]
    return f"The answer first turns {other} when the {first} of the {words} {verb} left out. {chance}"


def _describe_blank(curve: ErasureCurve, answer: str) -> str:
    """That a network which says the same of nothing needs no word for it; said here unless it follows anyway."""
    if curve.blank != curve.prediction.predicted or curve.sufficient_count == 0:
        return ""
    return f"That says little, since a text without words is {answer} to this network as well. "


def _describe_random_flips(flips: Sequence[int | None]) -> str:
    """How many random orders turn the answer, and where; the curve of their mean would turn elsewhere."""
    found, tries = [flip for flip in flips if flip is not None], len(flips)
    if not found:
        return f"In random order none of {tries} tries turned it."
    about = "about " if len(found) > 1 else ""
    share = f"all {tries}" if len(found) == tries else f"{len(found)} of {tries}"
    return f"In random order it took {about}{_count(median_low(found))}, in {share} tries."


def _count(words: int) -> str:
    return "1 word" if words == 1 else f"{words:,} words"


def _describe_sufficient(curve: ErasureCurve, answer: str) -> str:
    if curve.sufficient_count == 0:
        return f"A text without words is {answer} to this network as well, and so are its highest words alone."
    count = curve.sufficient_count
    if count == len(curve.order):
        return f"It stands only with all {count:,} words: all but the lowest alone do not give it."
    much = "highest word alone is" if count == 1 else f"{count:,} highest words alone are"
    typically = median_low(curve.random_sufficient_counts)
    random = f"it took about {_count(typically)}" if typically else "none was needed"
    return f"The {much} enough for it; in random order {random}."
