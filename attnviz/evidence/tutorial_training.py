"""Repeats one tutorial and writes down what it reached: `python -m attnviz.evidence.tutorial_training TASK`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from attnviz.data.imdb import Imdb, load_imdb
from attnviz.evidence.training_processes import answer_parent
from attnviz.evidence.tutorial_run import Attention, TutorialRun, write_tutorial_run
from attnviz.training.progress_bar import ProgressBar
from attnviz.values.plain import from_plain


@dataclass(frozen=True, slots=True)
class TutorialTask:
    """A tutorial to repeat.

    Attributes:
        network, attention, seed: which, see `TutorialRun`.
        folder: of the results.
        limit, epochs: as in `train_text`.
        command: what made it, for the record.
    """

    network: str
    attention: Attention
    seed: int
    folder: str
    limit: int | None
    epochs: int | None
    command: str

    @property
    def name(self) -> str:
        """What the run is called."""
        uniform = ", even weights" if self.attention == "even" else ""
        return f"{self.network}{uniform}, seed {self.seed}"


def train_tutorial(task: TutorialTask, data: Imdb) -> TutorialRun | None:
    """Train it and add it to the folder; None where it was stopped early.

    Raises:
        SettingError, NothingTrained: of the training.
    """
    from attnviz.training.text_training import train_text

    trained = train_text(
        task.network,
        data,
        name=task.name,
        seed=task.seed,
        limit=task.limit,
        epochs=task.epochs,
        attention=task.attention,
        protocol="tutorial",
        observer=ProgressBar() if sys.stderr.isatty() else None,
    )
    if trained.run.stopped:
        return None
    history = {name: tuple(column.tolist()) for name, column in trained.history.columns.items()}
    found = TutorialRun(task.attention, trained.run, history, data.digest, task.limit, task.command)
    write_tutorial_run(Path(task.folder), found)
    return found


def main() -> int:
    """Repeat the tutorial of the task that the command line has; the exit code."""
    task = from_plain(TutorialTask, json.loads(sys.argv[1]), "task")

    def train() -> TutorialRun | None:
        from attnviz.training.process import prepare_training_process

        prepare_training_process()
        return train_tutorial(task, load_imdb())

    return answer_parent(train)


if __name__ == "__main__":
    sys.exit(main())
