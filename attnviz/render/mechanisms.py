"""The six steps from words to a probability, for each network with attention: what happens, and its equation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from attnviz.languages import mark
from attnviz.render.attention_steps import (
    ANSWER,
    BILSTM,
    EMBEDDING,
    LABELS_ANSWER,
    LSTM,
    NO_STATES,
    SCORES,
    SHARPNESS,
    SIGMOID,
    SOFTMAX,
    SPLIT_ANSWER,
    SUM,
    Mechanism,
    Step,
    build_softmax,
    build_sum,
    stack_equations,
)

_ADDITIVE = Mechanism(
    mark("Additive attention"),
    (
        mark(
            "Bahdanau et al. 2015, *Neural Machine Translation by Jointly Learning to Align and Translate*. There the "
            "score is $v_a^\\top \\tanh(W_a s_{i-1} + U_a h_j)$ with a decoder's state $s_{i-1}$. A classifier has no "
            "decoder, so this network, as many tutorials do, scores each state by itself."
        ),
    ),
    r"\alpha",
    mark("state hₜ"),
    mark("learned Wₐ"),
    (
        EMBEDDING,
        BILSTM,
        Step(
            SCORES,
            (
                mark(
                    "The query here is the same for every review: the learned numbers $W_a$, with which each state is "
                    "multiplied. A learned bias $b_t$ says how much the place $t$ in the text counts. The tanh keeps "
                    "every score between −1 and 1."
                ),
            ),
            r"e_t = \tanh(h_t W_a + b_t)",
        ),
        build_softmax(r"\alpha"),
        build_sum(r"\alpha"),
        SPLIT_ANSWER,
    ),
)
_LUONG = Mechanism(
    mark("Multiplicative attention"),
    (
        mark(
            "Luong et al. 2015, *Effective Approaches to Attention-based Neural Machine Translation*, the score called "
            "‘general’. They translate: what is $h_n$ here is their decoder's state $h_t$, and $h_t$ here is their "
            "$\\bar h_s$."
        ),
    ),
    "a",
    mark("state hₜ"),
    "Wₐᵀ hₙ",
    (
        EMBEDDING,
        LSTM,
        Step(
            SCORES,
            (
                mark(
                    "The query is the last state $h_n$, which has read the whole review. The learned table $W_a$ says "
                    "how well each word's state fits it."
                ),
            ),
            r"e_t = \mathrm{score}(h_n, h_t) = h_n^\top W_a \, h_t",
        ),
        build_softmax("a"),
        build_sum("a"),
        Step(
            ANSWER,
            (
                mark(
                    "A tanh layer joins $c$ and the last state $h_n$ to the attention vector $\\tilde h$; the last "
                    "layer adds that up. The tanh of a sum is not the sum of the tanhs, so no word's share can be read "
                    "off here. And $h_n$ also goes to the answer past the attention, so the weights decide only part "
                    "of it."
                ),
            ),
            stack_equations(r"\tilde h = \tanh(W_c [c;\, h_n])", r"z = w^\top \tilde h + b", SIGMOID),
        ),
    ),
    joined=(mark("context c"), mark("last state hₙ"), "h̃"),
)
_FEATUREWISE = Mechanism(
    mark("Feature-wise attention"),
    (
        mark(
            "A form of additive attention (Bahdanau et al. 2015) that tutorials use: in place of one score a word "
            "there is one for each number of its state, and every feature has a softmax of its own."
        ),
    ),
    r"\alpha",
    mark("state hₜ"),
    mark("column of W"),
    (
        EMBEDDING,
        LSTM,
        Step(
            SCORES,
            (
                mark(
                    "Each feature $j$ has a learned query of its own, a column of the table $W$. So a word has as many "
                    "scores as its state has numbers; the tanh keeps them between −1 and 1."
                ),
            ),
            r"e_{t,j} = \tanh(h_t W_{:,j} + b_j)",
        ),
        Step(
            SOFTMAX,
            (
                mark("For each feature, a softmax turns the scores of all words into weights that sum to 1."),
                SHARPNESS,
            ),
            r"\alpha_{t,j} = \frac{\exp(e_{t,j} / T)}{\sum_{i=1}^{n} \exp(e_{i,j} / T)}",
        ),
        Step(
            SUM,
            (
                mark(
                    "Each number of each state counts as much as its own weight says. Only the sum, the context vector "
                    "$c$, is passed on."
                ),
            ),
            r"c_j = \sum_{t=1}^{n} \alpha_{t,j} \, h_{t,j}",
        ),
        SPLIT_ANSWER._replace(
            equation=stack_equations(
                r"z = w^\top c + b = \sum_{t=1}^{n} \sum_j w_j \, \alpha_{t,j} \, h_{t,j} + b", SIGMOID
            )
        ),
    ),
    column="feature",
)
_DOT = Mechanism(
    mark("Scaled dot-product attention"),
    (
        mark(
            "Vaswani et al. 2017, *Attention Is All You Need*: $\\mathrm{softmax}(QK^\\top / \\sqrt{d_k})\\,V$. A "
            "transformer has one query a word and many heads; this network has a single query, made from the last "
            "state, and the values $V$ are the states themselves."
        ),
    ),
    r"\alpha",
    mark("key kₜ"),
    mark("query q"),
    (
        EMBEDDING,
        LSTM,
        Step(
            SCORES,
            (
                mark(
                    "The last state $h_n$, which has read the whole review, asks a question, the query $q$; every word "
                    "offers a key $k_t$. The better the two fit, the higher the score. Dividing by $\\sqrt{d_k}$ keeps "
                    "a sum of many products from growing large."
                ),
            ),
            stack_equations(r"q = h_n W^Q \qquad k_t = h_t W^K", r"e_t = \frac{q \cdot k_t}{\sqrt{d_k}}"),
        ),
        build_softmax(r"\alpha"),
        build_sum(r"\alpha"),
        SPLIT_ANSWER,
    ),
)

_SELF = Mechanism(
    mark("Self-attention in two heads"),
    (
        mark(
            "Vaswani et al. 2017, *Attention Is All You Need*: $\\mathrm{softmax}(QK^\\top / \\sqrt{d_k})\\,V$. Every "
            "word asks, and every word is looked at, so the weights are a table of queries by tokens, one for each "
            "head. The word that you follow here is the one that asks."
        ),
    ),
    r"\alpha",
    mark("key kᵢ"),
    mark("query qₜ"),
    (
        Step(
            mark("Embedding: each word and its place become numbers"),
            (
                mark(
                    "The network knows no letters. Each word stands for a row of a learned table $E$; a learned vector "
                    "$P_t$ of its place is added, since attention by itself sees no order."
                ),
            ),
            r"x_t = E_{w_t} + P_t",
        ),
        Step(
            mark("Queries, keys and values: three views of each word"),
            (
                mark(
                    "In each head three learned tables make of a word what it asks (the query), what it is found by "
                    "(the key) and what it hands over (the value). No word has read another one yet."
                ),
            ),
            stack_equations(r"q_t = x_t W^Q", r"k_t = x_t W^K", r"v_t = x_t W^V"),
        ),
        Step(
            SCORES,
            (
                mark(
                    "The followed word $t$ asks with its query; every word $i$, itself too, offers its key. The better "
                    "the two fit, the higher the score; dividing by $\\sqrt{d_k}$ keeps a sum of many products from "
                    "growing large."
                ),
            ),
            r"e_{t,i} = \frac{q_t \cdot k_i}{\sqrt{d_k}}",
        ),
        Step(
            SOFTMAX,
            (
                mark("In each head, a softmax turns the scores of a query into weights that sum to 1."),
                SHARPNESS,
                mark("It holds for every query of both heads."),
            ),
            r"\alpha_{t,i} = \frac{\exp(e_{t,i} / T)}{\sum_{j=1}^{n} \exp(e_{t,j} / T)}",
        ),
        Step(
            mark("Weighted sum: one vector for each word"),
            (
                mark(
                    "Each word's value counts as much as its weight says. The sums of both heads stand side by side in "
                    "the context vector $c_t$, which is added to $x_t$."
                ),
            ),
            r"c_t = \Bigl[\sum_{i=1}^{n} \alpha^{(1)}_{t,i} \, v^{(1)}_i;\ "
            r"\sum_{i=1}^{n} \alpha^{(2)}_{t,i} \, v^{(2)}_i\Bigr]",
        ),
        Step(
            ANSWER,
            (
                mark(
                    "A small network changes each word's vector, the mean of all of them is taken, and a hidden layer "
                    "$u$ reads that mean. So no word's share can be read off here; and $x_t$ itself goes past the "
                    "attention."
                ),
            ),
            stack_equations(r"u = \mathrm{relu}(W_u \, \bar x + b_u)", r"z = w^\top u + b", SIGMOID),
        ),
    ),
    column="head",
    state="v",
    joined=(mark("hidden layer u"),),
)

_WORD_ADDITIVE = replace(
    _ADDITIVE,
    title=mark("Additive attention on the words themselves"),
    papers=(
        *_ADDITIVE.papers,
        mark("And it scores the words' own vectors, since there is nothing else to score."),
    ),
    key=mark("vector xₜ"),
    steps=(EMBEDDING, NO_STATES, *_ADDITIVE.steps[2:]),
)
_STARS = replace(_WORD_ADDITIVE, steps=(*_WORD_ADDITIVE.steps[:-1], LABELS_ANSWER))

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
