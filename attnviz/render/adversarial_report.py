"""The network's own attention map and another one with the same answer, side by side, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from attnviz.languages import tr, tr_n
from attnviz.render.dot_strip import Axis, render_strip
from attnviz.render.glossary import FURTHEST, GLOSSARY
from attnviz.render.html import escape_text, render_scale, render_text
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_number, format_probability
from attnviz.render.palette import get_full_score
from attnviz.render.phrases import join_list, join_sentences
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation

NAMED, LEAST = 3, 0.001
"""Under a map its NAMED strongest words are named, if they have LEAST weight at least."""

_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.5rem 2.5rem"
_TITLE = "font-size:16px;font-weight:600;margin:0"
_NUMBER = "font-size:28px;font-weight:600;line-height:1.2;margin:0;font-variant-numeric:tabular-nums"
_TEXT = "font-size:16px;line-height:1.75;max-height:24rem;overflow-y:auto;margin:.6rem 0;padding-right:.4rem"


def describe_adversarial(found: AdversarialAttention) -> str:
    """What was found and what follows, in a few sentences."""
    if not found.own.tokens:
        return tr("There is no word to read here: another map needs two words or more.")
    if found.other is None:
        return tr("There is only one word to read here: another map needs two words or more.")
    return join_sentences([_describe_distance(found), _describe_shuffling(found)])


def _describe_distance(found: AdversarialAttention) -> str:
    apart, most = format_number(found.divergence), format_number(FURTHEST)
    if found.divergence < FURTHEST / 2:
        return tr(
            "This text ties the attention down: of the maps that move the probability by {limit} at most, the most "
            "different one is close to its own (Jensen–Shannon divergence {apart} of at most {most}).",
            limit=_name_limit(found),
            apart=apart,
            most=most,
        )
    return tr(
        "A very different map gives the same answer: the probability moves by {move} (Jensen–Shannon divergence "
        "{apart} of at most {most}). So the network's own map is one of many that lead to this answer, and cannot be "
        "the only reason for it.",
        move=_name_move(found.change),
        apart=apart,
        most=most,
    )


def _describe_shuffling(found: AdversarialAttention) -> str:
    """What weights do that were dealt out at random: whether the answer needs the attention where it is at all."""
    tries, kept = len(found.shuffled), sum(change <= found.largest_change for change in found.shuffled)
    values = {"move": _name_move(median(found.shuffled)), "tries": str(tries), "limit": _name_limit(found)}
    if not kept:
        return tr(
            "Shuffled over the words at random, its own weights move it by {move} in the median of {tries} times, and "
            "never by {limit} or less.",
            **values,
        )
    return _describe_often(kept, values) if 2 * kept > tries else _describe_seldom(kept, values)


def _describe_often(kept: int, values: Mapping[str, str]) -> str:
    return tr_n(
        "Shuffled over the words at random, its own weights move it by {move} in the median of {tries} times, once by "
        "{limit} at most: where they lie hardly matters here.",
        "Shuffled over the words at random, its own weights move it by {move} in the median of {tries} times, {n} "
        "times by {limit} at most: where they lie hardly matters here.",
        kept,
        n=kept,
        **values,
    )


def _describe_seldom(kept: int, values: Mapping[str, str]) -> str:
    return tr_n(
        "Shuffled over the words at random, its own weights move it by {move} in the median of {tries} times, and only "
        "once by {limit} or less.",
        "Shuffled over the words at random, its own weights move it by {move} in the median of {tries} times, and only "
        "{n} times by {limit} or less.",
        kept,
        n=kept,
        **values,
    )


def _name_limit(found: AdversarialAttention) -> str:
    """By how much the probability was allowed to move, with the digits that somebody gave."""
    limit = f"{found.largest_change:g}"
    return limit if "e" in limit else format_number(found.largest_change, len(limit.partition(".")[2]))


def _name_move(change: float) -> str:
    return tr("less than {number}", number=format_number(0.001)) if change < 0.0005 else format_number(change)


def render_adversarial(found: AdversarialAttention | None, *, stale: bool = False) -> str:
    """Both maps on one colour scale, each with its probability and its strongest words.

    Args:
        found: None while there is nothing yet; a place is kept.
        stale: dim the maps, because they belong to another text.
    """
    if found is None or found.other is None:
        return '<div class="attnviz-maps" style="min-height:8rem"></div>' if found is None else ""
    full = get_full_score(found.own)
    maps = _map(tr("The network's own map"), found.own, full) + _map(tr("The other map"), found.other, full)
    scale = render_scale(found.own, full, beyond=float(found.other.scores.max()) > full)
    dim, summary = ";opacity:.45" if stale else "", tr("Show both maps")
    return (
        f'<div class="attnviz-maps" style="min-height:8rem{dim}">{_render_moves(found)}'
        f"<details><summary>{escape_text(summary)}</summary>"
        f'<div style="{_GRID};margin-top:.6rem">{maps}</div>{scale}'
        f"<p><small>{escape_text(_explain())}</small></p></details></div>"
    )


def _explain() -> str:
    """What has to be known of the numbers."""
    return tr(
        "Jensen–Shannon divergence: {meaning} The probability over the other map is that of the whole network, run "
        "again with those weights in place of its own. One word can stand for many, because its hidden state has read "
        "other words too (Jain & Wallace 2019).",
        meaning=tr(GLOSSARY["Jensen–Shannon divergence"]),
    )


def _render_moves(found: AdversarialAttention) -> str:
    """By how much shuffled weights move the answer, as dots, and the other map, as the bar."""
    largest = format_number(max(found.change, *found.shuffled, 0.0))
    axis = Axis(tr("the answer stays"), tr("moves by up to {number}", number=largest))
    said = tr(
        "The other map moves the probability by {move}; {sentence}",
        move=_name_move(found.change),
        sentence=_describe_shuffling(found),
    )
    return render_strip(found.change, found.shuffled, axis, said)


def _map(title: str, explanation: Explanation, full: float) -> str:
    return (
        f'<section style="min-width:0"><p style="{_TITLE}">{escape_text(title)}</p>'
        f'<p style="{_NUMBER}">{escape_text(format_probability(explanation.probability or 0))} '
        f'<span style="font-size:15px;font-weight:400">{escape_text(_name_answer(explanation))}</span></p>'
        f'<div tabindex="0" role="region" aria-label="{escape_text(title)}" style="{_TEXT}">'
        f"{render_text(explanation, full)}</div>"
        f"<p><small>{escape_text(_name_strongest(explanation))}</small></p></section>"
    )


def _name_answer(explanation: Explanation) -> str:
    """The predicted label; beside it, where the number is about another one, that label."""
    answer = name_label(explanation.prediction.label or "")
    if explanation.label == explanation.prediction.label or len(explanation.prediction.labels) == 2:
        return answer
    return tr("{label} (the answer is {answer})", label=name_label(explanation.label), answer=answer)


def _name_strongest(explanation: Explanation) -> str:
    scores = explanation.scores.tolist()
    best = sorted(range(len(scores)), key=lambda place: -scores[place])[:NAMED]
    named = [
        f"{explanation.tokens[place].text} {format_number(scores[place])}" for place in best if scores[place] >= LEAST
    ]
    if not named:
        return tr("No word has a weight that could be seen.")
    return tr("Largest weights: {words}", words=join_list(named))
