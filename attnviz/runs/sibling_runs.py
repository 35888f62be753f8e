"""The runs of the library that differ in nothing but the seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from attnviz.runs.stored_run import StoredRun
from attnviz.values.training_settings import TrainingSettings


def list_siblings(run: StoredRun, runs: Iterable[StoredRun]) -> list[StoredRun]:
    """Those of the runs that were asked to do the same as one of them, it included; one a seed, by their seeds.

    Of several with a seed, which come to the same, it is one that is finished, else the first.
    """
    same = [one for one in runs if _forget_seed(one.settings) == _forget_seed(run.settings)]
    found: dict[int, StoredRun] = {}
    for one in sorted(same, key=lambda one: one.status.state != "finished"):
        found.setdefault(one.settings.seed, one)
    return [found[seed] for seed in sorted(found)]


def _forget_seed(settings: TrainingSettings) -> TrainingSettings:
    """What decides the numbers of a run, but for the seed; watched texts and logs do not."""
    return replace(settings, seed=0, pinned=(), tensorboard=None, csv=None)
