"""The table of trained controls: what each kind reaches, over its seeds; needs no TensorFlow."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attnviz.evidence.control_plan import KINDS, Kind, describe_kind, find_gap
from attnviz.evidence.control_run import ControlRun
from attnviz.models.registry import ModelSpec
from attnviz.render.numerals import format_percent


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A kind of control over its seeds.

    Attributes:
        kind, deceit: which; see `control_plan`.
        n: how many seeds.
        accuracy, spread: mean and standard deviation (n - 1) of the test accuracy; None for the spread of one seed.
        parameters: how many are trained.
        others: how many of the runs are not the base network itself; the next three are means over those, None where
            there is none.
        same: the share of test reviews with the base network's answer.
        distance: the total variation distance of the answers.
        divergence: the Jensen-Shannon divergence of the weights from the base network's; None also without attention.
    """

    kind: Kind
    deceit: float | None
    n: int
    accuracy: float
    spread: float | None
    parameters: int
    others: int
    same: float | None
    distance: float | None
    divergence: float | None


def make_rows(runs: Sequence[ControlRun]) -> list[ControlRow]:
    """A row a kind and λ, in the order of KINDS."""
    keys = {(run.control.kind, run.control.deceit) for run in runs}
    ordered = sorted(keys, key=lambda key: (KINDS.index(key[0]), key[1] or 0.0))
    return [_make_row(*key, [run for run in runs if (run.control.kind, run.control.deceit) == key]) for key in ordered]


def _make_row(kind: Kind, deceit: float | None, runs: Sequence[ControlRun]) -> ControlRow:
    accuracies = [run.run.accuracy for run in runs]
    agreements = [run.agreement for run in runs if not run.is_base]
    return ControlRow(
        kind,
        deceit,
        len(runs),
        statistics.fmean(accuracies),
        statistics.stdev(accuracies) if len(runs) > 1 else None,
        runs[0].run.parameters,
        len(agreements),
        _mean([agreement.same for agreement in agreements]),
        _mean([agreement.distance for agreement in agreements]),
        _mean([agreement.divergence for agreement in agreements]),
    )


def _mean(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return statistics.fmean(known) if known else None


COLUMNS = ("", "accuracy", "± SD", "seeds", "parameters", "same answer", "TVD", "JSD")


def format_controls(spec: ModelSpec, runs: Sequence[ControlRun]) -> str:
    """The table as text, and what has to be known to read it."""
    cells = [list(COLUMNS), *(_format_row(row) for row in make_rows(runs))]
    widths = [max(len(row[place]) for row in cells) for place in range(len(COLUMNS))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    return "\n".join([*lines, "", *explain_controls(spec, runs)])


def name_row(row: ControlRow) -> str:
    """What a row is called: 'even', 'liar, λ 0.1'."""
    return row.kind if row.deceit is None else f"{row.kind}, λ {row.deceit:g}"


def _format_row(row: ControlRow) -> list[str]:
    spread = "" if row.spread is None else format_percent(row.spread, 2)
    shares = ["" if row.same is None else format_percent(row.same)]
    numbers = ["" if number is None else f"{number:.3f}" for number in (row.distance, row.divergence)]
    return [
        name_row(row),
        format_percent(row.accuracy, 2),
        spread,
        str(row.n),
        f"{row.parameters:,}",
        *shares,
        *numbers,
    ]


def explain_controls(spec: ModelSpec, runs: Sequence[ControlRun]) -> Iterator[str]:
    """What the rows are, what is missing and why, and what the columns mean."""
    base = runs[0].base["name"]
    for kind in KINDS:
        gap = find_gap(spec, kind)
        yield f"{kind}: {gap[0].lower() + gap[1:] if gap else describe_kind(spec, kind) + '.'}"
    reviews = runs[0].agreement.n
    yield f"Accuracy on {reviews:,} test reviews; same answer, TVD and JSD against {base}."
    if any(run.limit for run in runs):
        yield f"Trained on at most {runs[0].limit:,} reviews, chosen by the seed; {base} saw those of its own run."
    yield from _explain_base(runs)
    yield "TVD: total variation distance of the answers. JSD: Jensen-Shannon divergence of the weights, at most 0.693."
    yield "own, JSD: how far the attention of the same network moves when nothing but the seed changes."


def _explain_base(runs: Sequence[ControlRun]) -> Iterator[str]:
    for run in runs:
        if run.is_base:
            yield f"own, seed {run.control.seed}, is {run.base['name']} itself, not trained again."
            if run.run.data.get("digest") != run.digest:
                digests = f"sha256 {str(run.run.data.get('digest'))[:8]}, here {run.digest[:8]}"
                yield f"It was trained on another copy of the reviews than the others ({digests})."
