"""Whether a highlight can be trusted, in one sentence that is computed from its measures.

Each number is said as itself, with how many random maps it beats. What isn't shown to be better than chance is said to
be that, and no more: it may be better all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from attnviz.languages import mark, tr
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.phrases import join_and, join_clauses, quote
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import METHODS

LITTLE = 0.01
"""A smaller loss of probability is no need, even where it is more than that of any random map."""

SHORT = 10
"""Words; in a shorter text random maps often pick the same words."""

SEEN = 0.0005
"""A smaller change of probability is 0.0 percentage points."""

YES, PARTLY = mark("Yes, as far as these measures go"), mark("Partly")
NOT_SHOWN, TOO_SHORT = mark("Not shown"), mark("Too short to tell")
"""How a verdict begins, in English."""


class _Change(NamedTuple):
    """What becomes of a probability, in English: three messages of which one is true."""

    nothing: str
    loses: str
    gains: str


_SHIFT = _Change(mark("it loses nothing"), mark("it loses {points}"), mark("it gains {points}"))

_ANSWER = _Change(
    mark("without the words with the highest scores the answer loses nothing"),
    mark("without the words with the highest scores the answer loses {points}"),
    mark("without the words with the highest scores the answer gains {points}"),
)

_PROBABILITY = _Change(
    mark("without the words with the highest scores the probability of “{label}” loses nothing"),
    mark("without the words with the highest scores the probability of “{label}” loses {points}"),
    mark("without the words with the highest scores the probability of “{label}” gains {points}"),
)


def describe_trust(measured: Faithfulness) -> str:
    """The verdict, one sentence."""
    if measured.words == 0:
        return tr("There is no word to read here, so there is nothing to compare: this needs two words or more.")
    if measured.words == 1:
        return tr("There is only one word to read here, so there is nothing to compare: this needs two words or more.")
    if measured.comprehensiveness is None or measured.sufficiency is None:
        return tr("Nothing could be measured on this text.")
    clauses = [
        *_describe_length(measured),
        *_describe_erased(measured, measured.comprehensiveness, measured.sufficiency),
        *_describe_agreement(measured),
    ]
    return tr("{verdict}: {found}.", verdict=tr(judge(measured)), found=join_clauses(clauses))


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


def _describe_erased(measured: Faithfulness, needed: Compared, enough: Compared) -> Iterator[str]:
    """What becomes of the answer without the highest words, and with them alone."""
    loses = tr("{found}, {rank}", found=_describe_need(measured, needed), rank=describe_rank(needed))
    keeps = tr("{found}, {rank}", found=describe_kept(measured), rank=_describe_short_rank(enough))
    better = measured.find_better()
    if not better["comprehensiveness"] and not better["sufficiency"]:
        yield tr("{loses}, and {keeps}", loses=loses, keeps=keeps)
        yield _doubt_both(measured)
        return
    if better["comprehensiveness"]:
        yield tr("{found}, but that is little", found=loses) if _is_little(measured) else loses
    else:
        yield _doubt(loses)
    yield keeps if better["sufficiency"] else _doubt(keeps)


def _doubt(found: str) -> str:
    return tr("{found}, which is not shown to be better than chance", found=found)


def _doubt_both(measured: Faithfulness) -> str:
    if measured.too_short:
        return tr("neither can be told from chance")
    return tr("neither is shown to be better than chance")


def _describe_need(measured: Faithfulness, lost: Compared) -> str:
    if measured.answer == measured.prediction.predicted:
        return _describe_change(_ANSWER, lost)
    return _describe_change(_PROBABILITY, lost, label=name_label(measured.prediction.labels[measured.answer]))


def describe_shift(lost: Compared) -> str:
    """What the probability does where so much of it is lost: 'it loses 30.0 percentage points'."""
    return _describe_change(_SHIFT, lost)


def _describe_change(messages: _Change, lost: Compared, **values: str) -> str:
    if abs(lost.value) < SEEN:
        return tr(messages.nothing, **values)
    return tr(messages.loses if lost.value > 0 else messages.gains, points=describe_points(lost), **values)


def describe_kept(measured: Faithfulness) -> str:
    """How much of the probability the highest words keep: 'they alone keep 98 % of it'; '' where that is unknown."""
    lost, whole = measured.sufficiency, measured.probability
    if lost is None or whole is None:
        return ""
    if abs(lost.value) < SEEN:
        return tr("they alone keep all of it")
    if lost.value < 0:
        return tr("they alone keep all of it and add {points}", points=describe_points(lost))
    share = math.floor(100 * max(0.0, whole - lost.value) / whole + 1e-6) / 100
    return tr("they alone keep {share} of it", share=format_percent(share, 0))


def describe_points(numbers: Compared) -> str:
    """A change of probability, without its direction."""
    return tr("{n} percentage points", n=format_number(100 * abs(numbers.value), 1))


def describe_rank(numbers: Compared) -> str:
    """How many of the random maps it beats: 'better than 98 of 99 random maps'."""
    if not numbers.beaten:
        return tr("better than none of {all} random maps", all=numbers.draws)
    return tr("better than {beaten} of {all} random maps", beaten=numbers.beaten, all=numbers.draws)


def _describe_short_rank(numbers: Compared) -> str:
    """The same where the random maps were named before."""
    if not numbers.beaten:
        return tr("better than none of {all}", all=numbers.draws)
    return tr("better than {beaten} of {all}", beaten=numbers.beaten, all=numbers.draws)


def _describe_agreement(measured: Faithfulness) -> Iterator[str]:
    """Whether other methods put the words in a like order."""
    better = measured.find_better()
    agree = join_and(quote(METHODS[name].phrase) for name in measured.agreement if better[name])
    unsure = join_and(quote(METHODS[name].phrase) for name in measured.agreement if not better[name])
    if agree and unsure:
        yield tr(
            "the order of the words agrees with that of {names} but is not shown to agree with that of {others}",
            names=agree,
            others=unsure,
        )
    elif agree:
        yield tr("the order of the words agrees with that of {names}", names=agree)
    elif unsure:
        yield tr("the order of the words is not shown to agree with that of {names}", names=unsure)


def _describe_length(measured: Faithfulness) -> Iterator[str]:
    if measured.too_short:
        yield tr(
            "{words} words can be left out in only {orders} different ways",
            words=measured.words,
            orders=format_count(measured.orders),
        )
    elif measured.words < SHORT:
        yield tr("with {words} words random maps often pick the same ones", words=measured.words)
