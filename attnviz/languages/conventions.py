"""How a language writes numbers, as Babel knows it from the Unicode CLDR."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from attnviz.languages.choice import SOURCE, get_language


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers are written.

    Attributes:
        decimal: between whole and part: '.' or ','.
        group: between thousands.
        percent: what stands behind the number of a share, with its space if it has one.
    """

    decimal: str
    group: str
    percent: str


def get_conventions() -> Conventions:
    """Those of the reader's language."""
    return _find(get_language())


@cache
def _find(language: str) -> Conventions:
    if language == SOURCE:
        return Conventions(".", ",", "\N{NO-BREAK SPACE}%")  # the space is attnviz's own way, as in science
    from babel import Locale

    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    percent = locale.percent_formats[None].pattern.lstrip("#,.0")
    return Conventions(symbols["decimal"], symbols["group"], percent)
