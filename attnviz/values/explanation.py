"""What a network said of one text, and what a method found behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attnviz.values.arrays import FloatArray, frozen_array
from attnviz.values.tokens import Token

if TYPE_CHECKING:
    import pandas as pd


SIGNED_METHODS = frozenset({"gradient", "integrated_gradients", "occlusion"})
"""Methods whose scores carry a sign; the scores of all others are shares that sum to 1."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a network said of one text and what the method found behind it.

    Attributes:
        text: exactly what was given.
        tokens: the words that the network read, in order.
        scores: (len(tokens),) one score a token. `attention` scores are at least 0 and sum to 1;
            those of the other methods are signed contributions to the probability, not normalised.
        probability: of a positive review, 0 to 1; None if the text holds no word to read.
        method: how the scores were found.
        model: name of the checkpoint.
        truncated: how many words at the start of the text the network did not read, because it reads
            only the last `spec.steps` words.
        gap: of `integrated_gradients`, by how much the sum of the scores misses the difference that they share
            out, the probability minus that of the text with blank words; None for the other methods.
    """

    text: str
    tokens: Sequence[Token]
    scores: FloatArray
    probability: float | None
    method: str
    model: str
    truncated: int = 0
    gap: float | None = None

    def __post_init__(self) -> None:
        scores = frozen_array(self.scores)
        if scores.shape != (len(self.tokens),):
            raise ValueError(f"{len(self.tokens)} tokens need as many scores, got shape {scores.shape}")
        object.__setattr__(self, "scores", scores)

    @property
    def signed(self) -> bool:
        """Whether scores may be negative (toward a negative review)."""
        return self.method in SIGNED_METHODS

    @property
    def unknown(self) -> tuple[Token, ...]:
        """The tokens that the vocabulary does not hold; the network read a placeholder in their place."""
        return tuple(token for token in self.tokens if not token.known)

    def to_frame(self) -> pd.DataFrame:
        """One row a token: token, start, end, id, known, score."""
        import pandas as pd

        words = pd.Series([token.text for token in self.tokens], dtype=object)  # pandas' strings refuse lone surrogates
        columns = {name: [getattr(token, name) for token in self.tokens] for name in ("start", "end", "id", "known")}
        return pd.DataFrame({"token": words, **columns, "score": self.scores})

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as `to_json` writes it."""
        return {
            "text": self.text,
            "model": self.model,
            "method": self.method,
            "probability": self.probability,
            "truncated": self.truncated,
            "gap": self.gap,
            "tokens": [
                {**token._asdict(), "score": score}
                for token, score in zip(self.tokens, self.scores.tolist(), strict=True)
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Explanation:
        """The inverse of `to_dict`."""
        rows = data["tokens"]
        tokens = tuple(Token(r["text"], r["start"], r["end"], r["id"], r["known"]) for r in rows)
        return cls(
            text=data["text"],
            tokens=tokens,
            scores=frozen_array([r["score"] for r in rows]),
            probability=data["probability"],
            method=data["method"],
            model=data["model"],
            truncated=data["truncated"],
            gap=data.get("gap"),
        )

    def to_json(self, *, indent: int | None = None) -> str:
        """JSON text with one object a token; strict JSON (no NaN) that can be written as UTF-8."""
        return write_json(self.to_dict(), indent=indent)

    def to_html(self) -> str:
        """A self-contained HTML fragment with the highlighted text; safe to put into any page."""
        import attnviz  # the renderer stands above the values; the package's lazy table knows it

        return attnviz.render_explanation(self)

    _repr_html_ = to_html


def write_json(data: Any, *, indent: int | None = None) -> str:
    """Strict JSON text; half of a surrogate pair, which UTF-8 has no place for, is written as its escape."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
