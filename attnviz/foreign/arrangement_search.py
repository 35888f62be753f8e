"""On which side a model expects padding: what its tokenizer says, what trials show, or else the custom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from attnviz.foreign.tokenizing import Side, Tokenization
from attnviz.languages import Message, keep
from attnviz.training.batches import Ids
from attnviz.values import finding_forms
from attnviz.values.arrays import FloatArray

_SAME, _CLEAR = 1e-5, 3.0
"""Answers this near are the same; a side on which they differ this many times more between texts is the better one."""

_MUCH = 1000
"""A larger ratio is not told exactly."""

_AS_SAID: Mapping[Side, Message] = {"left": finding_forms.LEFT_AS_SAID, "right": finding_forms.RIGHT_AS_SAID}
_BY_TOKENIZER: Mapping[Side, str] = {"left": finding_forms.LEFT_BY_TOKENIZER, "right": finding_forms.RIGHT_BY_TOKENIZER}
_DIFFERS: Mapping[Side, str] = {"left": finding_forms.LEFT_DIFFERS, "right": finding_forms.RIGHT_DIFFERS}
_DIFFERS_MUCH: Mapping[Side, str] = {"left": finding_forms.LEFT_DIFFERS_MUCH, "right": finding_forms.RIGHT_DIFFERS_MUCH}

Ask = Callable[[Ids], FloatArray]
"""The answers (batch, k) for ids (batch, steps)."""


class SideFound(NamedTuple):
    """Where padding goes and why.

    Attributes:
        side: 'left' or 'right'.
        note: the reason, a sentence.
    """

    side: Side
    note: Message


def find_side(tokenization: Tokenization, ask: Ask, texts: Sequence[Ids], steps: int, given: str = "auto") -> SideFound:
    """On which side texts are padded.

    Args:
        tokenization: what the tokenizer says.
        ask: the model.
        texts: word ids of some texts, shorter than `steps`.
        steps: to which the texts are padded for the trial.
        given: what somebody said; 'auto' for nothing.
    """
    if given != "auto":
        said: Side = "left" if given == "left" else "right"
        return SideFound(said, _AS_SAID[said])
    if tokenization.side is not None:
        return SideFound(tokenization.side, keep(_BY_TOKENIZER[tokenization.side], kind=tokenization.kind))
    padded = {side: ask(_pad(texts, steps, side, tokenization.padding)) for side in ("left", "right")}
    return _judge(padded["left"], padded["right"])


def _judge(left: FloatArray, right: FloatArray) -> SideFound:
    """What the answers say with padding on either side."""
    if np.allclose(left, right, rtol=0, atol=_SAME):
        return SideFound("right", finding_forms.RIGHT_SAME)
    spreads = _measure_spread(left), _measure_spread(right)
    ratio = max(spreads) / max(min(spreads), 1e-9)
    if ratio >= _CLEAR:
        side: Side = "left" if spreads[0] > spreads[1] else "right"
        return SideFound(side, _say_ratio(side, ratio))
    return SideFound("left", finding_forms.LEFT_ASSUMED)


def _say_ratio(side: Side, ratio: float) -> Message:
    if ratio < _MUCH:
        return keep(_DIFFERS[side], n=round(ratio))
    return keep(_DIFFERS_MUCH[side], n=_MUCH)


def _measure_spread(answers: FloatArray) -> float:
    """How much the answers differ between texts: the mean standard deviation of the columns."""
    return float(np.nan_to_num(answers.std(axis=0)).mean())


def _pad(texts: Sequence[Ids], steps: int, side: Side, padding: int) -> Ids:
    padded = np.full((len(texts), steps), padding, np.int32)
    for row, text in zip(padded, texts, strict=True):
        first = steps - len(text) if side == "left" else 0
        row[first : first + len(text)] = text
    return padded
