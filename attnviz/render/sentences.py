"""What a result says, in plain words; the same sentences on the page, in HTML files and on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from attnviz.languages import mark, tr, tr_n
from attnviz.render.labels import name_label
from attnviz.render.map_names import name_reduction
from attnviz.render.numerals import format_count, format_number, format_percent, format_probability, format_signed
from attnviz.render.phrases import join_list, join_sentences, quote_word
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

EXACT = 0.0005
"""A smaller gap between a sum of scores and what it should be is 0.000."""


def explain_methods(names: Iterable[str]) -> str:
    """What the scores of some methods mean, in Markdown."""
    return join_sentences(
        tr("**{term}**: {meaning}", term=METHODS[name].title, meaning=METHODS[name].help) for name in names
    )


def describe_probability(explanation: Explanation) -> str:
    """The network's answer."""
    if explanation.probability is None and explanation.tokens:
        return tr("no answer: what the network gives for these words is no number")
    if explanation.probability is None:
        return tr("no answer, because there is no word to read")
    if explanation.knows_nothing:
        return tr("no verdict: the network knows none of these words")
    probability = format_probability(explanation.probability)
    return tr("{label} with probability {probability}", label=name_label(explanation.label), probability=probability)


def name_probability(prediction: Prediction, label: int) -> str:
    """What the probability of a label is called."""
    name = name_label(prediction.labels[label])
    if prediction.labels == SENTIMENT:
        return tr("probability that the review is {label}", label=name)
    return tr("probability of “{label}”", label=name)


def describe_full_score(full: float, even: float | None) -> str:
    """What a score of the full colour is.

    Args:
        full: that score, above 0.
        even: of attention an even share; None of signed scores.
    """
    if even is None:
        return tr("full colour = ±{full}", full=format_number(full, 4))
    if full == 1:
        return tr("full colour = all of the attention")
    times = round(full / even, 1)
    return tr_n(
        "full colour = {times} time an even share",
        "full colour = {times} times an even share",
        times,
        times=format_short(times),
    )


def format_short(number: float) -> str:
    """'3', '8.4': one digit behind the point, if it is not 0."""
    rounded = round(number, 1)
    return format_number(rounded, 0 if rounded.is_integer() else 1)


def describe(explanation: Explanation) -> list[str]:
    """What a reader must know beside the answer: missing words, truncated text, unknown words."""
    return [*_describe_text(explanation), *_describe_unknown(explanation), *_describe_scores(explanation)]


def _describe_text(explanation: Explanation) -> Iterator[str]:
    """What of the text was not read."""
    skipped = explanation.skipped
    if not explanation.tokens:
        yield _describe_nothing(explanation, skipped)
    elif skipped:
        yield _describe_skipped(skipped)
    if explanation.truncated:
        yield _describe_start(explanation)
    if explanation.truncated_end:
        yield _describe_end(explanation)


def _describe_unknown(explanation: Explanation) -> Iterator[str]:
    """Words that the network read without knowing them."""
    unknown = explanation.unknown
    if not unknown:
        return
    if explanation.knows_nothing:
        yield tr("The network knows none of these words: it read the same placeholder for each.")
    else:
        yield tr_n(
            "{n} word is unknown to the network (dotted): it read a placeholder instead.",
            "{n} words are unknown to the network (dotted): it read a placeholder instead.",
            len(unknown),
            n=format_count(len(unknown)),
        )
    if any(_UNSPACED.search(token.text) for token in unknown):
        yield tr(
            "Letters without spaces were read as one unknown word; a network trained on such texts can do better "
            "(attnviz, page Training)."
        )


def _describe_scores(explanation: Explanation) -> Iterator[str]:
    """What the scores are, as far as it is not the same for every text."""
    if explanation.reduction:
        yield tr(
            "Each word has several weights; shown is the {reduction}.", reduction=name_reduction(explanation.reduction)
        )
    if not explanation.signed and len(explanation.tokens) > 1 and explanation.probability is not None:
        yield _describe_spread(explanation)
    if explanation.outside is not None and explanation.outside >= LEAST_OUTSIDE:
        yield _describe_outside(explanation.outside)
    if explanation.gap is not None:
        yield _describe_sum(explanation, explanation.gap)
    if explanation.readings is not None:
        yield _describe_readings(explanation, explanation.readings)


def _describe_nothing(explanation: Explanation, skipped: Sequence[str]) -> str:
    """A text of which nothing was read."""
    if skipped:
        return tr("The network knows none of these words, and reads only words that it knows.")
    if explanation.text.strip():
        return tr("There is no word in this text, only signs.")
    return tr("There is no text yet.")


