"""The runs of the library: where each stands, and what it has measured. Needs no TensorFlow.

A run whose status says that it is under way while no process holds its lock was interrupted; whoever reads it first
writes that down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from attnviz.errors import CheckpointError
from attnviz.folders import library_folders
from attnviz.languages import keep, mark, tr
from attnviz.render.phrases import keep_sentences
from attnviz.runs.checkpoint import Checkpoint, finish_saving, read_checkpoint
from attnviz.runs.checkpoint_files import RUN_FILE
from attnviz.runs.library import find_folder
from attnviz.runs.run_files import (
    STATUS_FILE,
    STOP_FILE,
    read_epochs,
    read_last_words,
    read_settings,
    read_status,
    read_steps,
    sweep_leftovers,
    write_status,
)
from attnviz.runs.run_lock import RunBusy, hold_run
from attnviz.values.history import History
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

LAST_WORDS = mark("{told}. Its last words: {words}")
"""What became of a process, and the end of its log."""


@dataclass(frozen=True)
class StoredRun:
    """The folder of a run.

    Attributes:
        folder: where it is.
        settings: what it is asked to do.
        status: where it stands.
        position: its place in the queue, from 1 on; None where it does not wait there.
    """

    folder: Path
    settings: TrainingSettings
    status: RunStatus
    position: int | None = None

    @property
    def name(self) -> str:
        """What the library calls it: the folder's name."""
        return self.folder.name

    @property
    def pinned(self) -> bool:
        """Whether an epoch is pinned, so that the folder is a checkpoint, too."""
        return (self.folder / RUN_FILE).is_file()

    def read_checkpoint(self) -> Checkpoint:
        """The checkpoint of the pinned epoch.

        Raises:
            CheckpointError: there is none, or it is damaged.
        """
        return read_checkpoint(self.folder)

    def read_epochs(self) -> History:
        """What was measured, a row an epoch; of a checkpoint alone, what it was saved with.

        Raises:
            CheckpointError: the file is damaged.
        """
        return read_epochs(self.folder) if is_run(self.folder) else self.read_checkpoint().history

    def read_steps(self) -> Mapping[str, Sequence[float]]:
        """What was measured within the epochs, see `run_files.read_steps`.

        Raises:
            CheckpointError: the file is damaged.
        """
        return read_steps(self.folder)


def is_run(folder: Path) -> bool:
    """Whether a folder has the status of a run; a shipped checkpoint has none."""
    return (folder / STATUS_FILE).is_file()


def list_runs(library: Path | None = None) -> list[StoredRun]:
    """The runs of all libraries or of one, the newest first; what has no proper status is none."""
    found = sorted(
        _read_all(library_folders() if library is None else (library,)), key=lambda run: (-run.status.ticket, run.name)
    )
    waiting = [run.name for run in reversed(found) if run.status.state == "queued"]
    return [replace(run, position=waiting.index(run.name) + 1 if run.name in waiting else None) for run in found]


def find_run(name_or_path: str | Path) -> StoredRun:
    """A run, or a checkpoint alone, by its name in the library, or by its path.

    Raises:
        UnknownNameError: nothing of that name; the message lists the names there are.
        CheckpointError: it is damaged, or is neither.
    """
    known = next((run for run in list_runs() if run.name == str(name_or_path)), None)
    return known or read_run(find_folder(name_or_path))


def read_run(folder: Path) -> StoredRun:
    """A run as it stands now, or what a checkpoint alone says of the run that made it.

    Raises:
        CheckpointError: the folder is neither, or is damaged.
    """
    if not is_run(folder) and (folder / RUN_FILE).is_file():
        return _read_finished(read_checkpoint(folder))
    settings, status = read_settings(folder), read_status(folder)
    if status.alive:
        status = _ask_process(folder, status)
    return StoredRun(folder, settings, status)


def mend(folder: Path) -> None:
    """Complete or remove what interrupted writes left; only for whoever holds the lock of the run.

    Raises:
        CheckpointError: the disk refuses.
    """
    try:
        finish_saving(folder)
        sweep_leftovers(folder)
    except OSError as error:
        raise CheckpointError(tr("{path} cannot be written ({error}).", path=folder, error=error.strerror)) from error


def _read_all(libraries: Sequence[Path]) -> Iterator[StoredRun]:
    for library in libraries:
        with suppress(OSError):  # the list of checkpoints tells
            for folder in sorted(library.iterdir()):
                if not folder.name.startswith(".") and is_run(folder):
                    with suppress(CheckpointError):  # so does it of what is damaged
                        yield read_run(folder)


def _ask_process(folder: Path, status: RunStatus) -> RunStatus:
    """The status while a process works on the run; without one, that it was interrupted."""
    try:
        with hold_run(folder, patience=0):
            return _note_interruption(folder)
    except RunBusy:
        stopping = status.state == "running" and (folder / STOP_FILE).exists()
        message = keep("Stopping after this step; the best epoch so far is kept")
        return replace(status, state="stopping", message=message) if stopping else status
    except CheckpointError as error:
        told = keep("It cannot be told whether this run goes on.")
        return replace(status, message=keep_sentences((told, error.message)))


def _note_interruption(folder: Path) -> RunStatus:
    """For whoever holds the lock of the run; its process may have written its end since its status was read."""
    status = read_status(folder)
    if not status.alive:
        return status
    interrupted = _describe_interruption(folder, status)
    with suppress(CheckpointError):  # of a full disk: then the next reader writes it down
        mend(folder)
        write_status(folder, interrupted)
    return interrupted


def _describe_interruption(folder: Path, status: RunStatus) -> RunStatus:
    epochs = len(read_epochs(folder))
    if epochs > 1:
        message = keep("Interrupted; the {epochs} finished epochs are kept", epochs=epochs)
    elif epochs:
        message = keep("Interrupted; the first epoch is kept")
    else:
        message = keep("Interrupted before the first epoch was done")
    if words := read_last_words(folder):
        message = keep(LAST_WORDS, told=message, words=words)
    return replace(status, state="interrupted", message=message, reviews_per_second=None, seconds_left=None)


def _read_finished(checkpoint: Checkpoint) -> StoredRun:
    run, epochs = checkpoint.run, len(checkpoint.history)
    planned = run.recipe.get("epochs")
    deceit = checkpoint.deceit
    settings = TrainingSettings(run.network, epochs=epochs, seed=run.seed, protocol=run.protocol, deceit=deceit)
    status = RunStatus(
        state="stopped" if run.stopped else "finished",
        message=keep("Stopped") if run.stopped else keep("Finished"),
        created=run.created,
        epoch=epochs,
        epochs=planned if isinstance(planned, int) else epochs,
        seconds=run.seconds,
        best_epoch=run.selected_epoch,
        accuracy=run.accuracy,
    )
    return StoredRun(checkpoint.folder, settings, status)
