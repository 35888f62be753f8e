"""What becomes of an answer while words are taken away, in words that are computed from the curve."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

from attnviz.values.faithfulness import ErasureCurve


def describe_erasure(curve: ErasureCurve) -> str:
    """When the answer turns without the highest words, and how many of them carry it alone, beside random orders."""
    if curve.probability is None:
        return "There is no word to take away here."
    if len(curve.order) < 2:
        return "There is only one word here: without it nothing is left to read."
    return f"{_describe_turn(curve, curve.probability >= 0.5)} {_describe_support(curve, curve.probability >= 0.5)}"


def _describe_turn(curve: ErasureCurve, positive: bool) -> str:
    words, chance = f"{len(curve.order):,} words", _describe_random_turns(curve.random_turns)
    if curve.turn is None:
        return f"The answer stays {_name(positive)} however many of the {words} are left out, highest first ({chance})."
    first, verb = ("highest", "is") if curve.turn == 1 else (f"{curve.turn:,} highest", "are")
    return f"The answer first turns {_name(not positive)} when the {first} of the {words} {verb} left out ({chance})."


def _describe_random_turns(turns: Sequence[int | None]) -> str:
    """How many random orders turn the answer, and where; the curve of their mean would turn elsewhere."""
    found = [turn for turn in turns if turn is not None]
    if not found:
        return f"of {len(turns)} random orders, none turns it"
    if len(found) == 1:
        return f"of {len(turns)} random orders, 1 turns it, at {found[0]:,}"
    return f"of {len(turns)} random orders, {len(found)} turn it, typically at {median_low(found):,}"


def _describe_support(curve: ErasureCurve, positive: bool) -> str:
    if curve.support == 0:
        return f"A text without words is {_name(positive)} to this network as well, and so are its highest words alone."
    much = "highest word alone is" if curve.support == 1 else f"{curve.support:,} highest words alone are"
    return f"The {much} enough for it (in random order: typically {median_low(curve.random_supports):,})."


def _name(positive: bool) -> str:
    return "positive" if positive else "negative"
