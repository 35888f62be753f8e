"""Numbers as a reader sees them: a typographic minus, `12 %` that no line break parts, nothing certain that is not;
as the reader's language writes them.

Files for machines (CSV, JSON) keep Python's own forms. The pages' counterpart in the browser is `web/numbers.js`.
"""

from __future__ import annotations

from attnviz.languages import tr_n
from attnviz.languages.conventions import get_conventions


def get_percent() -> str:
    """What stands behind the number of a share: ' %', with a space that no line break parts."""
    return get_conventions().percent


def format_count(count: int) -> str:
    """'25,000'."""
    return f"{count:,}".replace(",", get_conventions().group).replace("-", "−")


def count_words(count: int) -> str:
    """'1 word', '2,000 words'."""
    return tr_n("{n} word", "{n} words", count, n=format_count(count))


def format_number(value: float, digits: int = 3) -> str:
    """'−0.050'; what rounds to 0 has no sign."""
    return _typeset(f"{round(value, digits) + 0:.{digits}f}")  # adding 0 makes -0 a 0


def format_signed(value: float, digits: int = 4) -> str:
    """'+0.0500', '−0.0500': a score or a change, which always has its sign, also where it rounds to 0."""
    return _typeset(f"{value + 0:+.{digits}f}")


def format_percent(share: float, digits: int = 1) -> str:
    """'12.3 %', of the share 0.123."""
    return f"{format_number(100 * share, digits)}{get_percent()}"


def format_probability(probability: float) -> str:
    """Three digits; a probability that would round to certainty says that it is not."""
    if probability < 0.0005:
        return f"< {format_number(0.001)}"
    return f"> {format_number(0.999)}" if probability >= 0.9995 else format_number(probability)


def _typeset(number: str) -> str:
    return number.replace(".", get_conventions().decimal).replace("-", "−")
