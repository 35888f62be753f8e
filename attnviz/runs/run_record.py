"""The record of a run in run.json, as it is let in."""

from __future__ import annotations

from collections.abc import Mapping

from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.models.own_data_spec import get_run_spec
from attnviz.render.numerals import format_count
from attnviz.runs.checkpoint_files import parse_record
from attnviz.values.plain import from_plain
from attnviz.values.run import Run

FORMAT = 1
PUBLISHED_COLUMNS, MAX_COLUMNS = 4, 1_000
"""How many columns of numbers the network `column` reads if its run does not say, and at most."""

_OTHER_FORMAT = mark("it has checkpoint format {found}; this version of attnviz reads format {format}")
_MANY_COLUMNS = mark("its network reads {columns} columns; 1 to {most} are possible")


def parse_run(data: bytes) -> tuple[Run, Mapping[str, str]]:
    """The run in run.json, and the sha256 of each file of its checkpoint by its name.

    Raises:
        SettingError: it is something else, of another version, or of no network that could be built; says what.
    """
    record = parse_record(data)
    if record.get("format") != FORMAT:
        found = record.get("format")
        raise SettingError(tr(_OTHER_FORMAT, found=repr(found), format=FORMAT))
    run = from_plain(Run, record, "record of a run")
    _check_run(run)
    return run, from_plain(dict[str, str], record.get("files"), "table of sha256")


def _check_run(run: Run) -> None:
    """Refuse values that the pages could not show, or a network that could not be built."""
    spec = get_run_spec(run.network, run.data)
    if not 0 <= run.accuracy <= 1:
        raise SettingError(tr("it has {accuracy} as accuracy, which is a fraction", accuracy=run.accuracy))
    if spec.task == "column":
        count_columns(run)
    else:
        for name in ("train", "held_out", "test"):
            _get_count(run, name)


def count_columns(run: Run) -> int:
    """How many columns of numbers the network `column` reads.

    Raises:
        SettingError: a number that no network has.
    """
    columns = _get_count(run, "columns") if "columns" in run.data else PUBLISHED_COLUMNS
    if not 1 <= columns <= MAX_COLUMNS:
        raise SettingError(tr(_MANY_COLUMNS, columns=format_count(columns), most=format_count(MAX_COLUMNS)))
    return columns


def _get_count(run: Run, name: str) -> int:
    if not isinstance(value := run.data.get(name), int) or value < 0:
        raise SettingError(tr("it has {value} as the number data.{name}", value=repr(value), name=name))
    return value
