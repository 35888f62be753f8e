"""What a classifier said of one text, and what a method found behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import punctuation
from typing import TYPE_CHECKING, Any

from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.methods import SIGNED_METHODS
from attnviz.values.plain import from_plain
from attnviz.values.prediction import SENTIMENT, Prediction
from attnviz.values.tokens import Token

if TYPE_CHECKING:
    import pandas as pd


_BREAK = re.compile(r"<[Bb][Rr]\s*/?>")
"""The line break of the IMDB reviews, which is white space to every tokenizer here, not a word that was dropped."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a classifier said of one text and what the method found behind it.

    Attributes:
        text: exactly what was given.
        tokens: the words that the classifier read, in order.
        scores: (len(tokens),) one score a token. `attention` scores are at least 0 and sum to 1;
            those of the other methods are signed contributions to the target's probability, not normalised.
        target: the label that the scores speak for or against, an index into `prediction.labels`.
        prediction: how probable each label is.
        method: how the scores were found.
        model: name of the checkpoint.
        truncated: how many words at the start of the text the classifier did not read, because it reads
            only so many last words.
        gap: of `integrated_gradients` and `shap`, by how much the sum of the scores misses the difference that they
            share out, the target's probability minus that of the text with blank words or of a text without words (the
            convergence delta); None for the other methods.
        reduction: in words, how several attention weights of a token became one score; '' where it had one.
        truncated_end: how many words at the end of the text the classifier did not read.
        outside: of `attention`, the share that went to steps that are no words (padding, '[CLS]') and that is left out
            of the scores; None where there are no such steps.
        r_squared: of `lime`, how much of the probabilities' variance its linear model explains on the texts that it
            was fitted to, at most 1; None for the other methods.
        readings: of `lime` and `shap`, how many texts the classifier read; None for the other methods.
    """

    text: str
    tokens: Sequence[Token]
    scores: FloatArray
    target: int
    prediction: Prediction
    method: str
    model: str
    truncated: int = 0
    gap: float | None = None
    reduction: str = ""
    truncated_end: int = 0
    outside: float | None = None
    r_squared: float | None = None
    readings: int | None = None

    def __post_init__(self) -> None:
        scores = frozen_array(self.scores)
        if scores.shape != (len(self.tokens),):
            raise ValueError(f"{len(self.tokens)} tokens need as many scores, got shape {scores.shape}")
        if not 0 <= self.target < len(self.prediction.labels):
            raise ValueError(f"target {self.target} is none of {self.prediction.labels}")
        object.__setattr__(self, "scores", scores)

    @property
    def label(self) -> str:
        """The name of the target."""
        return self.prediction.labels[self.target]

    @property
    def probability(self) -> float | None:
        """Of the target, 0 to 1; None if the text holds no word to read."""
        return self.prediction.get_probability(self.target)

    @property
    def signed(self) -> bool:
        """Whether scores may be negative (against the target)."""
        return self.method in SIGNED_METHODS

    @property
    def skipped(self) -> tuple[str, ...]:
        """The words between those that were read: some tokenizers drop what the vocabulary does not hold."""
        ends = [0 if self.truncated == 0 else None, *(token.end for token in self.tokens)]
        starts = [*(token.start for token in self.tokens), len(self.text) if self.truncated_end == 0 else None]
        places = zip(ends, starts, strict=True)
        gaps = (_BREAK.sub(" ", self.text[end:start]) for end, start in places if None not in (end, start))
        pieces = (piece.strip(punctuation) for gap in gaps if not gap.isspace() for piece in gap.split())
        return tuple(piece for piece in pieces if any(map(str.isalnum, piece)))

    @property
    def unknown(self) -> tuple[Token, ...]:
        """The tokens that the vocabulary does not hold; the network read a placeholder in their place."""
        return tuple(token for token in self.tokens if not token.known)

    @property
    def knows_nothing(self) -> bool:
        """Whether there are words, and the vocabulary holds none of them: then the answer is not about them."""
        return bool(self.tokens) and not any(token.known for token in self.tokens)

    def to_frame(self) -> pd.DataFrame:
        """One row a token: token, start, end, id, known, score."""
        import pandas as pd

        words = pd.Series([token.text for token in self.tokens], dtype=object)  # pandas' strings refuse lone surrogates
        columns = {name: [getattr(token, name) for token in self.tokens] for name in ("start", "end", "id", "known")}
        return pd.DataFrame({"token": words, **columns, "score": self.scores})

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as `to_json` writes it; `label` and `probability` are the target's."""
        probabilities = self.prediction.probabilities
        return {
            "text": self.text,
            "model": self.model,
            "method": self.method,
            "labels": list(self.prediction.labels),
            "probabilities": None if probabilities is None else list(probabilities),
            "target": self.target,
            "label": self.label,
            "probability": self.probability,
            "truncated": self.truncated,
            "truncated_end": self.truncated_end,
            "gap": self.gap,
            "reduction": self.reduction,
            "outside": self.outside,
            "r_squared": self.r_squared,
            "readings": self.readings,
            "tokens": [
                {**token._asdict(), "score": score}
                for token, score in zip(self.tokens, self.scores.tolist(), strict=True)
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Explanation:
        """The inverse of `to_dict`; also reads what the first version of attnviz wrote, which knew two labels.

        Raises:
            SettingError: the data are no explanation; says what is wrong where.
        """
        return from_plain(_Written, data, "explanation").read()

    def to_json(self, *, indent: int | None = None) -> str:
        """JSON text with one object a token; strict JSON (no NaN) that can be written as UTF-8."""
        return write_json(self.to_dict(), indent=indent)

    def to_html(self) -> str:
        """A self-contained HTML fragment with the highlighted text; safe to put into any page."""
        import attnviz  # the renderer stands above the values; the package's lazy table knows it

        return attnviz.render_explanation(self)

    _repr_html_ = to_html

    def to_live_html(self, dtype: str = "float32") -> str:
        """A whole HTML page that holds the network: in it one goes on typing, without a server.

        The network is that of the library which has the name `model`. For a model that is not in the library, see
        `Explainer.to_live_html`.

        Args:
            dtype: 'float32', or 'float16' for half the size and nearly the same answers.

        Raises:
            NotExportable: this network does not run in a browser; says why.
            UnknownNameError: the library has no network of that name.
        """
        import attnviz

        return attnviz.render_live_explanation(self, dtype)

    def widget(self) -> Any:
        """The text in a notebook, explained while one types; the network is found as in `to_live_html`.

        Raises:
            SettingError: anywidget is not installed; says how to get it.
            NotExportable, UnknownNameError: as `to_live_html`.
        """
        import attnviz

        return attnviz.build_explanation_widget(self)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        """In a notebook the widget, where it can be had; else nothing, and `_repr_html_` counts."""
        import attnviz

        return attnviz.show_explanation(self)


def write_json(data: Any, *, indent: int | None = None) -> str:
    """Strict JSON text; half of a surrogate pair, which UTF-8 has no place for, is written as its escape."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class _Row:
    """A token as it is written."""

    text: str
    start: int
    end: int
    id: int
    known: bool
    score: float


@dataclass(frozen=True, slots=True)
class _Written:
    """An explanation as it is written; the first version wrote no labels, and the probability of 'positive'."""

    text: str
    model: str
    method: str
    truncated: int
    tokens: list[_Row]
    probability: float | None = None
    gap: float | None = None
    labels: tuple[str, ...] = SENTIMENT
    probabilities: tuple[float, ...] | None = None
    target: int = 1
    reduction: str = ""
    truncated_end: int = 0
    outside: float | None = None
    r_squared: float | None = None
    readings: int | None = None

    def read(self) -> Explanation:
        rows = self.tokens
        prediction = Prediction(self.labels, self._find_probabilities())
        return Explanation(
            self.text,
            tuple(Token(row.text, row.start, row.end, row.id, row.known) for row in rows),
            frozen_array([row.score for row in rows]),
            self.target,
            prediction,
            self.method,
            self.model,
            self.truncated,
            self.gap,
            self.reduction,
            self.truncated_end,
            self.outside,
            self.r_squared,
            self.readings,
        )

    def _find_probabilities(self) -> tuple[float, ...] | None:
        if self.probabilities is None and self.probability is not None and len(self.labels) == 2:
            return 1 - self.probability, self.probability
        return self.probabilities
