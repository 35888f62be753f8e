"""Single figures in a text, each between marks that say where it comes from:

<!-- figure: lstm-dot | accuracy lost | even weights | points -->1.6<!-- /figure -->
<!-- control: word-additive | liar, λ 0.01 | same answer -->96.4 %<!-- /control -->
<!-- bag: 500 words | words and pairs | 22,500 reviews -->90.92 %<!-- /bag -->
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from attnviz.errors import DataError, UnknownNameError
from attnviz.evidence.control_run import read_shipped_runs
from attnviz.evidence.control_table import ControlRow, make_rows, name_row
from attnviz.evidence.network_summary import SHIPPED, read_shipped
from attnviz.evidence.word_bag import WordBag, read_shipped_bags
from attnviz.values.corpus_measures import NetworkSummary, Row

_MARKED = re.compile(r"<!-- (figure|control|bag): ([^>]*?) -->.*?<!-- /\1 -->", re.DOTALL)

_UNITS: Mapping[str, Callable[[Row], str]] = {
    "%": lambda row: write_share(row.value),
    "points": lambda row: write_number(100 * row.value, 1),
    "interval in points": lambda row: f"{write_number(100 * row.low, 1)} to {write_number(100 * row.high, 1)}",
    "1 decimal": lambda row: write_number(row.value, 1),
    "2 decimals": lambda row: write_number(row.value, 2),
    "n": lambda row: f"{row.n:,}",
}

_OF_A_CONTROL: Mapping[str, Callable[[ControlRow], str]] = {
    "accuracy": lambda row: write_share(row.accuracy),
    "same answer": lambda row: "–" if row.same is None else f"{100 * row.same:.1f} %",
    "JSD": lambda row: "–" if row.divergence is None else f"{row.divergence:.3f}",
    "seeds": lambda row: str(row.n),
}

Found = TypeVar("Found")

_FEATURES = {1: "words", 2: "words and pairs"}


def write_figures(text: str) -> str:
    """A text in which every marked figure is the one that ships.

    Raises:
        UnknownNameError: a mark of something that there is not. DataError: a mark with too few parts.
    """
    return _MARKED.sub(
        lambda found: f"<!-- {found[1]}: {found[2]} -->{_write(*found.groups())}<!-- /{found[1]} -->", text
    )


def write_of_row(row: Row, unit: str) -> str:
    """A measure in one of the units of a mark."""
    return _find("unit", unit, _UNITS)(row)


def write_of_control(row: ControlRow, what: str) -> str:
    """What a mark may say of a control."""
    return _find("figure of a control", what, _OF_A_CONTROL)(row)


def write_share(share: float | None) -> str:
    """A share in per cent, with two decimals."""
    return "–" if share is None else f"{100 * share:.2f} %"


def write_number(value: float, decimals: int) -> str:
    """A number with a typographic minus, and none before zero."""
    written = f"{value:.{decimals}f}".replace("-", "−")
    return written.lstrip("−") if not float(written.replace("−", "-")) else written


def _write_between(found: re.Match[str]) -> str:
    kind, mark = found.groups()
    return f"<!-- {kind}: {mark} -->{_write(kind, mark)}<!-- /{kind} -->"


def _write(kind: str, mark: str) -> str:
    parts = [part.strip() for part in mark.split("|")]
    expected, write = _KINDS[kind]
    if len(parts) != len(expected.split("|")):
        raise DataError(f"A {kind} is '{expected}', not {mark!r}.")
    return write(*parts)


def _write_figure(network: str, measure: str, of: str, unit: str) -> str:
    summary = read_shipped(network)
    row = None if summary is None else summary.find(measure, of)
    if row is None:
        raise UnknownNameError("figure", f"{network} | {measure} | {of}", _list_names(summary))
    return write_of_row(row, unit)


def _list_names(summary: NetworkSummary | None) -> Iterator[str]:
    if summary is None:
        yield from sorted(path.stem for path in SHIPPED.glob("*.json"))
    else:
        yield from (f"{row.measure} | {row.of}" for row in summary.rows)


def _write_control(network: str, trained: str, what: str) -> str:
    rows = {name_row(row): row for row in make_rows(read_shipped_runs(network))}
    return write_of_control(_find("control", trained, rows), what)


def _write_bag(steps: str, features: str, reviews: str) -> str:
    bags = {_name_bag(bag): bag for bag in read_shipped_bags().rows}
    return write_share(_find("bag", f"{steps} | {features} | {reviews}", bags).accuracy)


def _name_bag(bag: WordBag) -> str:
    return f"{bag.steps} words | {_FEATURES[bag.longest]} | {bag.train:,} reviews"


def _find(kind: str, name: str, table: Mapping[str, Found]) -> Found:
    if name not in table:
        raise UnknownNameError(kind, name, table)
    return table[name]


_KINDS: Mapping[str, tuple[str, Callable[..., str]]] = {
    "figure": ("network | measure | of | unit", _write_figure),
    "control": ("network | trained | what", _write_control),
    "bag": ("words | features | reviews", _write_bag),
}
