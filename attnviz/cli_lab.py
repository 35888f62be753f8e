"""The `attnviz table` command: the toy network of the Column lab on a table of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.render.numerals import format_percent

if TYPE_CHECKING:
    from attnviz.lab.lab_run import LabRun


def add_lab_parser(commands: Any) -> None:
    """Add `table` to the commands."""
    table = commands.add_parser("table", help="train on a table of numbers; does attention show what is used?")
    table.add_argument("file", metavar="FILE", type=Path, help="a table with a header: .csv, .tsv, .parquet, .json")
    table.add_argument("--answer", required=True, metavar="COLUMN", help="the column that holds the answer")
    table.add_argument("--yes", metavar="VALUE", help="what counts as yes; default: the last of its values in order")
    table.add_argument("--columns", nargs="+", metavar="COLUMN", help="what the network reads; default: all numbers")
    table.add_argument("--epochs", type=int, default=50, help="default: 50")
    table.add_argument("--seed", type=int, default=0, help="default: 0; draws the rows that are held out, too")
    table.set_defaults(run=_train_table)


def _train_table(options: argparse.Namespace) -> None:
    from attnviz.lab.table_run import train_table

    settings = {"epochs": options.epochs, "seed": options.seed}
    run = train_table(options.file, options.answer, yes=options.yes, columns=options.columns, **settings)
    for line in _describe(run):
        print(line)


def _describe(run: LabRun) -> Iterator[str]:
    table, cost = run.table, run.permutation_importance
    assert table is not None
    assert cost is not None
    train, test = run.settings.training_size, run.settings.validation_size
    yield f"{table.name}, {table.question}: {train:,} rows train, {test:,} are held out"
    accuracy = format_percent(run.history["val_accuracy"][-1])
    yield f"accuracy {accuracy}, always the same answer {format_percent(run.majority_baseline)}"
    yield run.describe()
    wide = max(map(len, table.columns))
    yield f"{'':{wide}}  attention  shuffling costs"
    for name, weight, price in zip(table.columns, run.attention[-1], cost, strict=True):
        yield f"{name:{wide}}  {weight:9.3f}  {price * 100:6.1f} points"
