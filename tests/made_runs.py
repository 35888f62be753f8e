"""Folders of runs that tests make without training."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from attnviz.runs.run_files import EPOCHS_FILE, STEPS_FILE, add_row, write_settings, write_status
from attnviz.values.run import RunState, RunStatus
from attnviz.values.training_settings import TrainingSettings

EPOCH = {"loss": 0.6, "accuracy": 0.7, "val_loss": 0.65, "val_accuracy": 0.6, "seconds": 1.0}


def make_run(library: Path, name: str, source: Path | None = None, state: RunState = "finished", **asked: Any) -> Path:
    """The folder of a run of two epochs.

    Args:
        source: a checkpoint that becomes the run's network.
        asked: settings.
    """
    folder = library / name
    folder.mkdir(parents=True)
    settings = TrainingSettings(**{"network": "luong", "epochs": 2, "seed": 1, **asked})
    write_settings(folder, settings)
    write_status(folder, RunStatus(state, "Finished", 1, "2026-01-01T00:00:00+00:00", 2, 2, 4, 4, 3.0, best_epoch=2))
    for epoch in (1, 2):
        add_row(folder / EPOCHS_FILE, {"epoch": epoch, **EPOCH})
        add_row(folder / STEPS_FILE, {"epoch": epoch, "step": 4, "loss": 0.7, "accuracy": 0.5})
    if source is not None:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        change_record(folder, seed=settings.seed, protocol=settings.protocol)
    return folder


def change_record(folder: Path, data: dict[str, Any] | None = None, **fields: Any) -> None:
    """Change what run.json says of the data, and other entries of it."""
    record = json.loads((folder / "run.json").read_text("utf-8"))
    record["data"].update(data or {})
    (folder / "run.json").write_text(json.dumps({**record, **fields}), "utf-8")
