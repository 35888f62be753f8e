"""How texts come to somebody's model: how many steps, filled up or not, on which side; with the reasons."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnviz.errors import SettingError
from attnviz.foreign.arrangement_search import Ask, find_side
from attnviz.foreign.inspector import MOST_STEPS, Span
from attnviz.foreign.readers import Layout, TokenReader
from attnviz.foreign.tokenizing import Tokenization
from attnviz.languages import Message, keep, mark, tr
from attnviz.training.batches import Ids
from attnviz.values import finding_forms

_TRIAL = 24
"""To so many steps texts are padded for a trial where the model reads any number."""

_SAME = 1e-5


class LayoutFound(NamedTuple):
    """How texts come to a model, and why, a sentence each."""

    layout: Layout
    notes: tuple[Message, ...]


def find_layout(
    tokenization: Tokenization, span: Span, ask: Ask, *, size: int, pad: str = "auto", length: int | str = "auto"
) -> LayoutFound:
    """How many steps the model reads of a text and where padding goes.

    Args:
        tokenization: what the tokenizer says.
        span: how many steps the model can read.
        ask: the model.
        size: how many ids there are to try.
        pad, length: what somebody said; 'auto' for nothing.

    Raises:
        SettingError: what was said, or what the tokenizer gives, does not fit the model.
    """
    check_settings(pad, length)
    steps, fixed, reason = _find_steps(tokenization, span, length)
    trial = steps if fixed and steps else max(_TRIAL, span.least)
    texts = draw_rows(tokenization, size, trial)
    side = find_side(tokenization, ask, texts, trial, pad)
    layout = Layout(side.side, steps, fixed, span.least, tokenization.cut)
    notes = [reason]
    if span.least > 1 and not fixed:
        notes.append(keep(finding_forms.LEAST, n=span.least))
    if span.least > 1 or fixed:
        notes.append(side.note)
    if not fixed:
        notes.append(_say_open(_measure_padding(tokenization, layout, ask, texts, trial)))
    if steps is not None:
        notes.append(_say_cut(layout))
    return LayoutFound(layout, tuple(notes))


def check_settings(pad: object, length: object) -> None:
    """Refuse settings that are none, before anything is computed."""
    if pad not in ("auto", "left", "right"):
        raise SettingError(tr("pad must be 'auto', 'left' or 'right', got {pad}.", pad=repr(pad)))
    if length != "auto" and (isinstance(length, bool) or not isinstance(length, int) or length < 1):
        raise SettingError(tr("length must be 'auto' or a number of steps, got {length}.", length=repr(length)))


def draw_rows(tokenization: Tokenization, size: int, steps: int, count: int = 6) -> list[Ids]:
    """Word ids of some made up texts that take half of the steps, more or less."""
    rng = np.random.default_rng(0)
    low = min(4, max(size - 2, 0))
    lengths = [max(1, steps // 2 - number % 3) for number in range(count)]
    rows = [rng.integers(low, max(size, low + 1), length).astype(np.int32) for length in lengths]
    return [np.where(row == tokenization.padding, max(size - 1, 0), row).astype(np.int32) for row in rows]


def _find_steps(tokenization: Tokenization, span: Span, length: int | str) -> tuple[int | None, bool, Message]:
    """How many steps are read, whether texts are filled up to them, and the reason."""
    if isinstance(length, int):
        _check_fits(length, span, Message("length"))
        return length, True, keep(finding_forms.FILLED_AS_SAID, n=length)
    own = tokenization.length
    if own is not None and tokenization.pads:
        _check_fits(own, span, tokenization.kind)
        return own, True, keep(finding_forms.FILLED_BY_TOKENIZER, n=own, kind=tokenization.kind)
    if span.is_fixed:
        return span.most, True, keep(finding_forms.FIXED, n=span.most)
    limits = [limit for limit in (own, span.most) if limit is not None]
    if limits:
        return min(limits), False, keep(finding_forms.AT_MOST, n=min(limits))
    return MOST_STEPS, False, keep(finding_forms.ANY_NUMBER, n=MOST_STEPS)


def _check_fits(length: int, span: Span, what: Message) -> None:
    if length < span.least or (span.most is not None and length > span.most):
        reads = {"least": span.least, "most": span.most, "kind": tr(what), "n": length}
        raise SettingError(tr(_choose_refusal(span), **reads))


def _choose_refusal(span: Span) -> str:
    if span.is_fixed:
        return mark("The model reads {most} steps, but {kind} gives {n}.")
    if span.most is None:
        return mark("The model reads {least} to any number of steps, but {kind} gives {n}.")
    return mark("The model reads {least} to {most} steps, but {kind} gives {n}.")


def _measure_padding(tokenization: Tokenization, layout: Layout, ask: Ask, texts: list[Ids], steps: int) -> float:
    """By how much the answers move at most if texts are filled up."""
    reader = TokenReader(tokenization, layout)
    moved = [abs(ask(reader.arrange([row], steps).ids) - ask(reader.arrange([row]).ids)).max() for row in texts[:3]]
    return float(np.nan_to_num(max(moved)))


def _say_open(moved: float) -> Message:
    if moved <= _SAME:
        return finding_forms.OPEN_SAME
    return keep(finding_forms.OPEN_MOVED, n=float(f"{moved:.2g}"))


def _say_cut(layout: Layout) -> Message:
    return finding_forms.FIRST_READ if layout.cut == "end" else finding_forms.LAST_READ
