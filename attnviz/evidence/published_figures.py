"""Figures of papers on attention as explanation, and which of attnviz' measures stands beside each.

Jain & Wallace 2019: 'Attention is not Explanation', arXiv:1902.10186; correlations and divergences of IMDB as their
released outputs have them. Wiegreffe & Pinter 2019: 'Attention is not not Explanation', arXiv:1908.04626. DeYoung et
al. 2020: 'ERASER', arXiv:1911.03429.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from attnviz.evidence.control_plan import Kind

RetrainedMeasure = Literal["f1", "distance"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number.

    Attributes:
        model, data: what it is of, in the paper's words.
        measure: what it measures, in words.
        value: as published. spread: the standard deviation over texts, if published.
        network: the network of attnviz that is most like it; '' where nothing here can repeat it.
        row: (measure, of) of attnviz' table.
        retrained: kind and λ of the trained controls that ship, and 'f1' or 'distance', in the place of a row.
        differs: what is different, or why it is not repeated.
    """

    model: str
    data: str
    measure: str
    value: float
    network: str = ""
    row: tuple[str, str] = ("", "")
    differs: str = ""
    spread: float | None = None
    retrained: tuple[Kind, float | None, RetrainedMeasure] | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A paper.

    Attributes:
        name: what the command calls it. title: authors, year, title and where it is.
        figures: what it publishes.
        differs: what is different for all figures.
        without: methods that need not be measured.
    """

    name: str
    title: str
    figures: tuple[Figure, ...]
    differs: tuple[str, ...]
    without: tuple[str, ...] = ()


_NO_DATA = "not repeated: the data are not at hand"
_TAU, _LOSS = "Kendall's tau", "probability may move by 0.05"
_LSTM, _WORDS = "BiLSTM, additive (tanh) attention", "projected embeddings, additive (tanh) attention"
_ABS = "their gradients are taken for all texts under 400 words, ours for the last 200 words of any"

_JAIN_WALLACE = Study(
    "jain-wallace",
    "Jain & Wallace 2019, 'Attention is not Explanation', arXiv:1902.10186",
    (
        Figure(_LSTM, "IMDB", "accuracy", 0.898, "bilstm-additive", ("accuracy", "")),
        Figure(_LSTM, "IMDB", "F1", 0.896, "bilstm-additive", ("F1", "")),
        Figure(
            _LSTM,
            "IMDB",
            "tau, attention and gradient",
            0.44,
            "bilstm-additive",
            (_TAU, "attention, fixed_gradient"),
            _ABS,
            0.06,
        ),
        Figure(
            _LSTM,
            "IMDB",
            "tau, attention and leave-one-out",
            0.34,
            "bilstm-additive",
            (_TAU, "attention, occlusion"),
            "",
            0.07,
        ),
        Figure(
            _LSTM,
            "IMDB",
            "tau, gradient and leave-one-out",
            0.517,
            "bilstm-additive",
            (_TAU, "fixed_gradient, occlusion"),
            "",
            0.1,
        ),
        Figure(
            _LSTM,
            "IMDB",
            "largest divergence",
            0.57,
            "bilstm-additive",
            ("largest divergence", _LOSS),
            "theirs by gradient ascent from random starts, ours the largest there is, so ours is higher",
        ),
        Figure(
            _WORDS,
            "IMDB",
            "tau, attention and gradient",
            0.675,
            "word-additive",
            (_TAU, "attention, fixed_gradient"),
            "our words are not projected; 500 of them are read",
        ),
        Figure(
            _WORDS,
            "IMDB",
            "tau, attention and leave-one-out",
            0.576,
            "word-additive",
            (_TAU, "attention, occlusion"),
            "our words are not projected; 500 of them are read",
        ),
        Figure(
            "BiLSTM, dot-product attention",
            "IMDB",
            "tau, attention and gradient",
            0.122,
            "lstm-dot",
            (_TAU, "attention, fixed_gradient"),
            "ours is an LSTM of one direction, its last state the query",
        ),
        Figure(
            "BiLSTM, dot-product attention",
            "IMDB",
            "tau, attention and leave-one-out",
            0.092,
            "lstm-dot",
            (_TAU, "attention, occlusion"),
            "ours is an LSTM of one direction, its last state the query",
        ),
        Figure(_LSTM, "SST", "accuracy", 0.808, differs=_NO_DATA),
        Figure(_LSTM, "SST", "tau, attention and gradient", 0.35, differs=_NO_DATA),
        Figure(_LSTM, "SST", "tau, attention and leave-one-out", 0.29, differs=_NO_DATA),
        Figure(_LSTM, "SST", "largest divergence", 0.48, differs=_NO_DATA),
    ),
    (
        "Their test set has 4,356 reviews, all under 400 words; ours are drawn from the official 25,000 of any length.",
        "Their texts lack the first and the last word where tau is computed, ours don't.",
        "Their leave-one-out is the total variation distance, ours a change of probability: the same for two labels.",
        "Each is one trained network; other seeds give other numbers.",
    ),
)

_RETRAINED = "theirs is trained anew with even weights, ours is not: it answers as trained, with even weights put in"
_LAMBDA = "with λ = 0.1 here; theirs is not known to us"


def _retrain(
    measure: str, value: float, retrained: tuple[Kind, float | None, RetrainedMeasure], differs: str = ""
) -> Figure:
    return Figure(_LSTM, "IMDB", measure, value, "bilstm-additive", differs=differs, retrained=retrained)


_WIEGREFFE_PINTER = Study(
    "wiegreffe-pinter",
    "Wiegreffe & Pinter 2019, 'Attention is not not Explanation', arXiv:1908.04626",
    (
        Figure(_LSTM, "IMDB", "F1, trained attention", 0.902, "bilstm-additive", ("F1", "")),
        _retrain("F1, uniform attention", 0.879, ("even", None, "f1")),
        Figure(_LSTM, "IMDB", "F1, uniform attention", 0.879, "bilstm-additive", ("F1", "even weights"), _RETRAINED),
        _retrain("F1, adversarially trained", 0.906, ("liar", 0.1, "f1"), _LAMBDA),
        _retrain("total variation distance of the adversary's answers", 0.014, ("liar", 0.1, "distance"), _LAMBDA),
        Figure(_LSTM, "SST", "F1, trained attention", 0.831, differs=_NO_DATA),
        Figure(_LSTM, "SST", "F1, uniform attention", 0.822, differs=_NO_DATA),
    ),
    (
        "Their figures stand here as quoted by others; they were not compared with the paper.",
        "Their data are those of Jain & Wallace: reviews under 400 words. Ours have any length.",
        "F1 is that of the positive label here.",
    ),
    ("occlusion",),
)

_RATIONALES = "not repeated: it needs human rationales"
_MOVIES = "Movies"

_ERASER = Study(
    "eraser",
    "DeYoung et al. 2020, 'ERASER: A Benchmark to Evaluate Rationalized NLP Models', arXiv:1911.03429",
    (
        Figure("soft scores", _MOVIES, "accuracy", 0.829, "bilstm-additive", ("accuracy", "")),
        Figure("attention", _MOVIES, "comprehensiveness", 0.223, "bilstm-additive", ("comprehensiveness", "attention")),
        Figure("attention", _MOVIES, "sufficiency", 0.141, "bilstm-additive", ("sufficiency", "attention")),
        Figure(
            "gradient",
            _MOVIES,
            "comprehensiveness",
            0.222,
            "bilstm-additive",
            ("comprehensiveness", "gradient"),
            "ours are signed: words against the label come last",
        ),
        Figure(
            "gradient",
            _MOVIES,
            "sufficiency",
            0.141,
            "bilstm-additive",
            ("sufficiency", "gradient"),
            "ours are signed: words against the label come last",
        ),
        Figure("attention", _MOVIES, "AUPRC against rationales", 0.463, differs=_RATIONALES),
        Figure("gradient", _MOVIES, "AUPRC against rationales", 0.469, differs=_RATIONALES),
        Figure("random", _MOVIES, "AUPRC against rationales", 0.259, differs=_RATIONALES),
    ),
    (
        "Their reviews are others, with human rationales; ours are the official test reviews of IMDB.",
        "The shares of words are the same: 1, 5, 10, 20 and 50\xa0%. Words that are taken out are left out in both.",
        "Their figures stand here as quoted by others; they were not compared with the paper.",
    ),
    ("occlusion",),
)

STUDIES: Mapping[str, Study] = {study.name: study for study in (_JAIN_WALLACE, _WIEGREFFE_PINTER, _ERASER)}
"""By name."""
