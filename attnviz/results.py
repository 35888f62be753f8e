"""Frozen values that travel between the layers: numerics make them, pages and the command line show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.floating[Any]]

SIGNED_METHODS = frozenset({"gradient", "integrated_gradients", "occlusion"})
"""Methods whose scores carry a sign; the scores of all others are shares that sum to 1."""


def frozen_array(values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> FloatArray:
    """A read-only copy of `values`."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array


class Token(NamedTuple):
    """One word of a text, `text[start:end]` of the untouched original. A named tuple: a text has hundreds of them.

    `text` is the lower-cased word as the network knows it, `id` its line in the vocabulary and `known`
    whether the vocabulary holds it.
    """

    text: str
    start: int
    end: int
    id: int
    known: bool


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
        """JSON text with one object a token; strict JSON (no NaN)."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)

    def to_html(self) -> str:
        """A self-contained HTML fragment with the highlighted text; safe to put into any page."""
        from attnviz.render.html import render_explanation

        return render_explanation(self)

    _repr_html_ = to_html


class Compared(NamedTuple):
    """A number, and the mean and standard deviation of what random scores get on the same text."""

    value: float
    random: float
    spread: float


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """How far the scores of a method can be trusted on one text.

    Attributes:
        text: exactly what was given.
        words: how many of its words the network read; with fewer than two nothing can be compared.
        probability: of a positive review; None if there is no word.
        method, model: whose scores were measured.
        comprehensiveness: how much of the answer's probability is lost without the highest words; large is good.
        sufficiency: how much is lost with them alone; small is good.
        agreement: by another method's name, Kendall's tau-b of the absolute scores with its own, -1 to 1; a method is
            missing where all of its scores are equal.
    """

    text: str
    words: int
    probability: float | None
    method: str
    model: str
    comprehensiveness: Compared | None = None
    sufficiency: Compared | None = None
    agreement: Mapping[str, Compared] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Faithfulness:
        """The inverse of `to_dict`, also after a journey as JSON."""
        known = dict(data)
        for name in ("comprehensiveness", "sufficiency"):
            known[name] = known[name] and Compared(*known[name])
        known["agreement"] = {name: Compared(*numbers) for name, numbers in known["agreement"].items()}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class ErasureCurve:
    """What becomes of an answer while the words of its text are taken away one after the other.

    Attributes:
        text: exactly what was given.
        probability: of a positive review; None if there is no word, and then everything below is empty.
        method, model: whose scores order the words.
        order: (words,) the places of the words that were read, those that speak most for the answer first.
        counts: how many words are taken, from 0 to all.
        without, alone: (counts,) the probability without that many first words of the order, and with them alone.
        random_without, random_alone: (counts,) the same as means over random orders.
        turn: the smallest of the counts without which the answer is the other one, while there is still a word to
            read; None if it never is.
        support: the smallest of the counts from which on the first words alone give the answer.
        random_turns, random_supports: the same of each random order by itself; their mean curve turns elsewhere.
    """

    text: str
    probability: float | None
    method: str
    model: str
    order: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    without: tuple[float, ...] = ()
    alone: tuple[float, ...] = ()
    random_without: tuple[float, ...] = ()
    random_alone: tuple[float, ...] = ()
    turn: int | None = None
    support: int = 0
    random_turns: tuple[int | None, ...] = ()
    random_supports: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ErasureCurve:
        """The inverse of `to_dict`, also after a journey as JSON."""
        known: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in data.items()}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class OtherMap:
    """Attention weights that differ as much as possible from a network's own and leave its answer as it is.

    Attributes:
        own: what the network says, with its own weights.
        other: what the same network says when it is run with the other weights; None for less than two words.
        largest_change: by how much the probability was allowed to move.
        divergence: the Jensen-Shannon divergence of the two maps, 0 (the same) to ln 2 = 0.693 (no word in common).
        shuffled, spread: by how much the probability moves when the own weights are dealt out to the words at random,
            the mean and the standard deviation of 20 times.
    """

    own: Explanation
    other: Explanation | None
    largest_change: float
    divergence: float = 0.0
    shuffled: float = 0.0
    spread: float = 0.0

    @property
    def change(self) -> float:
        """By how much the other weights move the probability, 0 or more."""
        if self.own.probability is None or self.other is None or self.other.probability is None:
            return 0.0
        return abs(self.other.probability - self.own.probability)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        numbers = {name: getattr(self, name) for name in ("largest_change", "divergence", "shuffled", "spread")}
        return {"own": self.own.to_dict(), "other": self.other and self.other.to_dict(), **numbers}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> OtherMap:
        """The inverse of `to_dict`."""
        other = data["other"] and Explanation.from_dict(data["other"])
        return cls(**{**data, "own": Explanation.from_dict(data["own"]), "other": other})


@dataclass(frozen=True, slots=True)
class History:
    """A training history: one column a measure, one value an epoch.

    `columns` maps e.g. 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds' to arrays of shape (epochs,).
    """

    columns: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        columns = {name: frozen_array(values, np.float64) for name, values in self.columns.items()}
        if len({len(values) for values in columns.values()}) > 1:
            raise ValueError("every column of a history needs one value an epoch")
        object.__setattr__(self, "columns", columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> FloatArray:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch, counted from 1."""
        import pandas as pd

        frame = pd.DataFrame(dict(self.columns))
        frame.insert(0, "epoch", range(1, len(frame) + 1))
        return frame

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> History:
        """The inverse of `to_frame`."""
        return cls({str(name): frame[name].to_numpy() for name in frame.columns if name != "epoch"})


@dataclass(frozen=True, slots=True)
class Run:
    """What was trained, on what, how, and what it reached; the contents of `run.json`.

    Accuracies are fractions. `accuracy` is the test accuracy of the selected epoch (for the synthetic column
    task, of its validation samples), read once after the selection.
    """

    model: str
    network: str
    parameters: int
    data: Mapping[str, Any]
    seed: int
    recipe: Mapping[str, Any]
    protocol: str
    selected_epoch: int
    accuracy: float
    loss: float
    versions: Mapping[str, str]
    created: str
    seconds: float
    stopped: bool = False


JobState = Literal["starting", "running", "stopping", "finished", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where a background training run stands; `message` says it in words."""

    id: str
    network: str
    state: JobState
    message: str
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    checkpoint: str | None = None

    @property
    def running(self) -> bool:
        """Whether the run may still change."""
        return self.state in ("starting", "running", "stopping")

    def with_state(self, state: JobState, message: str) -> JobStatus:
        """The same run in another state."""
        return replace(self, state=state, message=message)
