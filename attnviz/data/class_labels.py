"""The classes of a data set, from what stands in its label column: words, numbers or truth values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from attnviz.errors import DataError
from attnviz.languages import tr
from attnviz.render.numerals import format_count
from attnviz.text.class_names import MAX_CHARACTERS

FEWEST, MOST = 2, 20
"""How many classes a data set may have."""

SPELLINGS = 4 * MOST
"""As many spellings of labels are looked at: 1 and 1.0 are one class. A column that has more names no classes."""

NO_CLASS = -1
_SHOWN = 3


class Classes(NamedTuple):
    """The classes and which one each spelling means.

    Attributes:
        names: (k,) numbers by value, others by name.
        indices: for each spelling in order, the index of its class, NO_CLASS where it names none.
    """

    names: tuple[str, ...]
    indices: tuple[int, ...]


def find_classes(spellings: Sequence[str], column: str) -> Classes:
    """The classes that different spellings mean, in an order that does not depend on that of the rows.

    Where all are numbers, equal ones are one class, and the number that is none ('nan') is no label.

    Args:
        spellings: each once, none blank. column: what the errors call it.

    Raises:
        DataError: fewer than two classes, more than twenty, or a name that is too long.
    """
    numbers = {spelling: _parse(spelling) for spelling in spellings}
    found = _name_numbers(numbers) if any(map(_is_number, numbers.values())) else None
    named: Mapping[str, str | None] = found or {spelling: spelling for spelling in spellings}
    names = _order({name for name in named.values() if name is not None}, by_value=found is not None)
    _check(names, column)
    index = {name: place for place, name in enumerate(names)}
    return Classes(
        names, tuple(NO_CLASS if (name := named[spelling]) is None else index[name] for spelling in spellings)
    )


def check_spellings(spellings: Sequence[str], column: str) -> None:
    """Refuse a column with more spellings than any twenty classes have; to be asked while rows are read.

    Raises:
        DataError: there are more.
    """
    if len(spellings) > SPELLINGS:
        _refuse_many(spellings, tr("over {n}", n=SPELLINGS), column)


def _parse(spelling: str) -> float | None:
    try:
        return float(spelling) if spelling.isascii() and "_" not in spelling else None
    except ValueError:
        return None


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _name_numbers(numbers: Mapping[str, float | None]) -> dict[str, str | None] | None:
    """How each number is written; None if one of them is no number."""
    if any(value is None or math.isinf(value) for value in numbers.values()):
        return None
    return {spelling: _write(value) for spelling, value in numbers.items() if value is not None}


def _write(value: float) -> str | None:
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() else repr(value)


def _order(names: set[str], by_value: bool) -> tuple[str, ...]:
    return tuple(sorted(names, key=float) if by_value else sorted(names))


def _check(names: Sequence[str], column: str) -> None:
    if not names:
        raise DataError(tr("The column {column} holds no label: all of its fields are blank.", column=repr(column)))
    if len(names) < FEWEST:
        raise DataError(
            tr(
                "The column {column} has one class only, {name}; at least two are needed.",
                column=repr(column),
                name=repr(names[0]),
            )
        )
    if len(names) > MOST:
        _refuse_many(names, str(len(names)), column)
    if long := next((name for name in names if len(name) > MAX_CHARACTERS), None):
        raise DataError(
            tr(
                "The column {column} has a label of {n} characters; the name of a class may have {most}. Is "
                "it the column of the texts?",
                column=repr(column),
                n=format_count(len(long)),
                most=MAX_CHARACTERS,
            )
        )


def _refuse_many(found: Sequence[str], count: str, column: str) -> None:
    numbers = all(_is_number(_parse(name)) for name in found)
    what = tr("numbers of a scale or ids") if numbers else tr("ids or texts")
    shown = ", ".join(repr(name[:20]) for name in found[:_SHOWN])
    raise DataError(
        tr(
            "The column {column} has {count} different values ({shown} …), which look like {what}, not "
            "like classes; at most {most} classes are possible. Choose another column, or put the "
            "values into groups first.",
            column=repr(column),
            count=count,
            shown=shown,
            what=what,
            most=MOST,
        )
    )
