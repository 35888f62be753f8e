"""Published figures beside what the networks here give, with what differs."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from attnviz.errors import UnknownNameError
from attnviz.evidence.control_run import read_shipped_runs
from attnviz.evidence.evidence_run import Evidence, measure_evidence
from attnviz.evidence.published_figures import STUDIES, Figure, Study
from attnviz.evidence.results_folder import write_text
from attnviz.evidence.table_text import format_number
from attnviz.render.numerals import get_percent
from attnviz.values.corpus_measures import Row

TEXTS = 500
"""How many texts a network is measured on, if nobody says."""


@dataclass(frozen=True)
class Retrained:
    """What the trained controls that ship give: the mean over their seeds and its standard deviation (n - 1)."""

    value: float
    spread: float | None
    seeds: int
    n: int


@dataclass(frozen=True)
class Beside:
    """A published figure and ours; None where it can't be repeated."""

    published: Figure
    ours: Row | Retrained | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        ours = asdict(self.ours) if isinstance(self.ours, Retrained) else self.ours and self.ours.to_dict()
        return {"published": asdict(self.published), "ours": ours}


@dataclass(frozen=True)
class Reproduction:
    """What is published in a study beside what is found here."""

    study: Study
    rows: tuple[Beside, ...]
    evidence: tuple[Evidence, ...]

    def to_text(self) -> str:
        """A table for a terminal, with what differs."""
        return "\n".join(_format(self))


def reproduce(name: str, out: str | Path | None = None, **settings: Any) -> Reproduction:
    """Measure what a study measured, as far as that can be repeated.

    Args:
        name: of the study, a key of STUDIES.
        out: a folder of results with a folder for each network; by default 'reproduce-NAME' in the working folder.
        settings: of `measure_evidence`: texts (500 if not given), seed, processes, ray, progress.

    Raises:
        UnknownNameError: no such study. Else as `measure_evidence`.
    """
    if name not in STUDIES:
        raise UnknownNameError("study", name, STUDIES)
    study, folder = STUDIES[name], Path(out or f"reproduce-{name}")
    settings["texts"] = settings.get("texts") or TEXTS
    networks = dict.fromkeys(figure.network for figure in study.figures if figure.network)
    found = {
        network: measure_evidence(network, folder / network, without=study.without, **settings) for network in networks
    }
    rows = tuple(_lay_beside(figure, found.get(figure.network)) for figure in study.figures)
    plain = {"study": study.title, "differs": study.differs, "rows": [row.to_dict() for row in rows]}
    write_text(folder / "table.json", json.dumps(plain, indent=2, allow_nan=False) + "\n")
    return Reproduction(study, rows, tuple(found.values()))


def _lay_beside(figure: Figure, evidence: Evidence | None) -> Beside:
    if figure.retrained is not None:
        return Beside(figure, find_retrained(figure))
    return Beside(figure, None if evidence is None else evidence.find(*figure.row))


def find_retrained(figure: Figure) -> Retrained | None:
    """What the shipped controls that a figure names give; None where none of them ships."""
    kind, deceit, measure = figure.retrained or ("own", None, "f1")
    runs = [
        run for run in read_shipped_runs(figure.network) if (run.control.kind, run.control.deceit) == (kind, deceit)
    ]
    found = [run.f1 if measure == "f1" else run.agreement.distance for run in runs]
    values = [value for value in found if value is not None]
    if not values:
        return None
    spread = statistics.stdev(values) if len(values) > 1 else None
    return Retrained(statistics.fmean(values), spread, len(values), runs[0].agreement.n)


def _format(found: Reproduction) -> Iterator[str]:
    yield found.study.title
    yield f"\n{'published':>17}  {'here':>7}  {f'95{get_percent()} interval':<16}  {'n':>6}  of what"
    for row in found.rows:
        yield f"{_format_published(row.published)}  {_format_ours(row.ours)}  {_format_subject(row)}"
        if row.published.differs:
            yield f"{'':52}  ({row.published.differs})"
        if row.published.retrained and row.ours is None:
            yield f"{'':52}  (no network that was trained so is shipped)"
    yield "\nWhat differs in all of them:"
    yield from (f"  {sentence}" for sentence in found.study.differs)


def _format_published(figure: Figure) -> str:
    spread = "" if figure.spread is None else f" ± {format_number(figure.spread)}"
    return f"{format_number(figure.value) + spread:>17}"


def _format_ours(row: Row | Retrained | None) -> str:
    if row is None:
        return f"{'-':>7}  {'':<16}  {'':>6}"
    if isinstance(row, Retrained):
        spread = f"{'' if row.spread is None else f'± {format_number(row.spread)}, '}seeds: {row.seeds}"
        return f"{format_number(row.value):>7}  {spread:<16}  {row.n:>6,}"
    return f"{format_number(row.value):>7}  {f'[{format_number(row.low)}, {format_number(row.high)}]':<16}  {row.n:>6,}"


def _format_subject(row: Beside) -> str:
    ours = f" | here {row.published.network}" if row.ours else ""
    anew = ", trained anew" if isinstance(row.ours, Retrained) else ""
    return f"{row.published.measure}: {row.published.model}, {row.published.data}{ours}{anew}"
