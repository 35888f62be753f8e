"""Runs of the Column lab on a table of somebody's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.errors import DataError, SettingError
from attnviz.lab.lab_run import LabRun, run_task
from attnviz.lab.own_table import fit_settings
from attnviz.lab.table_file import TableFile, read_frame, read_table_file
from attnviz.lab.tasks import SPECIAL_SETTINGS, TaskSettings, default_settings

if TYPE_CHECKING:
    import pandas as pd


def train_table(
    table: Path | str | pd.DataFrame,
    answer: str,
    *,
    yes: str | None = None,
    columns: Sequence[str] | None = None,
    **settings: Any,
) -> LabRun:
    """Train the toy network on a table of your own, and compare its attention with what it uses.

    A seeded 20 % of the rows are held out. Every column is standardised: minus its mean, over its standard deviation,
    both of the rows that train. Nothing is planted, so the run's `score` compares the attention with the permutation
    importance on the held-out rows (`compute_use_agreement`); `majority_baseline` is what always the same answer gets.

    Args:
        table: a file of `attnviz.lab.table_file.FORMATS`, or a DataFrame; 100 to 10,000 rows.
        answer: the column that holds the answer.
        yes: the value that counts as the answer yes; the last one in order if None. Many different numbers are
            divided at their median.
        columns: 2 to 32 columns of numbers that the network reads; all but the answer if None.
        settings: epochs, batch_size, learning_rate, temperature, seed, as for `train_task`.

    Raises:
        DataError: the table is not what is needed: size, fields that are no numbers or missing, one answer only.
        SettingError: a column, an answer or a setting that is not there, or a value outside its limits.
    """
    file = _read_file(Path(table)) if isinstance(table, (str, Path)) else read_frame(table)
    known = default_settings("table")
    if unknown := settings.keys() - (known.keys() - {"task", *SPECIAL_SETTINGS}):
        raise SettingError(f"Unknown setting {min(unknown)!r} for a table.")
    chosen = file.choose(answer, yes, columns)
    return run_task(fit_settings(TaskSettings(**known | settings), chosen), chosen)


def _read_file(path: Path) -> TableFile:
    try:
        return read_table_file(path.name, path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}).") from error
