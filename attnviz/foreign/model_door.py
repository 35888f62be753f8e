"""The door as the page uses it: archives are looked at here, HDF5 in a process of its own."""

from __future__ import annotations

from pathlib import Path

from attnviz.foreign.door_process import ask_apart
from attnviz.foreign.model_file import FileReport, check_model_file
from attnviz.languages import mark, tr
from attnviz.values.plain import from_plain

SECONDS = 60.0
_BROKEN = mark(
    "The file's HDF5 is damaged: whoever reads it fails. Save the model again with model.save('name.keras')."
)


def check_at_door(path: Path) -> FileReport:
    """`check_model_file`, such that no file can do harm to this process.

    Raises:
        ModelFileError: as there.
    """
    return check_model_file(path) if path.suffix == ".keras" else _check_apart(path)


def _check_apart(path: Path) -> FileReport:
    answer = ask_apart("attnviz.foreign", path, SECONDS, tr(_BROKEN))
    return from_plain(FileReport, answer.get("report"), "report of a file")
