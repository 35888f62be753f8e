"""The network's own attention map and another one with the same answer, side by side, and what follows from them."""

from __future__ import annotations

from statistics import median

from attnviz.render.dot_strip import Axis, render_strip
from attnviz.render.glossary import FURTHEST, GLOSSARY
from attnviz.render.html import escape_text, render_scale, render_text
from attnviz.render.numerals import format_probability
from attnviz.render.palette import get_full_score
from attnviz.values.adversarial_attention import AdversarialAttention
from attnviz.values.explanation import Explanation

NAMED, LEAST = 3, 0.001
"""Under a map its NAMED strongest words are named, if they have LEAST weight at least."""

HELP = (
    f"Jensen–Shannon divergence: {GLOSSARY['Jensen–Shannon divergence']} The probability over the other map is that of "
    "the whole network, run again with those weights in place of its own. One word can stand for many, because its "
    "hidden state has read other words too (Jain & Wallace 2019)."
)

_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.5rem 2.5rem"
_TITLE = "font-size:16px;font-weight:600;margin:0"
_NUMBER = "font-size:28px;font-weight:600;line-height:1.2;margin:0;font-variant-numeric:tabular-nums"
_TEXT = "font-size:16px;line-height:1.75;max-height:24rem;overflow-y:auto;margin:.6rem 0;padding-right:.4rem"


def describe_adversarial(found: AdversarialAttention) -> str:
    """What was found and what follows, in a few sentences."""
    if found.other is None:
        count = "no word" if not found.own.tokens else "only one word"
        return f"There is {count} to read here: another map needs two words or more."
    apart = f"{found.divergence:.3f} of at most {FURTHEST:.3f}"
    if found.divergence < FURTHEST / 2:
        return (
            f"This text ties the attention down: of the maps that move the probability by {found.largest_change:g} at "
            f"most, the most different one is close to its own (Jensen–Shannon divergence {apart}). "
            f"{_describe_shuffling(found)}"
        )
    return (
        f"A very different map gives the same answer: the probability moves by {_move(found.change)} "
        f"(Jensen–Shannon divergence {apart}). So the network's own map is one of many that lead to this answer, and "
        f"cannot be the only reason for it. {_describe_shuffling(found)}"
    )


def _describe_shuffling(found: AdversarialAttention) -> str:
    """What weights do that were dealt out at random: whether the answer needs the attention where it is at all."""
    tries, kept = len(found.shuffled), sum(change <= found.largest_change for change in found.shuffled)
    moved = f"by {_move(median(found.shuffled))} in the median of {tries} times"
    if 2 * kept > tries:
        return (
            f"Shuffled over the words at random, its own weights move it {moved}, {_count_times(kept)} by "
            f"{found.largest_change:g} at most: where they lie hardly matters here."
        )
    few = f"only {_count_times(kept)}" if kept else "never"
    return (
        f"Shuffled over the words at random, its own weights move it {moved}, and {few} by {found.largest_change:g} "
        "or less."
    )


def _count_times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _move(change: float) -> str:
    return "less than 0.001" if change < 0.0005 else f"{change:.3f}"


def render_adversarial(found: AdversarialAttention | None, *, stale: bool = False) -> str:
    """Both maps on one colour scale, each with its probability and its strongest words.

    Args:
        found: None while there is nothing yet; a place is kept.
        stale: dim the maps, because they belong to another text.
    """
    if found is None or found.other is None:
        return '<div class="attnviz-maps" style="min-height:8rem"></div>' if found is None else ""
    full = get_full_score(found.own)
    maps = _map("The network's own map", found.own, full) + _map("The other map", found.other, full)
    scale = render_scale(found.own, full, beyond=float(found.other.scores.max()) > full)
    dim = ";opacity:.45" if stale else ""
    return (
        f'<div class="attnviz-maps" style="min-height:8rem{dim}">{_render_moves(found)}'
        f'<details><summary>Show both maps</summary><div style="{_GRID};margin-top:.6rem">{maps}</div>{scale}'
        f"<p><small>{escape_text(HELP)}</small></p></details></div>"
    )


def _render_moves(found: AdversarialAttention) -> str:
    """By how much shuffled weights move the answer, as dots, and the other map, as the bar."""
    largest = max(found.change, *found.shuffled, 0.0)
    axis = Axis("the answer stays", f"moves by up to {largest:.3f}")
    said = f"The other map moves the probability by {_move(found.change)}; {_describe_shuffling(found)}"
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
    answer = explanation.prediction.label or ""
    if explanation.label == answer or len(explanation.prediction.labels) == 2:
        return answer
    return f"{explanation.label} (the answer is {answer})"


def _name_strongest(explanation: Explanation) -> str:
    scores = explanation.scores.tolist()
    best = sorted(range(len(scores)), key=lambda place: -scores[place])[:NAMED]
    named = [f"{explanation.tokens[place].text} {scores[place]:.3f}" for place in best if scores[place] >= LEAST]
    return f"Largest weights: {', '.join(named)}" if named else "No word has a weight that could be seen."
