"""Runs of the library and networks that ship, read side by side. Needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from attnviz.data.imdb import NAME
from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.models.registry import get_spec
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import escape_name
from attnviz.runs.stored_run import StoredRun, find_run
from attnviz.values.learning_signs import get_share_interval
from attnviz.values.run_comparison import ComparedRun, RunComparison, TestedOn

COLUMN = mark("planted column")
"""The data of the network `column`."""
MAX_CELL = 80
"""Characters."""


def compare_runs(names: Iterable[str | Path]) -> RunComparison:
    """What runs were asked, what they reached and what they cost, side by side.

    Args:
        names: at least two runs, or networks of the library, by name or by path.

    Raises:
        SettingError: fewer than two, or one of them twice.
        UnknownNameError: nothing of that name; the message lists the names there are.
        CheckpointError: one of them is damaged, or no run but a model that was brought.
    """
    asked = [str(name) for name in names]
    if len(asked) < 2:
        raise SettingError(tr("At least two runs are compared, got {n}.", n=len(asked)))
    if twice := sorted({name for name in asked if asked.count(name) > 1}):
        raise SettingError(tr("{name} is there twice; give each run once.", name=twice[0]))
    return RunComparison(tuple(_read(find_run(name)) for name in asked))


def _read(run: StoredRun) -> ComparedRun:
    checkpoint = run.read_checkpoint() if run.pinned else None
    tested = _describe_test(run, checkpoint)
    accuracy = checkpoint.run.accuracy if checkpoint else None
    low, high = (None, None) if accuracy is None or not tested.count else get_share_interval(accuracy, tested.count)
    history = run.read_epochs()
    return ComparedRun(
        name=run.name,
        network=run.settings.network,
        state=run.status.state,
        deceit=run.settings.deceit,
        seed=run.settings.seed,
        protocol=_shorten(run.settings.protocol),
        epochs=len(history),
        best_epoch=checkpoint.run.selected_epoch if checkpoint else run.status.best_epoch,
        accuracy=accuracy,
        low=low,
        high=high,
        tested=tested,
        parameters=checkpoint.run.parameters if checkpoint else None,
        seconds=checkpoint.run.seconds if checkpoint else run.status.seconds,
        bytes=measure_folder(run.folder),
        history=history,
    )


def measure_folder(folder: Path) -> int:
    """The bytes of all files in a folder; one that goes meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            found = path.lstat()
            total += found.st_size if path.is_file() and not path.is_symlink() else 0
    return total


def _describe_test(run: StoredRun, checkpoint: Checkpoint | None) -> TestedOn:
    settings = run.settings
    if checkpoint is None:
        learned = settings.data or (NAME if get_spec(settings.network).task == "reviews" else COLUMN)
        return TestedOn(_shorten(learned), learned, (), None)
    data, spec = checkpoint.run.data, checkpoint.spec
    name = _shorten(str(data.get("name", NAME)))
    digest, limit = str(data.get("digest", name)), settings.limit
    if spec.task == "column":
        count = data.get("held_out")
        return TestedOn(name, digest, (), count if isinstance(count, int) else None, settings.seed)
    drawn = limit is not None and data["test"] >= limit
    return TestedOn(name, digest, tuple(map(_shorten, spec.labels)), data["test"], settings.seed if drawn else None)


def _shorten(text: str) -> str:
    """What a record from elsewhere says, as a cell of a table can show it."""
    return escape_name(text[:MAX_CELL])
