"""On which side a model expects padding: what its tokenizer says, what trials show, or else the custom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attnviz.foreign.tokenizing import Side, Tokenization
from attnviz.training.batches import Ids
from attnviz.values.arrays import FloatArray

_SAME, _CLEAR = 1e-5, 3.0
"""Answers this near are the same; a side on which they differ this many times more between texts is the better one."""

Ask = Callable[[Ids], FloatArray]
"""The answers (batch, k) for ids (batch, steps)."""


class SideFound(NamedTuple):
    """Where padding goes and why.

    Attributes:
        side: 'left' or 'right'.
        note: the reason, a sentence.
    """

    side: Side
    note: str


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
        return SideFound("left" if given == "left" else "right", f"Padding goes to the {given}, as was said.")
    if tokenization.side is not None:
        side = tokenization.side
        return SideFound(side, f"Padding goes to the {side}, as {tokenization.kind} has it.")
    padded = {side: ask(_pad(texts, steps, side, tokenization.padding)) for side in ("left", "right")}
    return _judge(padded["left"], padded["right"])


def _judge(left: FloatArray, right: FloatArray) -> SideFound:
    """What the answers say with padding on either side."""
    if np.allclose(left, right, rtol=0, atol=_SAME):
        return SideFound("right", "Padding goes to the right; on the left it gives the same answers.")
    spreads = _measure_spread(left), _measure_spread(right)
    ratio = max(spreads) / max(min(spreads), 1e-9)
    if ratio >= _CLEAR:
        side: Side = "left" if spreads[0] > spreads[1] else "right"
        times = f"{ratio:.0f} times" if ratio < 1000 else "over 1,000 times"
        return SideFound(side, f"Padding goes to the {side}: there the answers differ {times} as much between texts.")
    return SideFound(
        "left",
        "Padding is assumed to go to the left, as keras.utils.pad_sequences has it by default; if the model was "
        "trained with padding on the right, say pad='right'.",
    )


def _measure_spread(answers: FloatArray) -> float:
    """How much the answers differ between texts: the mean standard deviation of the columns."""
    return float(np.nan_to_num(answers.std(axis=0)).mean())


def _pad(texts: Sequence[Ids], steps: int, side: Side, padding: int) -> Ids:
    padded = np.full((len(texts), steps), padding, np.int32)
    for row, text in zip(padded, texts, strict=True):
        first = steps - len(text) if side == "left" else 0
        row[first : first + len(text)] = text
    return padded
