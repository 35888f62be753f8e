"""The tutorials repeated with several seeds, and with even weights in the place of their attention."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError, SettingError
from attnviz.evidence.training_processes import reserve, train_apart
from attnviz.evidence.tutorial_run import Attention, TutorialRun, make_repeats, name_file, read_tutorial_runs
from attnviz.evidence.tutorial_training import TutorialTask
from attnviz.models.registry import get_spec
from attnviz.models.tutorials import TUTORIALS, get_tutorial
from attnviz.render.numerals import format_percent
from attnviz.training.setting_checks import check_settings
from attnviz.values.tutorial_repeats import Repeats

NAME = "tutorials"
"""What the command `attnviz reproduce` calls the study."""

REPEATED: tuple[tuple[str, Attention], ...] = (
    ("bilstm-additive", "own"),
    ("bilstm", "own"),
    ("luong", "own"),
    ("bilstm-additive", "even"),
    ("luong", "even"),
    ("lstm-featurewise", "own"),
)
"""What is trained, in this order with each seed."""

MAX_SEEDS = 100
TUTORIAL_TRAINING = "attnviz.evidence.tutorial_training"


@dataclass(frozen=True)
class TutorialStudy:
    """The tutorials repeated.

    Attributes:
        folder: where the results are, a folder a network.
        runs: those that were asked for.
    """

    folder: Path
    runs: tuple[TutorialRun, ...]

    def to_text(self) -> str:
        """A table for a terminal, with what differs from the tutorials."""
        return "\n".join(_format(self.runs))


def repeat_tutorials(
    out: str | Path | None = None,
    *,
    seeds: int = 3,
    limit: int | None = None,
    epochs: int | None = None,
    progress: bool | None = None,
) -> TutorialStudy:
    """Train what the tutorials trained, as they did, on the IMDB reviews.

    Every run has a process of its own and a file in the folder; what is there already is not trained again.

    Args:
        out: the folder of the results; by default 'reproduce-tutorials' in the working folder.
        seeds: how many of each, from seed 0 on; the first seed of all comes first.
        limit: train and test on at most so many reviews, chosen by each seed.
        epochs: the tutorial's if None.
        progress: whether to tell on standard error what is trained; by default if that is a terminal.

    Raises:
        SettingError: a setting that makes no run. DataError: of the reviews or of the folder.
        EngineError: a process that trains ended.
    """
    folder = Path(out or f"reproduce-{NAME}")
    tasks = _plan(folder, seeds, limit, epochs)
    digest = load_imdb().digest
    with reserve(folder):
        missing = [task for task in tasks if not _is_there(task, digest)]
        tell = sys.stderr.isatty() if progress is None else progress
        for number, task in enumerate(missing, start=1):
            train_apart(TUTORIAL_TRAINING, task, task.name, f"{number} of {len(missing)}", tell)
    found = [run for network in TUTORIALS for run in read_tutorial_runs(folder, network)]
    wanted = {(task.network, task.attention, task.seed) for task in tasks}
    return TutorialStudy(folder, tuple(run for run in found if _identify(run) in wanted))


def _identify(run: TutorialRun) -> tuple[str, str, int]:
    return run.run.network, run.attention, run.run.seed


def _plan(folder: Path, seeds: int, limit: int | None, epochs: int | None) -> list[TutorialTask]:
    if not 1 <= seeds <= MAX_SEEDS:
        raise SettingError(f"There are 1 to {MAX_SEEDS} seeds, got {seeds}.")
    check_settings(get_spec("luong"), epochs, None, limit, "tutorial")
    place = str(folder.resolve())
    return [
        TutorialTask(network, attention, seed, place, limit, epochs, _write_command(seed, limit, epochs))
        for seed in range(seeds)
        for network, attention in REPEATED
    ]


def _write_command(seed: int, limit: int | None, epochs: int | None) -> str:
    options = {"seeds": seed + 1, "limit": limit, "epochs": epochs}
    given = [f"--{option} {value}" for option, value in options.items() if value is not None]
    return " ".join([f"attnviz reproduce {NAME}", *given])


def _is_there(task: TutorialTask, digest: str) -> bool:
    """Whether the folder has the run.

    Raises:
        DataError: it was trained with something else.
    """
    runs = read_tutorial_runs(Path(task.folder), task.network)
    key = (task.network, task.attention, task.seed)
    run = next((run for run in runs if _identify(run) == key), None)
    if run is None:
        return False
    epochs = task.epochs or get_tutorial(get_spec(task.network)).recipe.epochs
    if (run.digest, run.limit, run.run.recipe.get("epochs")) != (digest, task.limit, epochs):
        file = Path(task.folder, task.network, name_file(task.attention, task.seed))
        raise DataError(f"{file} is of other reviews or of other settings: name another folder with --out.")
    return True


def _format(runs: Sequence[TutorialRun]) -> Iterator[str]:
    yield f"{'':29}  {'published':>17}  {'here':>27}"
    yield f"{'':29}  {'best':>8} {'last':>8}  {'best':>8} {'last':>8} {'± SD':>8} {'seeds':>6}"
    for network, attention in REPEATED:
        if (repeats := make_repeats(network, attention, runs)).last:
            yield _format_row(repeats)
    yield "\nTest accuracy; best: of all epochs, chosen on the test reviews themselves, as the tutorials report it;"
    yield "of lstm-featurewise, the best on the training reviews that it holds out."
    reviews = sorted({int(run.run.data["test"]) for run in runs})
    yield f"SD: standard deviation of 'last' over the seeds. Test reviews: {', '.join(map('{:,}'.format, reviews))}."
    yield "\nWhat differs from the tutorials:"
    for network, tutorial in TUTORIALS.items():
        if any(run.run.network == network for run in runs):
            yield f"  {network}: {' '.join(tutorial.differences)}"


def _format_row(one: Repeats) -> str:
    log = one.published["val_accuracy"] if one.published else None
    numbers = [max(log) if log else None, log[-1] if log else None, one.best, one.mean]
    cells = [f"{'–' if number is None else format_percent(number, 2):>8}" for number in numbers]
    spread = "–" if one.spread is None else format_percent(one.spread, 2)
    return f"{one.name:29}  {cells[0]} {cells[1]}  {cells[2]} {cells[3]} {spread:>8} {len(one.last):>6}"
