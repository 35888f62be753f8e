"""This checkout against another one, row by row in turns: whether a change made something slower.

Both run in the same virtual environment, each in a process of its own, one of them at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, cell, compare
from benchmarks.remote import ROOT, Remote, start_checkout
from benchmarks.texts import draw_lengths

TOLERANCE = 0.05
"""By how much the median may be slower."""


@dataclass(frozen=True)
class Case:
    """A row: what it is called, and the operation of public_rows.py that it times."""

    what: str
    op: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 1
    rounds: int = 9

    def measure(self, now: Remote, before: Remote) -> Row:
        """Time both in turns."""
        calls = [remote.timed(self.op, self.repeat, **self.arguments) for remote in (now, before)]
        return compare(self.what, calls[0], "before", calls[1], self.rounds)


def list_cases() -> Iterator[Case]:
    """One review, many reviews, the toy, training steps and activations."""
    for name in ("luong", "bilstm-additive", "lstm-dot"):
        for method in ("attention", "gradient", "integrated_gradients", "occlusion"):
            arguments = {"network": name, "method": method, "words": 200}
            what, repeat = f"{name}: {method} of a review of 200 words", 25 if method == "attention" else 5
            yield Case(what, "explain", arguments, repeat, rounds=25)
    lengths = draw_lengths(25_000)
    stream = {"network": "luong", "lengths": lengths}
    yield Case(f"luong: attention of {len(lengths):,} reviews from raw text", "explain_stream", stream, rounds=5)
    yield Case("column: 20 epochs", "train_column", repeat=5)
    for name, batch_size in (("luong", 64), ("bilstm-additive", 128)):
        arguments = {"network": name, "batch_size": batch_size}
        yield Case(f"{name}: a training step of {batch_size} reviews", "train_step", arguments, rounds=5)
    arguments = {"network": "luong", "words": 500}
    yield Case("luong: all activations of a review of 500 words", "activations", arguments)


def compare_checkouts(folder: Path, wanted: str = "") -> list[Row]:
    """The rows whose name contains `wanted`: `ours` is this checkout, `theirs` the one in that folder."""
    now, before = start_checkout(ROOT), start_checkout(folder)
    try:
        return [_report(case.measure(now, before)) for case in list_cases() if wanted in case.what]
    finally:
        now.close()
        before.close()


def find_slower(rows: list[Row]) -> list[Row]:
    """Those whose median now takes more than TOLERANCE longer than before."""
    return [row for row in rows if row.ratio * (1 + TOLERANCE) < 1]


def checkouts_to_markdown(rows: list[Row]) -> str:
    """A table with medians, the range of the rounds, and the ratio of the medians, now to before."""
    lines = ["| what | now | before | now / before |", "|---|---:|---:|---:|"]
    slower = find_slower(rows)
    for row in rows:
        ratio = f"{1 / row.ratio:.3f}"
        lines.append(
            f"| {row.what} | {cell(row.ours)} | {cell(row.theirs)} | {f'**{ratio}**' if row in slower else ratio} |"
        )
    return "\n".join(lines)


def _report(row: Row) -> Row:
    print(f"{row.what}: {1 / row.ratio:.3f} of the time before", file=sys.stderr)
    return row
