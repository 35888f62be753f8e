"""The six steps from words to a probability, for each network with attention: what happens, and its equation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple


class Step(NamedTuple):
    """One step: its title, one or two sentences in Markdown, and its equation in LaTeX."""

    title: str
    sentence: str
    equation: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A kind of attention.

    Attributes:
        title: what it is called.
        paper: where it comes from, in Markdown, and how this network differs from it.
        weight: the letter of a weight, in LaTeX.
        key, query: what is multiplied for a score: what of the word, and what with.
        steps: embedding, hidden states, scores, softmax, weighted sum, probability.
        column: what has weights of its own where a word has several: 'feature' or 'head'; '' where it has one.
        state: the letter of what is summed up.
        joined: the names of what the last layer reads, where that is not the context vector itself.
    """

    title: str
    paper: str
    weight: str
    key: str
    query: str
    steps: tuple[Step, ...]
    column: Literal["", "feature", "head"] = ""
    state: str = "h"
    joined: tuple[str, ...] = ()


_EMBEDDING = Step(
    "Embedding: each word becomes numbers",
    "The network knows no letters. Each word stands for a row of a learned table $E$, and the numbers in that row are "
    "all that the network sees of the word.",
    r"x_t = E_{w_t}",
)
_LSTM = Step(
    "Hidden states: each word in its context",
    "An LSTM reads the words one after the other. Its state $h_t$ is what it remembers after word $t$, so from here on "
    "a word's numbers also tell of the words before it.",
    r"h_t = \mathrm{LSTM}(x_t,\, h_{t-1})",
)
_BILSTM = Step(
    _LSTM.title,
    "Two LSTMs read the words, one from the front and one from the back. The state $h_t$ joins what both remember at "
    "word $t$, so from here on a word's numbers also tell of the words on both sides.",
    r"h_t = \bigl[\overrightarrow{\mathrm{LSTM}}(x_t,\, \overrightarrow{h}_{t-1});\ "
    r"\overleftarrow{\mathrm{LSTM}}(x_t,\, \overleftarrow{h}_{t+1})\bigr]",
)
_NO_STATES = Step(
    "Hidden states: none, each word stands for itself",
    "This network has no memory and reads no context: what attention looks at is the word's own vector. So here a "
    "weight is the word's own.",
    r"h_t = x_t",
)
_SCORES = "Scores: how well each word fits the query"
_SOFTMAX = "Softmax: scores become shares"
_SUM = "Weighted sum: one vector for the whole review"
_ANSWER = "Probability: the answer"

_SHARPNESS = (
    "The temperature $T$ decides how sharply: a small one lets the highest score win, a large one makes all words "
    "alike. Drag the slider."
)
_SIGMOID = r"p = \sigma(z) = \frac{1}{1 + e^{-z}}"


def _lines(*equations: str) -> str:
    """Equations under each other."""
    return r"\begin{gathered}" + r" \\[.5em] ".join(equations) + r"\end{gathered}"


def _softmax(weight: str) -> Step:
    return Step(
        _SOFTMAX,
        f"The softmax turns the scores into positive weights that sum to 1. {_SHARPNESS}",
        rf"{weight}_t = \frac{{\exp(e_t / T)}}{{\sum_{{i=1}}^{{n}} \exp(e_i / T)}}",
    )


def _sum(weight: str) -> Step:
    return Step(
        _SUM,
        "Each word's state counts as much as its weight says. Only their sum, the context vector $c$, is passed on.",
        rf"c = \sum_{{t=1}}^{{n}} {weight}_t \, h_t",
    )


_SPLIT_ANSWER = Step(
    _ANSWER,
    "The last layer multiplies $c$ with learned numbers $w$ and adds them up; the sigmoid turns the sum $z$ into a "
    "probability. Since $c$ is a sum over the words, $z$ is one too, and each word's share of it can be read off.",
    _lines(r"z = w^\top c + b = \sum_{t=1}^{n} \alpha_t \, w^\top h_t + b", _SIGMOID),
)

_LABELS_ANSWER = Step(
    _ANSWER,
    "The last layer has learned numbers $w_k$ for each label $k$: it multiplies $c$ with them and adds them up. A "
    "second softmax turns the sums $z_k$ into probabilities that sum to 1. Since $c$ is a sum over the words, $z_k$ is "
    "one too, and each word's share of it can be read off.",
    _lines(
        r"z_k = w_k^\top c + b_k = \sum_{t=1}^{n} \alpha_t \, w_k^\top h_t + b_k",
        r"p_k = \frac{\exp(z_k)}{\sum_j \exp(z_j)}",
    ),
)