def _describe_skipped(words: Sequence[str]) -> str:
    """Words that a tokenizer dropped."""
    named = join_list([*map(quote_word, words[:NAMED]), *(["…"] if len(words) > NAMED else [])])
    return tr_n(
        "{n} word is not in the vocabulary and not read: {words}.",
        "{n} words are not in the vocabulary and not read: {words}.",
        len(words),
        n=format_count(len(words)),
        words=named,
    )


def _describe_start(explanation: Explanation) -> str:
    """What was cut off at the start."""
    count = explanation.truncated
    return tr_n(
        "This network reads the last {read} words; the first word is greyed and was not read.",
        "This network reads the last {read} words; the first {n} words are greyed and were not read.",
        count,
        read=format_count(len(explanation.tokens)),
        n=format_count(count),
    )


def _describe_end(explanation: Explanation) -> str:
    """What was cut off at the end."""
    count, read = explanation.truncated_end, format_count(len(explanation.tokens))
    if explanation.truncated:
        return tr_n(
            "This network reads the {read} words before; the last word is greyed and was not read.",
            "This network reads the {read} words before; the last {n} words are greyed and were not read.",
            count,
            read=read,
            n=format_count(count),
        )
    return tr_n(
        "This network reads the first {read} words; the last word is greyed and was not read.",
        "This network reads the first {read} words; the last {n} words are greyed and were not read.",
        count,
        read=read,
        n=format_count(count),
    )


def _describe_outside(share: float) -> str:
    """Attention that went to no word."""
    return tr(
        "{share} of the attention went to steps that are no words (padding or special marks); the weights shown are "
        "shares of the rest.",
        share=format_percent(share, 0),
    )


def _describe_spread(explanation: Explanation) -> str:
    """How far the strongest weight stands out: a picture of nearly even weights shows no choice of words."""
    count = len(explanation.tokens)
    largest = float(explanation.scores.max()) * count
    even, times = format_number(1 / count, 4), format_number(largest, 1)
    if largest < NEARLY_EVEN:
        return tr(
            "An even share would be {even}; the strongest word gets {times} times as much, so this network hardly "
            "prefers any word here.",
            even=even,
            times=times,
        )
    return tr("An even share would be {even}; the strongest word gets {times} times as much.", even=even, times=times)


def _describe_sum(explanation: Explanation, gap: float) -> str:
    """What integrated gradients and SHAP values share out, and how exactly they do."""
    total = float(explanation.scores.sum())
    other = format_number((explanation.probability or 0) - total + gap)
    message = _SUMS[abs(gap) < EXACT, explanation.method == "shap"]
    return tr(message, total=format_signed(total, 3), gap=format_number(abs(gap)), other=other)


_SUMS = {
    (True, True): mark(
        "The scores sum to {total}: exactly the difference between this probability and that of a text without words "
        "({other})."
    ),
    (True, False): mark(
        "The scores sum to {total}: exactly the difference between this probability and that of as many blank words "
        "({other})."
    ),
    (False, True): mark(
        "The scores sum to {total}: {gap} off the difference between this probability and that of a text without words "
        "({other})."
    ),
    (False, False): mark(
        "The scores sum to {total}: {gap} off the difference between this probability and that of as many blank words "
        "({other})."
    ),
}
"""The sentences by whether the sum is exact, and whether it is compared with a text without words."""


def _describe_readings(explanation: Explanation, readings: int) -> str:
    """What scores by texts with words left out rest on, and how far they can be relied on for that."""
    count = format_count(readings)
    if explanation.r_squared is not None:
        return tr_n(
            "The network read {n} text with words left out; the linear model whose weights are shown explains {share} "
            "of what they change (R²).",
            "The network read {n} texts with words left out; the linear model whose weights are shown explains {share} "
            "of what they change (R²).",
            readings,
            n=count,
            share=format_percent(max(0.0, explanation.r_squared), 0),
        )
    if readings < SHAP_READINGS - 1:
        return tr_n(
            "The network read {n} text with words left out, until every word had a share of its own.",
            "The network read {n} texts with words left out, until every word had a share of its own.",
            readings,
            n=count,
        )
    return tr_n(
        "The network read {n} text with words left out, which is the most it may; words whose group was not taken "
        "apart further share its value evenly.",
        "The network read {n} texts with words left out, which is the most it may; words whose group was not taken "
        "apart further share its value evenly.",
        readings,
        n=count,
    )


def describe_shape(shape: Sequence[int | None]) -> str:
    """An output shape without its batch axis; an axis of any length is 'words'."""
    sizes = [tr("words") if size is None else format_count(size) for size in shape[1:]]
    return " × ".join(sizes) or "1"


def count_parameters(count: int) -> str:
    """'1 parameter', '2,000 parameters'."""
    return tr_n("{n} parameter", "{n} parameters", count, n=format_count(count))
