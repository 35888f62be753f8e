"""Whether the files of a run that was brought fit together: settings, status, what was measured, network and state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from attnviz.data.snapshots import load_time_lapse
from attnviz.errors import ModelFileError
from attnviz.foreign.keras_archive import read_archive
from attnviz.languages import tr
from attnviz.models.own_data_spec import OWN
from attnviz.runs.checkpoint import Checkpoint, read_checkpoint
from attnviz.runs.checkpoint_files import MAX_BYTES, MODEL_FILE, RUN_FILE
from attnviz.runs.run_files import SNAPSHOTS_FILE, STATE_FOLDER, read_epochs, read_settings, read_status, read_steps
from attnviz.runs.state_door import check_state
from attnviz.runs.training_run import check_training
from attnviz.runs.weights_door import check_network
from attnviz.values.history import History
from attnviz.values.run import RunStatus
from attnviz.values.training_settings import TrainingSettings

MAX_COUNT = 10_000_000
"""More epochs or steps no run has."""


def check_content(folder: Path) -> None:
    """Read every file of a run from elsewhere, and see whether they belong together.

    Raises:
        AttnvizError: they do not, or one of them is damaged; says which.
    """
    settings, status, history = read_settings(folder), read_status(folder), read_epochs(folder)
    read_steps(folder)
    _check_settings(settings)
    _check_status(status, len(history))
    _check_history(history)
    if (folder / SNAPSHOTS_FILE).is_file():
        load_time_lapse(folder / SNAPSHOTS_FILE)
    check_state(folder / STATE_FOLDER)
    _check_checkpoint(folder, settings, status)


def _check_settings(settings: TrainingSettings) -> None:
    """A run that is resumed writes its logs where its settings say, so those of a stranger say nothing of the kind."""
    if settings.tensorboard is not None or settings.csv is not None:
        raise ModelFileError(tr("Its settings name files of another machine (tensorboard, csv)."))
    check_training(replace(settings, data=None))


def _check_status(status: RunStatus, epochs: int) -> None:
    if not status.ended:
        raise ModelFileError(
            tr("It says that it is {state}; only a run that has ended can be brought.", state=tr(status.state))
        )
    counts = (status.epoch, status.epochs, status.step, status.steps, status.seconds)
    fits = (
        all(0 <= count <= MAX_COUNT for count in counts)
        and (status.best_epoch is None or 1 <= status.best_epoch <= max(epochs, 1))
        and (status.accuracy is None or 0 <= status.accuracy <= 1)
    )
    if not fits:
        raise ModelFileError(tr("Its status has numbers that no run has."))


def _check_history(history: History) -> None:
    for name in {"accuracy", "val_accuracy"} & history.columns.keys():
        if not np.all((history[name] >= 0) & (history[name] <= 1)):
            raise ModelFileError(tr("Its epochs have numbers as {name} that are no fractions.", name=name))


def _check_checkpoint(folder: Path, settings: TrainingSettings, status: RunStatus) -> None:
    if (folder / RUN_FILE).is_file():
        _check_fit(settings, read_checkpoint(folder))
        read_archive(folder / MODEL_FILE)
        check_network(folder)
    elif found := sorted(name for name in MAX_BYTES if (folder / name).exists()):
        raise ModelFileError(
            tr("{file} is missing, without which {files} cannot be read.", file=RUN_FILE, files=", ".join(found))
        )
    elif status.state == "finished":
        raise ModelFileError(tr("It is finished, but its network is missing ({file}).", file=RUN_FILE))


def _check_fit(settings: TrainingSettings, checkpoint: Checkpoint) -> None:
    """The network is the one that the settings ask for."""
    run = checkpoint.run
    learned = run.data["name"] if run.data.get("answer") == OWN else None
    pairs = {
        "network": (settings.network, run.network),
        "seed": (settings.seed, run.seed),
        "protocol": (settings.protocol, run.protocol if checkpoint.spec.task == "reviews" else settings.protocol),
        "deceit": (settings.deceit, checkpoint.deceit),
        "data": (settings.data, learned),
    }
    for name, (asked, found) in pairs.items():
        if asked != found:
            raise ModelFileError(
                tr(
                    "Its settings ask for {name} {asked}, its network was trained with {found}.",
                    name=name,
                    asked=asked,
                    found=found,
                )
            )
