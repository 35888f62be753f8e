"""Numbers with as many digits as they need, and what Plotly has to know to write numbers as the page does."""

from __future__ import annotations

from attnviz.languages import tr_n
from attnviz.languages.conventions import get_conventions
from attnviz.render.numerals import format_count


def format_short(number: float) -> str:
    """'0.03', '1': a setting that somebody chose, as it was chosen."""
    return f"{number:g}".replace(".", get_conventions().decimal).replace("-", "−")


def count_texts(count: int) -> str:
    """'1 text', '2,000 texts'."""
    return tr_n("{n} text", "{n} texts", count, n=format_count(count))


def get_separators() -> str:
    """Plotly's layout.separators: the decimal sign, then what parts thousands."""
    return get_conventions().decimal + get_conventions().group
