"""What the code calls to have a message in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from attnviz.languages.catalogue import find_catalogue

SOURCE = "en"
"""In which the messages are written."""

LANGUAGES: Mapping[str, str] = MappingProxyType({SOURCE: "English", "zh": "中文", "ru": "русский"})
"""Each by its code of two letters, as its readers call it."""

_chosen: ContextVar[str | None] = ContextVar("attnviz_language", default=None)
_ask: list[Callable[[], str]] = [lambda: SOURCE]


def get_language() -> str:
    """The code of the language in which messages come now."""
    return _chosen.get() or _ask[0]()


def tell_language(ask: Callable[[], str]) -> None:
    """From now on ask this for the language, each time; it is called on any thread."""
    _ask[0] = ask


@contextmanager
def using_language(language: str) -> Iterator[None]:
    """Messages of this thread come in this language."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def mark(message: str) -> str:
    """The message as it is, which the catalogue is to hold: `tr` is called where it is shown."""
    return message


def tr(message: str, /, **values: object) -> str:
    """The message in the reader's language, its `{names}` filled with the values."""
    if not message:
        return message  # gettext answers '' with the catalogue's own head
    return _fill(find_catalogue(get_language()).gettext(message), values)


def tr_n(one: str, many: str, count: float, /, **values: object) -> str:
    """The form of a message that goes with a count in the reader's language.

    Args:
        one, many: the English forms; a catalogue has as many as its language needs.
        count: what decides; what is to be shown of it is one of the values.
    """
    number = int(count) if count == int(count) else 2  # 2.5 takes the form of 2: "слова" in Russian, "words" in English
    return _fill(find_catalogue(get_language()).ngettext(one, many, number), values)


def _fill(message: str, values: Mapping[str, object]) -> str:
    return message.format(**values) if values else message
