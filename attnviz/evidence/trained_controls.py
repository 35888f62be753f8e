"""Trains the controls of a network that a folder of results lacks, one process each, and makes their table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError, SettingError
from attnviz.evidence.control_plan import DECEITS, Control, list_controls
from attnviz.evidence.control_run import ControlRun, read_runs
from attnviz.evidence.control_table import ControlRow, format_controls, make_rows
from attnviz.evidence.control_training import Task
from attnviz.evidence.training_processes import reserve, train_apart
from attnviz.models.registry import ModelSpec, get_spec
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.training.setting_checks import check_deceit, check_settings

if TYPE_CHECKING:
    import pandas as pd

MAX_SEEDS = 100
CONTROL_TRAINING = "attnviz.evidence.control_training"


@dataclass(frozen=True)
class Controls:
    """The trained controls of a network.

    Attributes:
        folder: where the results are, a file a run.
        spec: the network's row of the table.
        runs: those that were asked for.
    """

    folder: Path
    spec: ModelSpec
    runs: tuple[ControlRun, ...]

    @property
    def rows(self) -> list[ControlRow]:
        """A row a kind of control: mean, spread and number of seeds."""
        return make_rows(self.runs)

    def to_frame(self) -> pd.DataFrame:
        """The rows."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def to_text(self) -> str:
        """The rows as a table for a terminal, with what has to be known to read them."""
        return format_controls(self.spec, self.runs)


def measure_controls(
    network: str | Path,
    out: str | Path | None = None,
    *,
    seeds: int = 3,
    limit: int | None = None,
    epochs: int | None = None,
    deceits: Sequence[float] = DECEITS,
    progress: bool | None = None,
) -> Controls:
    """Train the controls of a network with attention on the IMDB reviews, and compare them with it.

    The kinds: the same network with other seeds, with even weights, without attention, and adversarially trained twins
    that match its answers with other attention (Wiegreffe & Pinter 2019). Every run has a process of its own and a file
    in the folder; what is there already is not trained again.

    Args:
        network: the name or folder of a checkpoint that was trained on these reviews.
        out: the folder of the results; by default 'controls-NAME' in the working folder.
        seeds: how many of each kind, from seed 0 on.
        limit: train and test on at most so many reviews, chosen by each seed.
        epochs: the recipe's if None.
        deceits: λ of the adversarial twins, how much they may deceive; () for none.
        progress: whether to tell on standard error what is trained; by default if that is a terminal.

    Raises:
        UnknownNameError, CheckpointError: of the network.
        SettingError: a setting that makes no run. DataError: of the reviews or of the folder.
        EngineError: a process that trains ended.
    """
    base = find_checkpoint(network)
    controls = _plan(base, seeds, limit, epochs, deceits)
    folder = Path(out or f"controls-{base.name}")
    digest = load_imdb().digest
    with reserve(folder):
        there = _find_there(folder, base, digest, limit, epochs)
        tell = sys.stderr.isatty() if progress is None else progress
        missing = [control for control in controls if control.name not in there]
        for number, control in enumerate(missing, start=1):
            task = _make_task(base, folder, control, limit, epochs)
            train_apart(CONTROL_TRAINING, task, control.name, f"{number} of {len(missing)}", tell)
    found = {run.control.name: run for run in read_runs(folder)}
    return Controls(folder, base.spec, tuple(found[control.name] for control in controls))


def _plan(
    base: Checkpoint, seeds: int, limit: int | None, epochs: int | None, deceits: Sequence[float]
) -> list[Control]:
    if not 1 <= seeds <= MAX_SEEDS:
        raise SettingError(f"There are 1 to {MAX_SEEDS} seeds, got {seeds}.")
    if base.spec.data:
        raise SettingError(f"{base.name} learned {base.spec.data!r}; controls are trained on the film reviews only.")
    check_settings(base.spec, epochs, None, limit, "held-out")
    if base.reads_padding:
        raise SettingError(f"{base.name} was trained as its tutorial trained it: see attnviz reproduce tutorials.")
    controls = list_controls(base.spec, seeds, tuple(dict.fromkeys(deceits)))
    if not controls:
        raise SettingError(f"{base.name} has no attention: there is nothing to control for.")
    for control in controls:
        if control.deceit is not None:
            check_deceit(base.spec, control.deceit)
    return controls


def _find_there(
    folder: Path, base: Checkpoint, digest: str, limit: int | None, epochs: int | None
) -> Mapping[str, ControlRun]:
    """The runs of a folder by name.

    Raises:
        DataError: one is a control of something else, or was trained with something else.
    """
    runs = {run.control.name: run for run in read_runs(folder)}
    for run in runs.values():
        wanted = (dict(base.files), digest, limit, _expect_epochs(run, epochs))
        have = (run.base["sha256"], run.digest, run.limit, run.run.recipe.get("epochs"))
        if have != wanted:
            raise DataError(
                f"{folder} has controls of another network, of other reviews or of other settings: name another folder "
                "with --out."
            )
    return runs


def _expect_epochs(run: ControlRun, epochs: int | None) -> object:
    """How long a run has to be, if it was trained as is asked for now."""
    if run.is_base and epochs is None:
        return run.run.recipe.get("epochs")
    return epochs or get_spec(run.run.network).recipe.epochs


def _make_task(base: Checkpoint, folder: Path, control: Control, limit: int | None, epochs: int | None) -> Task:
    places = (str(base.folder.resolve()), str(folder.resolve()))
    return Task(*places, control, limit, epochs, _write_command(base.name, control, limit, epochs))


def _write_command(name: str, control: Control, limit: int | None, epochs: int | None) -> str:
    """What trains a control again, and those of the seeds before."""
    options = {"seeds": control.seed + 1, "limit": limit, "epochs": epochs, "deceit": control.deceit}
    given = [f"--{option} {value:g}" for option, value in options.items() if value is not None]
    return " ".join(["attnviz evidence", name, "--controls", *given])
