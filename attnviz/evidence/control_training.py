"""Trains one control and writes down what became of it: `python -m attnviz.evidence.control_training TASK`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from attnviz.data.imdb import Imdb, load_imdb
from attnviz.data.reworded_reviews import use_vocabulary
from attnviz.evidence.control_plan import PLAIN_NETWORK, Control
from attnviz.evidence.control_run import Agreement, ControlRun, write_run
from attnviz.evidence.training_processes import answer_parent
from attnviz.processes import switch_off_onednn
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.training.progress_bar import ProgressBar
from attnviz.values.plain import from_plain

if TYPE_CHECKING:
    from attnviz.training.deception import Deception
    from attnviz.training.text_training import TextRun

ATTENTION = {"own": "own", "liar": "own", "even": "even", "without": "alone"}
"""What stands in the place of a network's attention, by the kind of control; see `build_model`."""


@dataclass(frozen=True, slots=True)
class Task:
    """A control to train.

    Attributes:
        base: the folder of the checkpoint that it is a control of.
        folder: of the results.
        control: which.
        limit, epochs: as in `train_text`.
        command: what made it, for the record.
    """

    base: str
    folder: str
    control: Control
    limit: int | None
    epochs: int | None
    command: str


def train_control(task: Task, data: Imdb) -> ControlRun | None:
    """Train it, compare it with the base network and add it to the folder; None where it was stopped early.

    Raises:
        CheckpointError: of the base network.
        SettingError, NothingTrained: of the training.
    """
    base = find_checkpoint(task.base)
    data = use_vocabulary(data, base.vocabulary)
    trained = _train(task, base, data)
    if trained is not None and trained.run.stopped:
        return None
    found = _describe(task, base, trained, data)
    write_run(Path(task.folder), found)
    return found


def _train(task: Task, base: Checkpoint, data: Imdb) -> TextRun | None:
    """None for the base network itself."""
    from attnviz.training.text_training import train_text

    control = task.control
    if _is_base(task, base, data):
        return None
    plain = PLAIN_NETWORK.get(base.spec.name) if control.kind == "without" else None
    return train_text(
        plain or base.spec.name,
        data,
        name=f"{base.name}, {control.name}",
        seed=control.seed,
        limit=task.limit,
        epochs=task.epochs,
        attention="own" if plain else ATTENTION[control.kind],
        deception=_deceive(base, control),
        observer=ProgressBar() if sys.stderr.isatty() else None,
    )


def _deceive(base: Checkpoint, control: Control) -> Deception | None:
    from attnviz.runs.deceiving import prepare_deception

    return None if control.deceit is None else prepare_deception(base, control.deceit)


def _is_base(task: Task, base: Checkpoint, data: Imdb) -> bool:
    """Whether training the control would train the base network again, as far as its record says."""
    run, control = base.run, task.control
    same_run = run.seed == control.seed and not run.stopped and run.protocol == "held-out"
    same_length = task.epochs in (None, run.recipe.get("epochs"))
    all_reviews = task.limit is None and run.data.get("test") == len(data.test)
    return control.kind == "own" and same_run and same_length and all_reviews


def _describe(task: Task, base: Checkpoint, trained: TextRun | None, data: Imdb) -> ControlRun:
    told = base if trained is None else trained
    agreement, f1 = _measure(task, base, trained, data)
    return ControlRun(
        base={"name": base.name, "sha256": dict(base.files)},
        control=task.control,
        is_base=trained is None,
        digest=data.digest,
        run=told.run,
        history={name: tuple(column.tolist()) for name, column in told.history.columns.items()},
        agreement=agreement,
        limit=task.limit,
        command=task.command,
        f1=f1,
    )


def _measure(task: Task, base: Checkpoint, trained: TextRun | None, data: Imdb) -> tuple[Agreement, float | None]:
    """The control's agreement with the base network, and its F1, on the test reviews that its seed has chosen."""
    from attnviz.evidence.control_agreement import Reader, measure_agreement, measure_f1
    from attnviz.runs.loading import load_model
    from attnviz.training.encoded_reviews import split_reviews

    rng = np.random.default_rng(task.control.seed)
    reviews = split_reviews(data, base.spec, rng, task.limit, "held-out").test
    spec = replace(base.spec, attention_layer=None) if task.control.kind == "without" else base.spec
    control = Reader(load_model(base) if trained is None else trained.model, spec)
    return measure_agreement(Reader(load_model(base), base.spec), control, reviews), measure_f1(control, reviews)


def main() -> int:
    """Train the control of the task that the command line has; the exit code."""
    task = from_plain(Task, json.loads(sys.argv[1]), "task")

    def train() -> ControlRun | None:
        _prepare(task)
        return train_control(task, load_imdb())

    return answer_parent(train)


def _prepare(task: Task) -> None:
    if "queries" in find_checkpoint(task.base).spec.attention_axes:
        switch_off_onednn()
    from attnviz.training.process import prepare_training_process

    prepare_training_process()


if __name__ == "__main__":
    sys.exit(main())
