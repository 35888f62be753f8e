"""What the six steps say of a forward trace."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.languages import mark, tr, tr_n
from attnviz.render.attention_steps import Mechanism
from attnviz.render.labels import name_label
from attnviz.render.number_strips import Strip
from attnviz.render.numerals import count_words, format_count, format_number, format_percent
from attnviz.render.softmax_words import name_case
from attnviz.render.trace_report import format_digits, name_followed
from attnviz.values.trace import FollowedWord

_OF_STATE = mark(
    "**{word}** adds **{share}** to the sum, {side}: its state at that place, which has read other words too, times "
    "its weight."
)
_OF_VECTOR = mark(
    "**{word}** adds **{share}** to the sum, {side}: its own vector, which tells of no other word, times its weight."
)


def describe_row(trace: FollowedWord) -> str:
    """Where the followed word stands in the table, and what an unknown word is read as."""
    word, row = name_followed(trace), format_count(trace.id)
    if trace.tokens[trace.word].known:
        return tr("**{word}** is row {row} of {all}:", word=word, row=row, all=format_count(trace.table))
    return tr("The table has no row for **{word}**. Row {row} stands for all unknown words:", word=word, row=row)


def announce_products(mechanism: Mechanism, trace: FollowedWord) -> str:
    """Which score is worked out, and why that one of several."""
    case, count = name_case(mechanism, trace, reason=True), len(trace.score.key)
    return tr_n(
        "{case}, {n} product is added up:",
        "{case}, {n} products are added up:",
        count,
        case=case,
        n=format_count(count),
    )


def count_scores(trace: FollowedWord) -> str:
    """How many words there are, and how many scores each has."""
    words, count = count_words(len(trace.tokens)), len(trace.scores[0])
    if count == 1:
        return tr("{words}, one score each", words=words)
    return tr_n("{words} × {n} score", "{words} × {n} scores", count, words=words, n=format_count(count))


def list_products(mechanism: Mechanism, trace: FollowedWord) -> list[Strip]:
    """What is multiplied for the score, and the products."""
    query, example = tr(mechanism.query), trace.score.example
    return [
        Strip(tr(mechanism.key), trace.score.key, followed=True),
        Strip(query if example is None else f"{query}, {example + 1}", trace.score.query),
        Strip(tr("their products"), multiply(trace.score.key, trace.score.query)),
    ]


def multiply(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """Each number times the other."""
    return [a * b for a, b in zip(left, right, strict=True)]


def announce_answer(trace: FollowedWord) -> str:
    """What the equation of the answer is about."""
    if trace.temperature == 1:
        return tr("The answer of the network:")
    return tr("The answer of the network at temperature {temperature}:", temperature=format_digits(trace.temperature))


def announce_joined(products: int) -> str:
    """What is shown of the way to an answer behind another layer."""
    return tr_n(
        "What the last layers read and give, and the {n} product that adds up to $z$:",
        "What the last layers read and give, and the {n} products that add up to $z$:",
        products,
        n=format_count(products),
    )


def describe_share(mechanism: Mechanism, trace: FollowedWord, share: float) -> str:
    """What the followed word adds to the sum."""
    told = _OF_STATE if mechanism.reads_context else _OF_VECTOR
    return tr(told, word=name_followed(trace), share=format_number(share), side=_describe_side(trace, share))


def _describe_side(trace: FollowedWord, share: float) -> str:
    """Which label a part of the sum speaks for."""
    if len(trace.labels) == 2:
        return tr("toward {label}", label=name_label(trace.labels[trace.target if share >= 0 else 1 - trace.target]))
    label = name_label(trace.label)
    return tr("toward “{label}”", label=label) if share >= 0 else tr("away from “{label}”", label=label)


def count_numbers(trace: FollowedWord, vector: Sequence[float]) -> str:
    """How many words there are, and how many numbers each has."""
    words, size = count_words(len(trace.tokens)), len(vector)
    return tr_n("{words} × {n} number", "{words} × {n} numbers", size, words=words, n=format_count(size))


def describe_part(trace: FollowedWord) -> str:
    """How much of the context vector is of the word whose score is worked out."""
    return tr(
        "**{word}** makes up **{part}** of the context vector, measured along it (an even share would be {even}):",
        word=name_followed(trace, trace.scored),
        part=format_percent(trace.part),
        even=format_percent(1 / len(trace.tokens)),
    )