_ADDITIVE = Mechanism(
    "Additive attention",
    "Bahdanau et al. 2015, *Neural Machine Translation by Jointly Learning to Align and Translate*. There the score is "
    r"$v_a^\top \tanh(W_a s_{i-1} + U_a h_j)$ with a decoder's state $s_{i-1}$. A classifier has no decoder, so this "
    "network, as many tutorials do, scores each state by itself.",
    r"\alpha",
    "state hₜ",
    "learned Wₐ",
    (
        _EMBEDDING,
        _BILSTM,
        Step(
            _SCORES,
            "The query here is the same for every review: the learned numbers $W_a$, with which each state is "
            "multiplied. A learned bias $b_t$ says how much the place $t$ in the text counts. The tanh keeps every "
            "score between −1 and 1.",
            r"e_t = \tanh(h_t W_a + b_t)",
        ),
        _softmax(r"\alpha"),
        _sum(r"\alpha"),
        _SPLIT_ANSWER,
    ),
)
_LUONG = Mechanism(
    "Multiplicative attention",
    "Luong et al. 2015, *Effective Approaches to Attention-based Neural Machine Translation*, the score called "
    r"‘general’. They translate: what is $h_n$ here is their decoder's state $h_t$, and $h_t$ here is their "
    r"$\bar h_s$.",
    "a",
    "state hₜ",
    "Wₐᵀ hₙ",
    (
        _EMBEDDING,
        _LSTM,
        Step(
            _SCORES,
            "The query is the last state $h_n$, which has read the whole review. The learned table $W_a$ says how well "
            "each word's state fits it.",
            r"e_t = \mathrm{score}(h_n, h_t) = h_n^\top W_a \, h_t",
        ),
        _softmax("a"),
        _sum("a"),
        Step(
            _ANSWER,
            r"A tanh layer joins $c$ and the last state $h_n$ to the attention vector $\tilde h$; the last layer adds "
            "that up. The tanh of a sum is not the sum of the tanhs, so no word's share can be read off here. And "
            "$h_n$ also goes to the answer past the attention, so the weights decide only part of it.",
            _lines(r"\tilde h = \tanh(W_c [c;\, h_n])", r"z = w^\top \tilde h + b", _SIGMOID),
        ),
    ),
    joined=("context c", "last state hₙ", "h̃"),
)
_FEATUREWISE = Mechanism(
    "Feature-wise attention",
    "A form of additive attention (Bahdanau et al. 2015) that tutorials use: in place of one score a word there is one "
    "for each number of its state, and every feature has a softmax of its own.",
    r"\alpha",
    "state hₜ",
    "column of W",
    (
        _EMBEDDING,
        _LSTM,
        Step(
            _SCORES,
            "Each feature $j$ has a learned query of its own, a column of the table $W$. So a word has as many scores "
            "as its state has numbers; the tanh keeps them between −1 and 1.",
            r"e_{t,j} = \tanh(h_t W_{:,j} + b_j)",
        ),
        Step(
            _SOFTMAX,
            f"For each feature, a softmax turns the scores of all words into weights that sum to 1. {_SHARPNESS}",
            r"\alpha_{t,j} = \frac{\exp(e_{t,j} / T)}{\sum_{i=1}^{n} \exp(e_{i,j} / T)}",
        ),
        Step(
            _SUM,
            "Each number of each state counts as much as its own weight says. Only the sum, the context vector $c$, is "
            "passed on.",
            r"c_j = \sum_{t=1}^{n} \alpha_{t,j} \, h_{t,j}",
        ),
        _SPLIT_ANSWER._replace(
            equation=_lines(r"z = w^\top c + b = \sum_{t=1}^{n} \sum_j w_j \, \alpha_{t,j} \, h_{t,j} + b", _SIGMOID)
        ),
    ),
    column="feature",
)
_DOT = Mechanism(
    "Scaled dot-product attention",
    "Vaswani et al. 2017, *Attention Is All You Need*: $\\mathrm{softmax}(QK^\\top / \\sqrt{d_k})\\,V$. A transformer "
    "has one query a word and many heads; this network has a single query, made from the last state, and the values "
    "$V$ are the states themselves.",
    r"\alpha",
    "key kₜ",
    "query q",
    (
        _EMBEDDING,
        _LSTM,
        Step(
            _SCORES,
            "The last state $h_n$, which has read the whole review, asks a question, the query $q$; every word offers "
            "a key $k_t$. The better the two fit, the higher the score. Dividing by $\\sqrt{d_k}$ keeps a sum of many "
            "products from growing large.",
            _lines(r"q = h_n W^Q \qquad k_t = h_t W^K", r"e_t = \frac{q \cdot k_t}{\sqrt{d_k}}"),
        ),
        _softmax(r"\alpha"),
        _sum(r"\alpha"),
        _SPLIT_ANSWER,
    ),
)

