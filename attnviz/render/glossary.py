"""What the words of the pages mean, each in a sentence or two: for helps and tooltips, and as a list."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from types import MappingProxyType

from attnviz.render.html import escape_text
from attnviz.values.methods import METHODS

FURTHEST = log(2)
"""The largest Jensen-Shannon divergence there is."""

INTERVAL = "95\xa0% interval"

_LOOKING = {
    "Score": "The number that a method gives to a word; its strength is its size, whatever its sign.",
    "Attention": "The step of a network that decides how much of each word is passed on.",
    **{method.title: method.help for method in METHODS.values()},
    "Even share": "What every word would get if all got the same: 1 divided by the number of words.",
    "Full colour": "The score at the end of the colour scale; strength grows in proportion up to it.",
    "Evenness": "How evenly attention is spread: its mean entropy over the logarithm of the number of steps; 1 is an "
    "even share for each step, 0 all of it for a single one.",
    "Head": "One of several attentions that a network computes side by side, each with weights of its own.",
    "Attention rollout": "The weights of all layers multiplied one after the other, so that attention is followed from "
    "the last layer back to the words (Abnar & Zuidema 2020).",
}

_INSIDE = {
    "Word vector": "The row of learned numbers that stands for a word in the network; also called its embedding.",
    "Hidden state": "What the network has in mind at a word, after reading the words around it.",
    "Query": "What the network looks for; a word's score says how well the word fits it.",
    "Softmax": "The formula that turns scores into positive weights that sum to 1.",
    "Temperature": "How sharp the softmax is: a small one lets the highest score win, a large one makes words alike.",
    "Context vector": "The sum of the words' states, each as much as its weight says.",
    "Unknown word": "A word that is not in the network's vocabulary; it reads the same placeholder for all of them.",
    "Parameters": "The numbers that a network learned.",
}

_TRUSTING = {
    "Comprehensiveness": "How much probability the answer loses without the words with the highest scores (1, 5, 10, "
    "20 and 50\xa0% of the text; the mean of the five). More is better; below 0 it gets surer without them (DeYoung et "
    "al. 2020).",
    "Sufficiency": "How much probability the answer loses when the network reads only the words with the highest "
    "scores. Less is better; below 0 they alone make it surer (DeYoung et al. 2020).",
    "Kendall’s τ": "How alike two orders of the words are: 1 for the same, 0 for nothing in common, −1 for the "
    "reverse. Of signed scores the size counts.",
    "Better than chance": "Better than all but a few of 99 random maps, which know nothing of the words. Up to half of "
    "them are the same map moved along the text, the others are drawn at random; where there are enough of each, it "
    "has to stand out among both. A map like them would pass any of the two tests on about 1 text in 20 at most (Holm "
    "1979), and so for the agreements; what is not shown on one text may be true all the same.",
    "Jensen–Shannon divergence": f"How different two maps are: 0 for the same, {FURTHEST:.3f} (ln 2) if no word has "
    "weight in both.",
    "Total variation distance": "How different two answers are: 0 for the same probabilities, 1 for certainty of "
    "different labels.",
    "Precision at k": "The share of your words that are among as many words with the highest scores.",
    "AUPRC": "The same share for any number of highest words: the area under precision over recall.",
    "IoU": "The words in both sets over the words in one or both.",
    "Permutation importance": "The accuracy that is lost when a column is shuffled among the samples: what the network "
    "uses.",
    "Truth score": "How often the largest weights stand where the answer was planted: 1 is always (Arras et al. 2022).",
}

_TRAINING = {
    "Epoch": "One pass over all training texts.",
    "Loss": "How surprised the network is by the right answer: minus the natural logarithm of the probability that it "
    "gave to it. 0 is certain and right, 0.69 undecided between two labels.",
    "Held out": "Kept apart from training, so that a network is judged on texts that it did not learn.",
    "Over-fitting": "Learning the training texts by heart: their loss still falls, while that of held-out texts rises.",
    "Seed": "The number that random choices start from; the same seed gives the same run.",
    "Confidence": "The probability of the label that was answered.",
    "Calibration error": "How far the share of right answers is from what the confidence promises, on average over ten "
    "bins of equal width (Guo et al. 2017).",
    INTERVAL: "A range that holds the true value in 19 of 20 such measurements; it says nothing of other "
    "seeds of the training.",
    "SD": "Standard deviation: how far the seeds lie from their mean.",
}

SECTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "What is looked at": _LOOKING,
        "Inside the network": _INSIDE,
        "Can it be trusted?": _TRUSTING,
        "Training and measuring": _TRAINING,
    }
)
"""The terms in the order of learning: their meaning by their name, by what they are about."""

GLOSSARY: Mapping[str, str] = MappingProxyType({term: said for one in SECTIONS.values() for term, said in one.items()})
"""Every term's meaning by its name."""


def explain_terms(*terms: str) -> str:
    """Some terms and their meanings in Markdown, for a help."""
    return " ".join(f"**{term}**: {GLOSSARY[term]}" for term in terms)


def render_terms(terms: Mapping[str, str]) -> str:
    """Terms and their meanings as a list of definitions, a fragment of HTML."""
    pairs = "".join(
        f'<dt style="font-weight:600">{escape_text(term)}</dt>'
        f'<dd style="margin:0 0 .6em;max-width:75ch">{escape_text(said)}</dd>'
        for term, said in terms.items()
    )
    return f'<dl style="margin:0">{pairs}</dl>'


def render_glossary() -> str:
    """The whole glossary, a fragment of HTML with a heading for each section."""
    return "".join(
        f'<h3 style="font-size:1rem;margin:1em 0 .5em;padding:0">{escape_text(title)}</h3>{render_terms(terms)}'
        for title, terms in SECTIONS.items()
    )
