"""Folders of runs that tests make without training."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attnviz.runs.run_archive import MANIFEST_FILE
from attnviz.runs.run_files import EPOCHS_FILE, STATE_FOLDER, STEPS_FILE, add_row, write_settings, write_status
from attnviz.training.epoch_state import BestEpoch, EpochState, write_state
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


def read_members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def build_archive(members: Mapping[str, bytes], **manifest: Any) -> bytes:
    """A file of a run of other members, whose sha256 are right unless they are given."""
    files = {name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != MANIFEST_FILE}
    record = {"format": 1, "name": "luong-2", "attnviz": "0.1.0", "files": files, **manifest}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**members, MANIFEST_FILE: json.dumps(record).encode()}.items():
            archive.writestr(name, data)
    return stream.getvalue()


def keep_state(folder: Path) -> EpochState:
    rows = [{"epoch": 1.0, "loss": 0.5}]
    best = BestEpoch(1, (0.5, 0.0), [np.ones(3, np.float32)])
    state = EpochState("digest", rows, 2.0, best, [np.arange(6, dtype=np.float32).reshape(2, 3), np.array(7)])
    write_state(folder / STATE_FOLDER, state)
    return state
