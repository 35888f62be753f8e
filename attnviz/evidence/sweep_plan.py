"""What a sweep trains, and what of it a folder of results has already; needs no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from attnviz.data.datasets import find_dataset
from attnviz.data.imdb import load_imdb
from attnviz.errors import DataError, SettingError
from attnviz.evidence.seed_run import SeedRun, name_file, read_seed_run
from attnviz.evidence.seed_training import SeedTask
from attnviz.models.registry import get_spec
from attnviz.models.tutorials import get_tutorial
from attnviz.runs.training_run import check_training
from attnviz.training.setting_checks import check_settings
from attnviz.values.training_settings import TrainingSettings

MAX_SEEDS = 100
TRAINING = "training"
"""The folder, in that of the results, with the runs that are not done."""


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep trains.

    Attributes:
        settings: of all its runs, but for the seed.
        seeds: how many, from 0 on.
        digest: sha256 of the data.
    """

    settings: TrainingSettings
    seeds: int
    digest: str

    @property
    def described(self) -> dict[str, Any]:
        """What makes each of the runs, but for its seed."""
        spec, settings = get_spec(self.settings.network), self.settings
        recipe = get_tutorial(spec).recipe if settings.protocol == "tutorial" else spec.recipe
        lengths = {"epochs": settings.epochs or recipe.epochs, "batch_size": settings.batch_size or recipe.batch_size}
        return {"network": spec.name, "protocol": settings.protocol, **lengths, "limit": settings.limit}

    @property
    def command(self) -> str:
        """What trains them."""
        return _write_command(self.settings, self.seeds)

    def find_there(self, folder: Path) -> dict[int, SeedRun]:
        """The seeds that a folder of results has.

        Raises:
            DataError: one is of something else, or damaged.
        """
        found = {seed: run for seed in range(self.seeds) if (run := read_seed_run(folder, seed)) is not None}
        for seed, run in found.items():
            self._compare(folder / name_file(seed), run)
        return found

    def make_task(self, folder: Path, seed: int) -> SeedTask:
        """A seed that a folder of results lacks."""
        name = f"{self.settings.network}-seed{seed}"
        place = folder.resolve() / TRAINING / f"seed{seed}" / name  # a run in a folder of its own shares it with nobody
        return SeedTask(replace(self.settings, seed=seed), str(place), _write_command(self.settings, seed + 1))

    def check_trained(self, run: SeedRun) -> None:
        """Refuse what a worker elsewhere has trained on other data of that name.

        Raises:
            DataError: it has.
        """
        if run.digest != self.digest:
            raise DataError(f"Seed {run.run.seed} was trained on other data than this machine has.")

    def _compare(self, file: Path, run: SeedRun) -> None:
        have, wanted = _describe_run(run), {**self.described, "data": self.digest}
        differ = [_tell(name, have[name], wanted[name]) for name in wanted if have[name] != wanted[name]]
        if differ:
            raise DataError(f"{file} is of something else ({'; '.join(differ)}): name another folder with --out.")


def plan_sweep(settings: TrainingSettings, seeds: int) -> SweepPlan:
    """The plan.

    Raises:
        UnknownNameError, SettingError: settings that make no run. DataError: of the data.
    """
    if not 1 <= seeds <= MAX_SEEDS:
        raise SettingError(f"There are 1 to {MAX_SEEDS} seeds, got {seeds}.")
    given = (settings.epochs, settings.batch_size, settings.limit, settings.protocol)
    check_settings(get_spec(settings.network), *given)
    check_training(settings)
    digest = load_imdb().digest if settings.data is None else find_dataset(settings.data).digest
    return SweepPlan(settings, seeds, digest)


def _write_command(settings: TrainingSettings, seeds: int) -> str:
    names = ("limit", "epochs", "batch_size", "data")
    options: dict[str, Any] = {"seeds": seeds, **{name: getattr(settings, name) for name in names}}
    options["protocol"] = None if settings.protocol == "held-out" else settings.protocol
    given = [f"--{name.replace('_', '-')} {value}" for name, value in options.items() if value is not None]
    return " ".join(["attnviz sweep", settings.network, *given])


def _describe_run(one: SeedRun) -> dict[str, Any]:
    run = one.run
    lengths = {name: run.recipe.get(name) for name in ("epochs", "batch_size")}
    return {"network": run.network, "protocol": run.protocol, **lengths, "limit": one.limit, "data": one.digest}


def _tell(name: str, have: Any, wanted: Any) -> str:
    """'epochs: 3, not 5'; of a digest its beginning."""
    return f"{name.replace('_', ' ')}: {str(have)[:12]}, not {str(wanted)[:12]}"
