"""Training runs side by side: what each was asked, what it reached on which texts, and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from attnviz.languages import mark, tr, tr_n
from attnviz.languages.conventions import get_conventions
from attnviz.values.history import History

if TYPE_CHECKING:
    import pandas as pd

MOST_RUNS = 6
"""How many curves can be told apart on one pair of axes."""

_INTERVALS = mark(
    "The intervals (95\N{NO-BREAK SPACE}%, Wilson) are about the draw of the texts; other seeds of the training "
    "differ, too."
)


@dataclass(frozen=True, slots=True)
class TestedOn:
    """What an accuracy was measured on; equal values, the same texts with the same answers.

    Attributes:
        data: what the data are called.
        digest: of the data; their name where no digest is known.
        labels: the answers to choose from.
        count: how many texts (of `column`: samples); None before the run has a network.
        draw: the seed that chose them, where they are only a part; None for all of them.
    """

    data: str
    digest: str
    labels: tuple[str, ...]
    count: int | None
    draw: int | None = None

    @property
    def question(self) -> tuple[object, ...]:
        """What all accuracies about the same data and the same answers share."""
        return self.digest, self.labels


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run of the library, or a network that ships, in figures.

    Attributes:
        name: in the library. network: its row of the model table. state: as in `RunStatus`.
        deceit: λ of an adversarially trained twin, None of a network that learned the labels.
        seed, protocol: as in `Run`.
        epochs: how many are done. best_epoch: the one that is kept, from 1 on; None before the first.
        accuracy: of the kept epoch on the test texts, a fraction; None before there is a network.
        low, high: its 95 % interval over such texts (Wilson); None where their number is not known.
        tested: the test texts.
        parameters: None before there is a network.
        seconds: how long it trained. bytes: what its folder takes on the disk.
        history: a row an epoch.
    """

    name: str
    network: str
    state: str
    deceit: float | None
    seed: int
    protocol: str
    epochs: int
    best_epoch: int | None
    accuracy: float | None
    low: float | None
    high: float | None
    tested: TestedOn
    parameters: int | None
    seconds: float
    bytes: int
    history: History = field(compare=False, repr=False)

    def to_row(self) -> dict[str, Any]:
        """The figures, flat."""
        return {
            "run": self.name,
            "network": self.network if self.deceit is None else f"{self.network}, a liar, λ {self.deceit:g}",
            "data": self.tested.data,
            "seed": self.seed,
            "protocol": self.protocol,
            "epochs": self.epochs,
            "best_epoch": self.best_epoch,
            "accuracy": self.accuracy,
            "low": self.low,
            "high": self.high,
            "tested": self.tested.count,
            "parameters": self.parameters,
            "seconds": self.seconds,
            "bytes": self.bytes,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Some runs side by side.

    Attributes:
        runs: in the order in which they were asked for.
    """

    runs: tuple[ComparedRun, ...]

    @property
    def note(self) -> str:
        """How far their accuracies can be compared, in sentences."""
        measured = [run for run in self.runs if run.accuracy is not None]
        without = [run.name for run in self.runs if run.accuracy is None]
        sentences = [_compare_tests(measured)]
        if without:
            sentences.append(tr("{runs}: no test accuracy yet.", runs=_join(without)))
        if any(run.deceit is not None for run in self.runs):
            sentences.append(tr("The curves of a liar are about the answers of its network, not about the labels."))
        told = [*filter(None, sentences)] or [""]
        return reduce(lambda one, other: tr("{one} {other}", one=one, other=other), told)

    def to_frame(self) -> pd.DataFrame:
        """A row a run; accuracies are fractions, times in seconds, sizes in bytes."""
        import pandas as pd

        counts = ("best_epoch", "tested", "parameters")  # whole numbers also where one of them is not known
        return pd.DataFrame([run.to_row() for run in self.runs]).astype(dict.fromkeys(counts, "Int64"))


def _compare_tests(runs: Sequence[ComparedRun]) -> str:
    if len(runs) < 2:
        return ""
    if len({run.tested.question for run in runs}) > 1:
        groups = _group(runs, lambda run: run.tested.question)
        told = mark("Their accuracies are not comparable, because the data or the answers differ: {tests}.")
        return tr(told, tests="; ".join(map(_describe_group, groups)))
    return f"{_describe_texts(runs)} {tr(_INTERVALS)}"


def _describe_texts(runs: Sequence[ComparedRun]) -> str:
    """Of runs with the same data and answers, whether their texts are the same, too."""
    count = runs[0].tested.count
    if len({run.tested for run in runs}) > 1:
        return tr("They were tested on different texts of the same data, so look at the intervals.")
    if not count:
        return tr("All were tested on the same texts.")
    said = f"{count:,}".replace(",", get_conventions().group)
    return tr_n("All were tested on the same {n} text.", "All were tested on the same {n} texts.", count, n=said)


def _group(runs: Sequence[ComparedRun], key: Callable[[ComparedRun], Any]) -> list[list[ComparedRun]]:
    groups: dict[Any, list[ComparedRun]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return list(groups.values())


def _describe_group(runs: Sequence[ComparedRun]) -> str:
    return tr("{runs} on {data}", runs=_join([run.name for run in runs]), data=_describe(runs[0]))


def _describe(run: ComparedRun) -> str:
    data = tr(run.tested.data)
    return f"{data} ({', '.join(run.tested.labels)})" if run.tested.labels else data


def _join(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    listed = reduce(lambda one, other: tr("{one}, {other}", one=one, other=other), names[:-1])
    return tr("{one} and {other}", one=listed, other=names[-1])
