"""The table of a sweep: each seed, and how far the seeds lie apart; needs no TensorFlow."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from attnviz.evidence.resampling import COVERAGE, DRAWS, estimate_mean
from attnviz.evidence.seed_run import SeedRun
from attnviz.render.numerals import format_percent
from attnviz.values.spread import Spread

Row = Mapping[str, Any]
"""A seed, by the names of the columns."""

MEASURES = ("held_out_accuracy", "test_accuracy", "test_loss", "seconds")


def make_rows(runs: Sequence[SeedRun]) -> list[Row]:
    """A row a seed: what it reached, and what it was made with."""
    return [_make_row(run) for run in runs]


def _make_row(one: SeedRun) -> Row:
    run = one.run
    return {
        "seed": run.seed,
        "best_epoch": run.selected_epoch,
        "held_out_accuracy": one.held_out_accuracy,
        "test_accuracy": run.accuracy,
        "test_loss": run.loss,
        "seconds": run.seconds,
        "network": run.network,
        "parameters": run.parameters,
        "protocol": run.protocol,
        "epochs": run.recipe.get("epochs"),
        "batch_size": run.recipe.get("batch_size"),
        "limit": one.limit,
        "data": run.data.get("name"),
        "digest": one.digest,
        **{name: run.data.get(name) for name in ("train", "held_out", "test")},
        "created": run.created,
        "kept": one.kept,
        "command": one.command,
        **run.versions,
    }


def make_spreads(rows: Sequence[Row]) -> list[Spread]:
    """Each measure that all seeds have, over them."""
    columns = {name: [row[name] for row in rows] for name in MEASURES}
    return [measure_spread(name, values) for name, values in columns.items() if values and None not in values]


def measure_spread(measure: str, values: Sequence[float]) -> Spread:
    """A measure over seeds, at least one."""
    mean, ends = statistics.fmean(values), (min(values), max(values))
    estimate = estimate_mean(np.array(values)) if len(values) > 1 else None
    if estimate is None:
        return Spread(measure, len(values), mean, None, *ends, None, None, COVERAGE)
    between = (estimate.low, estimate.high)
    return Spread(measure, len(values), mean, statistics.stdev(values), *ends, *between, COVERAGE)


_TITLES = {"held_out_accuracy": "held-out", "test_accuracy": "test", "test_loss": "loss", "seconds": "time"}


def format_sweep(rows: Sequence[Row]) -> str:
    """The table as text, and what has to be known to read it."""
    cells = [
        ["", "best epoch", *_TITLES.values()],
        *([f"seed {row['seed']}", str(row["best_epoch"]), *_format(row)] for row in rows),
        *([title, "", *_format(numbers)] for title, numbers in _list_totals(rows)),
    ]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in cells]
    return "\n".join([*_describe(rows), "", *lines, "", *_explain(rows)])


def _format(numbers: Row) -> list[str]:
    return ["–" if (value := numbers.get(name)) is None else _format_one(name, value) for name in MEASURES]


def _format_one(name: str, value: float) -> str:
    if name == "seconds":
        return f"{value:.1f} s"
    return f"{value:.4f}" if name == "test_loss" else format_percent(value, 2)


def _list_totals(rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """What is said of several seeds together."""
    if len(rows) == 1:
        return
    level = format_percent(COVERAGE, 0)
    titles = {"mean": "mean", "spread": "± SD", "smallest": "smallest", "largest": "largest"}
    titles |= {"low": f"mean, {level} from", "high": f"mean, {level} to"}
    for name, title in titles.items():
        yield title, {spread.measure: getattr(spread, name) for spread in make_spreads(rows)}


def _describe(rows: Sequence[Row]) -> Iterator[str]:
    first = rows[0]
    seeds = f"{len(rows)} seeds" if len(rows) > 1 else f"seed {first['seed']}"
    texts = f"{first['train']:,} training, {first['held_out']:,} held-out and {first['test']:,} test texts"
    yield f"{first['network']}, {seeds}, protocol {first['protocol']}, {first['epochs']} epochs"
    yield f"{first['data']}: {texts}"


def _explain(rows: Sequence[Row]) -> Iterator[str]:
    first = rows[0]
    if first["protocol"] == "tutorial":
        yield "Test accuracy and loss are those of the last epoch, as in the tutorial."
    else:
        yield "The held-out texts choose the epoch; accuracy and loss on the test texts are read once, of that epoch."
    if len(rows) == 1:
        yield "One seed: there is no spread and no interval."
    else:
        yield f"± SD: standard deviation (n − 1) over n = {len(rows)} seeds."
        yield f"Interval of the mean: bootstrap over the seeds, percentiles of {DRAWS:,} draws. Of few seeds it is"
        yield "shorter than it should be, and it says nothing of other test texts."
    if first["limit"] is not None:
        yield f"Of more than {first['limit']:,} texts each seed drew its own, so the spread is theirs, too."
    yield "Time: of the training alone; trainings side by side slow each other down."
    yield from _explain_making(rows)


def _explain_making(rows: Sequence[Row]) -> Iterator[str]:
    versions = sorted({f"TensorFlow {row['tensorflow']}, Keras {row['keras']}" for row in rows})
    yield f"Trained with {'; and with '.join(versions)}."
    if kept := [row["kept"] for row in rows if row["kept"]]:
        yield f"In the library: {', '.join(kept)}."
        if lost := [str(row["seed"]) for row in rows if not row["kept"]]:
            yield f"Trained before without --keep, so not kept: seed {', '.join(lost)}."
