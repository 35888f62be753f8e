"""What the words of the pages mean, each in a sentence or two: for helps and tooltips, and as a list.

Terms and meanings are English here, and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from types import MappingProxyType

from attnviz.languages import mark, tr
from attnviz.render.html import escape_text
from attnviz.render.phrases import join_sentences
from attnviz.values.methods import METHODS

FURTHEST = log(2)
"""The largest Jensen-Shannon divergence there is."""

INTERVAL = mark("95\xa0% interval")

_LOOKING = {
    mark("Score"): mark("The number that a method gives to a word; its strength is its size, whatever its sign."),
    mark("Attention"): mark("The step of a network that decides how much of each word is passed on."),
    **{method.wording.title: method.wording.help for method in METHODS.values()},
    mark("Even share"): mark("What every word would get if all got the same: 1 divided by the number of words."),
    mark("Full colour"): mark("The score at the end of the colour scale; strength grows in proportion up to it."),
    mark("Evenness"): mark(
        "How evenly attention is spread: its mean entropy over the logarithm of the number of steps; 1 is an even "
        "share for each step, 0 all of it for a single one."
    ),
    mark("Head"): mark("One of several attentions that a network computes side by side, each with weights of its own."),
    mark("Attention rollout"): mark(
        "The weights of all layers multiplied one after the other, so that attention is followed from the last layer "
        "back to the words (Abnar & Zuidema 2020)."
    ),
}

_INSIDE = {
    mark("Word vector"): mark(
        "The row of learned numbers that stands for a word in the network; also called its embedding."
    ),
    mark("Hidden state"): mark("What the network has in mind at a word, after reading the words around it."),
    mark("Query"): mark("What the network looks for; a word's score says how well the word fits it."),
    mark("Softmax"): mark("The formula that turns scores into positive weights that sum to 1."),
    mark("Temperature"): mark(
        "How sharp the softmax is: a small one lets the highest score win, a large one makes words alike."
    ),
    mark("Context vector"): mark("The sum of the words' states, each as much as its weight says."),
    mark("Unknown word"): mark(
        "A word that is not in the network's vocabulary; it reads the same placeholder for all of them."
    ),
    mark("Parameters"): mark("The numbers that a network learned."),
}

_TRUSTING = {
    mark("Comprehensiveness"): mark(
        "How much probability the answer loses without the words with the highest scores (1, 5, 10, 20 and 50\xa0% of "
        "the text; the mean of the five). More is better; below 0 it gets surer without them (DeYoung et al. 2020)."
    ),
    mark("Sufficiency"): mark(
        "How much probability the answer loses when the network reads only the words with the highest scores. "
        "Less is better; below 0 they alone make it surer (DeYoung et al. 2020)."
    ),
    mark("Kendall’s τ"): mark(
        "How alike two orders of the words are: 1 for the same, 0 for nothing in common, −1 for the reverse. "
        "Of signed scores the size counts."
    ),
    mark("Better than chance"): mark(
        "Better than all but a few of 99 random maps, which know nothing of the words. Up to half of them are the same "
        "map moved along the text, the others are drawn at random; where there are enough of each, it has to stand out "
        "among both. A map like them would pass any of the two tests on about 1 text in 20 at most (Holm 1979), and so "
        "for the agreements; what is not shown on one text may be true all the same."
    ),
    mark("Jensen–Shannon divergence"): mark(
        "How different two maps are: 0 for the same, 0.693 (ln 2) if no word has weight in both."
    ),
    mark("Total variation distance"): mark(
        "How different two answers are: 0 for the same probabilities, 1 for certainty of different labels."
    ),
    mark("Precision at k"): mark("The share of your words that are among as many words with the highest scores."),
    mark("AUPRC"): mark("The same share for any number of highest words: the area under precision over recall."),
    mark("IoU"): mark("The words in both sets over the words in one or both."),
    mark("Permutation importance"): mark(
        "The accuracy that is lost when a column is shuffled among the samples: what the network uses."
    ),
    mark("Truth score"): mark(
        "How often the largest weights stand where the answer was planted: 1 is always (Arras et al. 2022)."
    ),
}

_TRAINING = {
    mark("Epoch"): mark("One pass over all training texts."),
    mark("Loss"): mark(
        "How surprised the network is by the right answer: minus the natural logarithm of the probability that it "
        "gave to it. 0 is certain and right, 0.69 undecided between two labels."
    ),
    mark("Held out"): mark("Kept apart from training, so that a network is judged on texts that it did not learn."),
    mark("Over-fitting"): mark(
        "Learning the training texts by heart: their loss still falls, while that of held-out texts rises."
    ),
    mark("Seed"): mark("The number that random choices start from; the same seed gives the same run."),
    mark("Confidence"): mark("The probability of the label that was answered."),
    mark("Calibration error"): mark(
        "How far the share of right answers is from what the confidence promises, on average over ten bins of equal "
        "width (Guo et al. 2017)."
    ),
    INTERVAL: mark(
        "A range that holds the true value in 19 of 20 such measurements; it says nothing of other seeds of the "
        "training."
    ),
    mark("SD"): mark("Standard deviation: how far the seeds lie from their mean."),
}

SECTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        mark("What is looked at"): _LOOKING,
        mark("Inside the network"): _INSIDE,
        mark("Can it be trusted?"): _TRUSTING,
        mark("Training and measuring"): _TRAINING,
    }
)
"""The terms in the order of learning: their meaning by their name, by what they are about."""

GLOSSARY: Mapping[str, str] = MappingProxyType({term: said for one in SECTIONS.values() for term, said in one.items()})
"""Every term's meaning by its name."""


def explain_terms(*terms: str) -> str:
    """Some terms and their meanings in Markdown and in the reader's language, for a help."""
    return join_sentences(tr("**{term}**: {meaning}", term=tr(term), meaning=tr(GLOSSARY[term])) for term in terms)


def render_terms(terms: Mapping[str, str]) -> str:
    """Terms and their meanings as a list of definitions, a fragment of HTML."""
    pairs = "".join(
        f'<dt style="font-weight:600">{escape_text(tr(term))}</dt>'
        f'<dd style="margin:0 0 .6em;max-width:75ch">{escape_text(tr(said))}</dd>'
        for term, said in terms.items()
    )
    return f'<dl style="margin:0">{pairs}</dl>'


def render_glossary() -> str:
    """The whole glossary, a fragment of HTML with a heading for each section."""
    return "".join(
        f'<h3 style="font-size:1rem;margin:1em 0 .5em;padding:0">{escape_text(tr(title))}</h3>{render_terms(terms)}'
        for title, terms in SECTIONS.items()
    )
