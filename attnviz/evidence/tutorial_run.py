"""A tutorial repeated with one seed, as one file of JSON in a folder a network; needs no TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from attnviz.evidence.results_folder import write_text
from attnviz.evidence.training_processes import read_trained
from attnviz.languages import tr
from attnviz.models.registry import get_spec
from attnviz.values.plain import to_plain
from attnviz.values.run import Run
from attnviz.values.tutorial_repeats import Repeats

SHIPPED = Path(__file__).parent / "shipped" / "tutorials"
FORMAT = 1

Attention = Literal["own", "even"]
"""The attention that the network learns, or the same weight for each word and each step of padding."""


@dataclass(frozen=True, slots=True)
class TutorialRun:
    """A network that was trained as its tutorial trained it.

    Attributes:
        attention: its own, or what stood in its place.
        run: how it was trained and what it reached; `accuracy` and `loss` are the last epoch's on the test reviews.
        history: a column a measure, a value an epoch; `val_` means the test reviews where the tutorial read those.
        digest: sha256 of the reviews.
        limit: at most so many training and so many test reviews were used; None for all.
        command: what trains it again, and those of the seeds before.
        format: of the file.
    """

    attention: Attention
    run: Run
    history: Mapping[str, tuple[float, ...]]
    digest: str
    limit: int | None
    command: str
    format: int = FORMAT

    @property
    def reads_test(self) -> bool:
        """Whether the test reviews were read after every epoch."""
        return self.run.data.get("held_out") == 0


def name_file(attention: str, seed: int) -> str:
    """What the file of a run is called in the folder of its network."""
    return f"{attention}-seed{seed}.json"


def write_tutorial_run(folder: Path, run: TutorialRun) -> None:
    """Add a run to a folder of results; the file appears whole or not at all."""
    place = folder / run.run.network
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_plain(run), indent=1, allow_nan=False) + "\n"
    write_text(place / name_file(run.attention, run.run.seed), text)


def read_tutorial_runs(folder: Path, network: str) -> list[TutorialRun]:
    """A network's runs in a folder of results, by the names of their files; none where there is no folder.

    Raises:
        DataError: a file is damaged or of another format.
    """
    return [
        read_trained(file, TutorialRun, "repeated tutorial", FORMAT)
        for file in sorted((folder / network).glob("*-seed*.json"))
    ]


def make_repeats(network: str, attention: Attention, runs: Sequence[TutorialRun]) -> Repeats:
    """A network over those of the runs that are of it and had this attention, beside its published log."""
    own = [run for run in runs if (run.run.network, run.attention) == (network, attention)]
    published = get_spec(network).published.curves if attention == "own" else {}
    name = network if attention == "own" else tr("{network}, even weights", network=network)
    return Repeats(name, tuple(run.run.accuracy for run in own), tuple(run.history for run in own), published or None)


@cache
def read_shipped_tutorials(network: str) -> tuple[TutorialRun, ...]:
    """The runs that attnviz ships for a network; () where it ships none."""
    return tuple(read_tutorial_runs(SHIPPED, network))


def read_shipped_repeats(network: str, attention: Attention) -> Repeats:
    """A network over the runs that attnviz ships.

    Raises:
        DataError: a file is damaged.
    """
    return make_repeats(network, attention, read_shipped_tutorials(network))
