"""What a kind of attention and its steps from words to a probability are, and the steps that several networks share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from attnviz.languages import mark, tr
from attnviz.render.phrases import join_sentences


class Step(NamedTuple):
    """One step: its title, one or two sentences in Markdown, and its equation in LaTeX; the words are English."""

    title: str
    sentences: tuple[str, ...]
    equation: str

    @property
    def name(self) -> str:
        """The beginning of the title, in the reader's language."""
        return re.split("[:：]", tr(self.title))[0]

    @property
    def text(self) -> str:
        """What happens, in the reader's language."""
        return join_sentences(map(tr, self.sentences))


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A kind of attention; its words are English.

    Attributes:
        title: what it is called.
        papers: where it comes from, in Markdown, and how this network differs from it.
        weight: the letter of a weight, in LaTeX.
        key, query: what is multiplied for a score: what of the word, and what with.
        steps: embedding, hidden states, scores, softmax, weighted sum, probability.
        column: what has weights of its own where a word has several: 'feature' or 'head'; '' where it has one.
        state: the letter of what is summed up.
        joined: the names of what the last layer reads, where that is not the context vector itself.
    """

    title: str
    papers: tuple[str, ...]
    weight: str
    key: str
    query: str
    steps: tuple[Step, ...]
    column: Literal["", "feature", "head"] = ""
    state: str = "h"
    joined: tuple[str, ...] = ()

    @property
    def reads_context(self) -> bool:
        """Whether a word's state tells of other words, too."""
        return self.steps[1] is not NO_STATES

    def describe(self) -> str:
        """What it is and where it comes from, in Markdown and in the reader's language."""
        return join_sentences([tr("**{title}.**", title=tr(self.title)), *map(tr, self.papers)])


EMBEDDING = Step(
    mark("Embedding: each word becomes numbers"),
    (
        mark(
            "The network knows no letters. Each word stands for a row of a learned table $E$, and the numbers in that "
            "row are all that the network sees of the word."
        ),
    ),
    r"x_t = E_{w_t}",
)
LSTM = Step(
    mark("Hidden states: each word in its context"),
    (
        mark(
            "An LSTM reads the words one after the other. Its state $h_t$ is what it remembers after word $t$, so from "
            "here on a word's numbers also tell of the words before it."
        ),
    ),
    r"h_t = \mathrm{LSTM}(x_t,\, h_{t-1})",
)
BILSTM = Step(
    LSTM.title,
    (
        mark(
            "Two LSTMs read the words, one from the front and one from the back. The state $h_t$ joins what both "
            "remember at word $t$, so from here on a word's numbers also tell of the words on both sides."
        ),
    ),
    r"h_t = \bigl[\overrightarrow{\mathrm{LSTM}}(x_t,\, \overrightarrow{h}_{t-1});\ "
    r"\overleftarrow{\mathrm{LSTM}}(x_t,\, \overleftarrow{h}_{t+1})\bigr]",
)
NO_STATES = Step(
    mark("Hidden states: none, each word stands for itself"),
    (
        mark(
            "This network has no memory and reads no context: what attention looks at is the word's own vector. So "
            "here a weight is the word's own."
        ),
    ),
    r"h_t = x_t",
)
SCORES = mark("Scores: how well each word fits the query")
SOFTMAX = mark("Softmax: scores become shares")
SUM = mark("Weighted sum: one vector for the whole review")
ANSWER = mark("Probability: the answer")

SHARPNESS = mark(
    "The temperature $T$ decides how sharply: a small one lets the highest score win, a large one makes all words "
    "alike. Drag the slider."
)
SIGMOID = r"p = \sigma(z) = \frac{1}{1 + e^{-z}}"


def stack_equations(*equations: str) -> str:
    """Equations under each other."""
    return r"\begin{gathered}" + r" \\[.5em] ".join(equations) + r"\end{gathered}"


def build_softmax(weight: str) -> Step:
    """The softmax over the words, where each has one score."""
    return Step(
        SOFTMAX,
        (mark("The softmax turns the scores into positive weights that sum to 1."), SHARPNESS),
        rf"{weight}_t = \frac{{\exp(e_t / T)}}{{\sum_{{i=1}}^{{n}} \exp(e_i / T)}}",
    )


def build_sum(weight: str) -> Step:
    """The sum of the states, where each has one weight."""
    return Step(
        SUM,
        (
            mark(
                "Each word's state counts as much as its weight says. Only their sum, the context vector $c$, is "
                "passed on."
            ),
        ),
        rf"c = \sum_{{t=1}}^{{n}} {weight}_t \, h_t",
    )


SPLIT_ANSWER = Step(
    ANSWER,
    (
        mark(
            "The last layer multiplies $c$ with learned numbers $w$ and adds them up; the sigmoid turns the sum $z$ "
            "into a probability. Since $c$ is a sum over the words, $z$ is one too, and each word's share of it can be "
            "read off."
        ),
    ),
    stack_equations(r"z = w^\top c + b = \sum_{t=1}^{n} \alpha_t \, w^\top h_t + b", SIGMOID),
)

LABELS_ANSWER = Step(
    ANSWER,
    (
        mark(
            "The last layer has learned numbers $w_k$ for each label $k$: it multiplies $c$ with them and adds them "
            "up. A second softmax turns the sums $z_k$ into probabilities that sum to 1. Since $c$ is a sum over the "
            "words, $z_k$ is one too, and each word's share of it can be read off."
        ),
    ),
    stack_equations(
        r"z_k = w_k^\top c + b_k = \sum_{t=1}^{n} \alpha_t \, w_k^\top h_t + b_k",
        r"p_k = \frac{\exp(z_k)}{\sum_j \exp(z_j)}",
    ),
)
