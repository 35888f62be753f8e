"""Names in a row and in quotation marks, as the reader's language has them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from attnviz.languages import tr


def list_all(names: Iterable[str]) -> str:
    """'one and another and a third', of at least one."""
    return reduce(lambda before, last: tr("{before} and {last}", before=before, last=last), names)


def list_any(names: Iterable[str]) -> str:
    """'one or another or a third', of at least one."""
    return reduce(lambda before, last: tr("{before} or {last}", before=before, last=last), names)


def quote(name: str) -> str:
    """'‘name’'."""
    return tr("‘{name}’", name=name)
