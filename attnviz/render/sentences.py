"""What a result says, in plain words; the same sentences on the page, in HTML files and on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attnviz.render.numerals import format_number, format_percent, format_probability, format_signed
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, SHAP_READINGS
from attnviz.values.prediction import SENTIMENT, Prediction

NEARLY_EVEN = 1.5
"""Below this many times an even share, the strongest weight is said to stand out hardly."""

NAMED = 5
"""So many words that were not read are named."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{4}")
"""Four letters in a row of scripts without spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

LEAST_OUTSIDE = 0.005
"""Attention that went to no word is told from this share on."""


def explain_methods(names: Iterable[str]) -> str:
    """What the scores of some methods mean, in Markdown."""
    return " ".join(f"**{METHODS[name].title}**: {METHODS[name].help}" for name in names)


def describe_probability(explanation: Explanation) -> str:
    """The network's answer."""
    if explanation.probability is None and explanation.tokens:
        return "no answer: what the network gives for these words is no number"
    if explanation.probability is None:
        return "no answer, because there is no word to read"
    if explanation.knows_nothing:
        return "no verdict: the network knows none of these words"
    return f"{explanation.label} with probability {format_probability(explanation.probability)}"


def name_probability(prediction: Prediction, label: int) -> str:
    """What the probability of a label is called."""
    name = prediction.labels[label]
    return f"probability that the review is {name}" if prediction.labels == SENTIMENT else f"probability of “{name}”"


def describe_full_score(full: float, even: float | None) -> str:
    """What a score of the full colour is.

    Args:
        full: that score, above 0.
        even: of attention an even share; None of signed scores.
    """
    if even is None:
        return f"full colour = ±{full:.4f}"
    if full == 1:
        return "full colour = all of the attention"
    times = f"{full / even:.1f}".removesuffix(".0")
    return f"full colour = {times} {'time' if times == '1' else 'times'} an even share"


def describe(explanation: Explanation) -> list[str]:
    """What a reader must know beside the answer: missing words, truncated text, unknown words."""
    notes = []
    skipped = explanation.skipped
    if not explanation.tokens:
        notes.append(_describe_nothing(explanation, skipped))
    elif skipped:
        notes.append(_describe_skipped(skipped))
    if explanation.truncated:
        count, read = explanation.truncated, len(explanation.tokens)
        unread = "word is greyed and was" if count == 1 else f"{count:,} words are greyed and were"
        notes.append(f"This network reads the last {read:,} words; the first {unread} not read.")
    if explanation.truncated_end:
        notes.append(_describe_end(explanation))
    if unknown := len(explanation.unknown):
        if unknown == len(explanation.tokens):
            notes.append("The network knows none of these words: it read the same placeholder for each.")
        else:
            verb = "word is" if unknown == 1 else "words are"
            notes.append(f"{unknown:,} {verb} unknown to the network (dotted): it read a placeholder instead.")
        if any(_UNSPACED.search(token.text) for token in explanation.unknown):
            notes.append(
                "Letters without spaces were read as one unknown word; a network trained on such texts "
                "can do better (attnviz, page Training)."
            )
    if explanation.reduction:
        notes.append(f"Each word has several weights; shown is the {explanation.reduction}.")
    if not explanation.signed and len(explanation.tokens) > 1 and explanation.probability is not None:
        notes.append(_describe_spread(explanation))
    if explanation.outside is not None and explanation.outside >= LEAST_OUTSIDE:
        notes.append(_describe_outside(explanation.outside))
    if explanation.gap is not None:
        notes.append(_describe_sum(explanation, explanation.gap))
    if explanation.readings is not None:
        notes.append(_describe_readings(explanation, explanation.readings))
    return notes


def _describe_nothing(explanation: Explanation, skipped: Sequence[str]) -> str:
    """A text of which nothing was read."""
    if skipped:
        return "The network knows none of these words, and reads only words that it knows."
    return "There is no word in this text, only signs." if explanation.text.strip() else "There is no text yet."


def _describe_skipped(words: Sequence[str]) -> str:
    """Words that a tokenizer dropped."""
    named = ", ".join(f"“{word}”" for word in words[:NAMED]) + (", …" if len(words) > NAMED else "")
    verb = "word is" if len(words) == 1 else "words are"
    return f"{len(words):,} {verb} not in the vocabulary and not read: {named}."


def _describe_end(explanation: Explanation) -> str:
    """What was cut off at the end."""
    count, read = explanation.truncated_end, len(explanation.tokens)
    unread = "word is greyed and was" if count == 1 else f"{count:,} words are greyed and were"
    what = f"the {read:,} words before" if explanation.truncated else f"the first {read:,} words"
    return f"This network reads {what}; the last {unread} not read."


def _describe_outside(share: float) -> str:
    """Attention that went to no word."""
    return (
        f"{format_percent(share, 0)} of the attention went to steps that are no words (padding or special marks); the "
        "weights shown are shares of the rest."
    )


def _describe_spread(explanation: Explanation) -> str:
    """How far the strongest weight stands out: a picture of nearly even weights shows no choice of words."""
    count = len(explanation.tokens)
    times = float(explanation.scores.max()) * count
    sentence = f"An even share would be {1 / count:.4f}; the strongest word gets {times:.1f} times as much"
    return f"{sentence}, so this network hardly prefers any word here." if times < NEARLY_EVEN else f"{sentence}."


def _describe_sum(explanation: Explanation, gap: float) -> str:
    """What integrated gradients and SHAP values share out, and how exactly they do."""
    total = float(explanation.scores.sum())
    exact = "exactly the difference" if abs(gap) < 0.0005 else f"{abs(gap):.3f} off the difference"
    other = "a text without words" if explanation.method == "shap" else "as many blank words"
    return (
        f"The scores sum to {format_signed(total, 3)}: {exact} between this probability and that of {other} "
        f"({format_number((explanation.probability or 0) - total + gap)})."
    )


def _describe_readings(explanation: Explanation, readings: int) -> str:
    """What scores by texts with words left out rest on, and how far they can be relied on for that."""
    read = f"The network read {readings:,} texts with words left out"
    if explanation.r_squared is not None:
        share = max(0.0, explanation.r_squared)
        explained = f"explains {format_percent(share, 0)} of what they change (R²)"
        return f"{read}; the linear model whose weights are shown {explained}."
    if readings < SHAP_READINGS - 1:
        return f"{read}, until every word had a share of its own."
    return f"{read}, which is the most it may; words whose group was not taken apart further share its value evenly."


def describe_shape(shape: Sequence[int | None]) -> str:
    """An output shape without its batch axis; an axis of any length is 'words'."""
    sizes = ["words" if size is None else f"{size:,}" for size in shape[1:]]
    return " × ".join(sizes) or "1"