_SELF = Mechanism(
    "Self-attention in two heads",
    "Vaswani et al. 2017, *Attention Is All You Need*: $\\mathrm{softmax}(QK^\\top / \\sqrt{d_k})\\,V$. Every word "
    "asks, and every word is looked at, so the weights are a table of queries by tokens, one for each head. The word "
    "that you follow here is the one that asks.",
    r"\alpha",
    "key kᵢ",
    "query qₜ",
    (
        Step(
            "Embedding: each word and its place become numbers",
            "The network knows no letters. Each word stands for a row of a learned table $E$; a learned vector $P_t$ "
            "of its place is added, since attention by itself sees no order.",
            r"x_t = E_{w_t} + P_t",
        ),
        Step(
            "Queries, keys and values: three views of each word",
            "In each head three learned tables make of a word what it asks (the query), what it is found by (the key) "
            "and what it hands over (the value). No word has read another one yet.",
            _lines(r"q_t = x_t W^Q", r"k_t = x_t W^K", r"v_t = x_t W^V"),
        ),
        Step(
            _SCORES,
            "The followed word $t$ asks with its query; every word $i$, itself too, offers its key. The better the two "
            "fit, the higher the score; dividing by $\\sqrt{d_k}$ keeps a sum of many products from growing large.",
            r"e_{t,i} = \frac{q_t \cdot k_i}{\sqrt{d_k}}",
        ),
        Step(
            _SOFTMAX,
            f"In each head, a softmax turns the scores of a query into weights that sum to 1. {_SHARPNESS} It holds "
            "for every query of both heads.",
            r"\alpha_{t,i} = \frac{\exp(e_{t,i} / T)}{\sum_{j=1}^{n} \exp(e_{t,j} / T)}",
        ),
        Step(
            "Weighted sum: one vector for each word",
            "Each word's value counts as much as its weight says. The sums of both heads stand side by side in the "
            "context vector $c_t$, which is added to $x_t$.",
            r"c_t = \Bigl[\sum_{i=1}^{n} \alpha^{(1)}_{t,i} \, v^{(1)}_i;\ "
            r"\sum_{i=1}^{n} \alpha^{(2)}_{t,i} \, v^{(2)}_i\Bigr]",
        ),
        Step(
            _ANSWER,
            "A small network changes each word's vector, the mean of all of them is taken, and a hidden layer $u$ "
            "reads that mean. So no word's share can be read off here; and $x_t$ itself goes past the attention.",
            _lines(r"u = \mathrm{relu}(W_u \, \bar x + b_u)", r"z = w^\top u + b", _SIGMOID),
        ),
    ),
    column="head",
    state="v",
    joined=("hidden layer u",),
)

_WORD_ADDITIVE = replace(
    _ADDITIVE,
    title="Additive attention on the words themselves",
    paper=f"{_ADDITIVE.paper} And it scores the words' own vectors, since there is nothing else to score.",
    key="vector xₜ",
    steps=(_EMBEDDING, _NO_STATES, *_ADDITIVE.steps[2:]),
)
_STARS = replace(_WORD_ADDITIVE, steps=(*_WORD_ADDITIVE.steps[:-1], _LABELS_ANSWER))

MECHANISMS: Mapping[str, Mechanism] = {
    "word-additive": _WORD_ADDITIVE,
    "stars": _STARS,
    "luong": _LUONG,
    "bilstm-additive": _ADDITIVE,
    "lstm-featurewise": _FEATUREWISE,
    "lstm-dot": _DOT,
    "transformer": _SELF,
}
"""By the name of the network in the table of networks."""
