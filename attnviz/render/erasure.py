"""What becomes of an answer while words are taken away, in words that are computed from the curve."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.results import ErasureCurve


def describe_erasure(curve: ErasureCurve) -> str:
    """When the answer turns without the highest words, and how many of them carry it alone, beside random orders."""
    if curve.probability is None:
        return "There is no word to take away here."
    if len(curve.order) < 2:
        return "There is only one word here: without it nothing is left to read."
    return f"{_describe_turn(curve, curve.probability >= 0.5)} {_describe_support(curve, curve.probability >= 0.5)}"


def _describe_turn(curve: ErasureCurve, positive: bool) -> str:
    words = f"{len(curve.order):,} words"
    own, random = (_find_turn(curve, column, positive) for column in (curve.without, curve.random_without))
    if own is None:
        chance = "does too" if random is None else f"turns at {random:,}"
        return (
            f"The answer stays {_name(positive)} however many of the {words} are left out, highest first "
            f"(in random order it {chance})."
        )
    first = "highest of the" if own == 1 else f"{own:,} highest of the"
    chance = "never" if random is None else f"at {random:,}"
    verb = "is" if own == 1 else "are"
    turned = f"The answer first turns {_name(not positive)} when the {first} {words} {verb} left out"
    return f"{turned} (in random order: {chance})."


def _describe_support(curve: ErasureCurve, positive: bool) -> str:
    own, random = (_find_support(curve, column, positive) for column in (curve.alone, curve.random_alone))
    if own == 0:
        return f"A text without words is {_name(positive)} to this network as well, and so are its highest words alone."
    much = "highest word alone is" if own == 1 else f"{own:,} highest words alone are"
    return f"The {much} enough for it (in random order: {random:,})."


def _find_turn(curve: ErasureCurve, column: Sequence[float], positive: bool) -> int | None:
    """The smallest count at which the answer is the other one, while there is still a word to read."""
    pairs = zip(curve.counts[:-1], column, strict=False)
    return next((count for count, value in pairs if (value >= 0.5) != positive), None)


def _find_support(curve: ErasureCurve, column: Sequence[float], positive: bool) -> int:
    """The smallest count from which on the answer stays what it is."""
    found = curve.counts[-1]
    for count, value in zip(reversed(curve.counts), reversed(column), strict=True):
        if (value >= 0.5) != positive:
            break
        found = count
    return found


def _name(positive: bool) -> str:
    return "positive" if positive else "negative"
