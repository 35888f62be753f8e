"""Whether a highlight can be trusted, in one sentence that is computed from its measures.

Each number is said as itself, with how many random maps it beats. What isn't shown to be better than chance is said to
be that, and no more: it may be better all the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from attnviz.render.numerals import format_percent
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

LITTLE = 0.01
"""A smaller loss of probability is no need, even where it is more than that of any random map."""

SHORT = 10
"""Words; in a shorter text random maps often pick the same words."""

SEEN = 0.0005
"""A smaller change of probability is 0.0 percentage points."""

YES, PARTLY, NOT_SHOWN, TOO_SHORT = "Yes, as far as these measures go", "Partly", "Not shown", "Too short to tell"
"""How a verdict begins."""

_DOUBT = "which is not shown to be better than chance"


def describe_trust(measured: Faithfulness) -> str:
    """The verdict, one sentence."""
    if measured.words < 2:
        found = "no word" if measured.words == 0 else "only one word"
        return f"There is {found} to read here, so there is nothing to compare: this needs two words or more."
    if measured.comprehensiveness is None or measured.sufficiency is None:
        return "Nothing could be measured on this text."
    erased = _describe_erased(measured, measured.comprehensiveness, measured.sufficiency)
    return f"{judge(measured)}: {_describe_length(measured)}{erased}{_describe_agreement(measured)}."


def judge(measured: Faithfulness) -> str:
    """The beginning of the verdict on two words or more: one of YES, PARTLY, NOT_SHOWN and TOO_SHORT.

    For YES another method has to confirm the order of the words, except for occlusion: leaving words out is what both
    tests do, so that another order speaks against the other method as much.
    """
    better = measured.find_better()
    needed, enough = better["comprehensiveness"] and not _is_little(measured), better["sufficiency"]
    confirmed = any(better[name] for name in measured.agreement) or not measured.agreement
    if needed and enough and (confirmed or measured.method == "occlusion"):
        return YES
    if needed or enough:
        return PARTLY
    return TOO_SHORT if measured.too_short else NOT_SHOWN


def _is_little(measured: Faithfulness) -> bool:
    return measured.comprehensiveness is not None and measured.comprehensiveness.value < LITTLE


def _describe_erased(measured: Faithfulness, needed: Compared, enough: Compared) -> str:
    """What becomes of the answer without the highest words, and with them alone."""
    loses = f"{_describe_need(measured, needed)}, {describe_rank(needed)} random maps"
    keeps = f"they alone {describe_kept(measured)}, {describe_rank(enough)}"
    better = measured.find_better()
    if not better["comprehensiveness"] and not better["sufficiency"]:
        told = "can be told from" if measured.too_short else "is shown to be better than"
        return f"{loses}, and {keeps}; neither {told} chance"
    if not better["comprehensiveness"]:
        return f"{loses}, {_DOUBT}; {keeps}"
    if not better["sufficiency"]:
        keeps += f", {_DOUBT}"
    return f"{loses}{', but that is little' if _is_little(measured) else ''}; {keeps}"


def _describe_need(measured: Faithfulness, lost: Compared) -> str:
    answer = "the answer"
    if measured.answer != measured.prediction.predicted:
        answer = f"the probability of “{measured.prediction.labels[measured.answer]}”"
    return f"without the words with the highest scores {answer} {_describe_change(lost)}"


def describe_shift(lost: Compared) -> str:
    """What the probability does where so much of it is lost: 'it loses 30.0 percentage points'."""
    return f"it {_describe_change(lost)}"


def _describe_change(lost: Compared) -> str:
    if abs(lost.value) < SEEN:
        return "loses nothing"
    return f"{'loses' if lost.value > 0 else 'gains'} {describe_points(lost)}"


def describe_kept(measured: Faithfulness) -> str:
    """How much of the probability the highest words keep alone: 'keep 98 % of it'; '' where that is unknown."""
    lost, whole = measured.sufficiency, measured.probability
    if lost is None or whole is None:
        return ""
    if abs(lost.value) < SEEN:
        return "keep all of it"
    if lost.value < 0:
        return f"keep all of it and add {describe_points(lost)}"
    return f"keep {format_percent(math.floor(100 * max(0.0, whole - lost.value) / whole + 1e-6) / 100, 0)} of it"


def describe_points(numbers: Compared) -> str:
    """A change of probability, without its direction."""
    return f"{100 * abs(numbers.value):.1f} percentage points"


def describe_rank(numbers: Compared) -> str:
    """How many of the random maps it beats: 'better than 98 of 99'."""
    return f"better than {numbers.beaten or 'none'} of {numbers.draws}"


def _describe_agreement(measured: Faithfulness) -> str:
    """Whether other methods put the words in a like order."""
    better = measured.find_better()
    agree = [METHODS[name].phrase for name in measured.agreement if better[name]]
    unsure = [METHODS[name].phrase for name in measured.agreement if not better[name]]
    parts = [
        *([f"agrees with that of {_join(agree)}"] if agree else []),
        *([f"is not shown to agree with that of {_join(unsure)}"] if unsure else []),
    ]
    return f"; the order of the words {' but '.join(parts)}" if parts else ""


def _describe_length(measured: Faithfulness) -> str:
    if measured.too_short:
        return f"{measured.words} words can be left out in only {measured.orders} different ways; "
    if measured.words >= SHORT:
        return ""
    return f"with {measured.words} words random maps often pick the same ones; "


def _join(names: Sequence[str]) -> str:
    return " and ".join(f"‘{name}’" for name in names)
