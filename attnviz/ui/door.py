"""The one door for what a browser sends: values of components, read by type before a page looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import streamlit as st
from msgspec import Meta

from attnviz.errors import SettingError
from attnviz.languages import mark
from attnviz.text.edits import MAX_EDITS, TokenEdit
from attnviz.values.plain import from_plain

Ask = TypeVar("Ask")

_MOST = 2**53
"""The largest number up to which JavaScript counts exactly."""

Count = Annotated[int, Meta(ge=0, le=_MOST)]
Setting = Annotated[int, Meta(ge=-_MOST, le=_MOST)] | float | Annotated[str, Meta(max_length=100)]


@dataclass(frozen=True, slots=True)
class EditorAsk:
    """What the review editor asks.

    Attributes:
        text: as typed.
        steps, at: the edits of its words, and how many of them count.
        session: whom the editor was told to belong to.
        revision: of the text that was put into the box last, as far as the editor knew.
        again: how often it asks this once more, because nothing came of it.
    """

    text: str
    steps: Annotated[tuple[TokenEdit, ...], Meta(max_length=MAX_EDITS)] = ()
    at: Count = 0
    session: str = ""
    revision: Count | None = None
    again: Count = 0


@dataclass(frozen=True, slots=True)
class LabAsk:
    """What the Column lab asks.

    Attributes:
        values: where its controls stand, by name.
        seq: counts up with every question.
        repeat: whether to train with many seeds.
        settled: whether the hand rests.
    """

    values: Annotated[Mapping[str, Setting], Meta(max_length=50)]
    seq: Count
    repeat: bool = False
    settled: bool = False


@dataclass(frozen=True, slots=True)
class SoftmaxAsk:
    """What the live softmax of How it works asks.

    Attributes:
        temperature: where the slider stands.
        seq: counts up with every question.
        word: where a word that was clicked starts in the text.
        settled: whether the hand rests.
    """

    temperature: Annotated[float, Meta(gt=0, le=1_000)]
    seq: Count
    word: Count | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class WordAsk:
    """A word to follow.

    Attributes:
        text: that it stands in.
        word: where it starts there.
    """

    text: str
    word: Count


@dataclass(frozen=True, slots=True)
class MarksAsk:
    """The words that somebody marked.

    Attributes:
        marked: their places among the words that the network read.
        of: the text and the network that they belong to, as the page named them.
    """

    marked: Annotated[tuple[Count, ...], Meta(max_length=100_000)]
    of: Annotated[str, Meta(max_length=200)]


def read_ask(key: str, kind: type[Ask], name: str = "ask") -> Ask | None:
    """What the component with this key asks; None if it appeared anew and asks nothing.

    Args:
        name: under which it asks.

    Raises:
        SettingError: it is no such question; says what is wrong where.
    """
    asked = _get(key, name)
    return None if asked is None else from_plain(kind, asked, mark("question of this page"))


def read_text(key: str) -> str | None:
    """The text alone of what an editor asks, None if there is none: what was typed is kept, whatever comes with it."""
    try:
        return from_plain(_Typed, _get(key)).text
    except SettingError:
        return None


def is_outrun(key: str, revision: int) -> bool:
    """Whether an editor asked before it got the text of this revision; if that comes too late, it asks once more."""
    try:
        asked = from_plain(_Placed, _get(key)).revision
    except SettingError:
        return False
    return asked is not None and asked < revision


@dataclass(frozen=True, slots=True)
class _Typed:
    text: str


@dataclass(frozen=True, slots=True)
class _Placed:
    revision: Count | None = None


def _get(key: str, name: str = "ask") -> Any:
    return st.session_state[key].get(name)
