"""What the steps say of the softmaxes of a network: one for all words, one for each feature, or one in each head."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from attnviz.languages import mark, tr
from attnviz.render.attention_steps import Mechanism
from attnviz.render.trace_report import name_followed
from attnviz.values.trace import FollowedWord


class SoftmaxWords(NamedTuple):
    """What is said of features or of heads, which have a softmax each; in English.

    Attributes:
        title: of their choice.
        option: one of them.
        help: what they are.
        case: the word whose score is worked out in one of them; `largest`: where that is the one of its largest weight.
        scores: above all scores.
        mean: what the weight is on average over all.
    """

    title: str
    option: str
    help: str
    case: str
    largest: str
    scores: str
    mean: str


SOFTMAX_WORDS: Mapping[str, SoftmaxWords] = MappingProxyType(
    {
        "feature": SoftmaxWords(
            mark("Feature"),
            mark("feature {number}"),
            mark("Each feature has scores and weights of its own. The page Reviews shows their mean."),
            mark("For **{word}** in feature {number}"),
            mark("For **{word}** in feature {number} (its largest weight)"),
            mark("The score of each word in each feature:"),
            mark("The mean over all features is **{weight}**. Below are the means."),
        ),
        "head": SoftmaxWords(
            mark("Head"),
            mark("head {number}"),
            mark("Each head has scores and weights of its own. The page Reviews shows their mean."),
            mark("For **{asking}** asking **{word}** in head {number}"),
            mark("For **{asking}** asking **{word}** in head {number} (its largest weight)"),
            mark("The score of each word in each head:"),
            mark("The mean over all heads is **{weight}**. Below are the means."),
        ),
    }
)
"""By what a mechanism calls them."""


def name_case(mechanism: Mechanism, trace: FollowedWord, *, reason: bool = False) -> str:
    """The word whose score is worked out, in which of several softmaxes, and where words ask the pair; in Markdown.

    Args:
        mechanism: of the network.
        trace: a forward trace that follows a word.
        reason: whether to say why this one of several was taken.
    """
    word = name_followed(trace, trace.scored)
    if trace.score.example is None:
        return tr("For **{word}**", word=word)
    words = SOFTMAX_WORDS[mechanism.column]
    case = words.largest if reason and trace.score.feature is None else words.case
    return tr(case, word=word, asking=name_followed(trace), number=trace.score.example + 1)
