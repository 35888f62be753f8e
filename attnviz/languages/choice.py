"""Which language a reader wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

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
