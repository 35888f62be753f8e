"""What a run of the Column lab tells the page: numbers only, rounded as a picture needs them. No TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from attnviz.lab.own_table import OwnTable, draw_table
from attnviz.lab.tasks import TaskSettings, draw_task, get_task
from attnviz.values.arrays import FloatArray
from attnviz.values.history import History
from attnviz.values.layer_row import LayerRow

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 6
"""After the decimal point; the numbers travel to a browser many times a second."""


@dataclass(frozen=True, slots=True)
class WatchedSamples:
    """The first validation samples: x (samples, places), y (samples,), truth (samples, places) where the answer is."""

    x: FloatArray
    y: FloatArray
    truth: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabResult:
    """A run without its weights.

    Attributes:
        history, attention, watched, score, chance, majority_baseline, permutation_importance, seconds: as the run has
            them.
        samples: those whose weights were watched.
    """

    history: History
    attention: FloatArray
    watched: FloatArray
    samples: WatchedSamples
    score: float | None
    chance: float | None
    majority_baseline: float
    permutation_importance: FloatArray | None
    seconds: float

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch: epoch, the measures, and `attention_0` onward."""
        columns = {f"attention_{place}": weights for place, weights in enumerate(self.attention.T)}
        return History({**self.history.columns, **columns}).to_frame()


@dataclass(frozen=True, slots=True)
class LabRepeats:
    """The same task with several seeds.

    Attributes:
        seeds: (runs,); attention: (runs, places) the last epoch's means.
        scores: the truth scores, None where there is no truth to score; accuracies: (runs,) on the validation samples.
        seconds: how long that took.
    """

    seeds: tuple[int, ...]
    attention: FloatArray
    scores: tuple[float | None, ...]
    accuracies: FloatArray
    seconds: float

    def __add__(self, more: LabRepeats) -> LabRepeats:
        """These runs, then those."""
        return LabRepeats(
            self.seeds + more.seeds,
            np.concatenate([self.attention, more.attention]),
            self.scores + more.scores,
            np.concatenate([self.accuracies, more.accuracies]),
            self.seconds + more.seconds,
        )


@dataclass(frozen=True, slots=True)
class LabInspection:
    """Every step from input to output for one validation sample.

    Attributes:
        x, truth: (places,) the sample, and where its answer stands.
        y, output: the right answer and the network's.
        activations: by layer, what it gives for this sample.
        matrix: the learned weights of the attention scores: (places, places) for columns, (units, 1) for sequences.
        layers: of the network.
    """

    x: FloatArray
    truth: npt.NDArray[np.bool_]
    y: float
    output: float
    activations: Mapping[str, FloatArray]
    matrix: FloatArray
    layers: tuple[LayerRow, ...]


def round_for_picture(values: npt.ArrayLike) -> FloatArray:
    """The values with DIGITS digits after the point, in 64 bits, so that they are short when written."""
    return np.asarray(values, np.float64).round(DIGITS)


def tabulate_samples(settings: TaskSettings, table: OwnTable | None = None) -> pd.DataFrame:
    """One row a sample of a run: part, the inputs (of a table standardised), the answer, and where the truth stands."""
    import pandas as pd

    data = draw_task(settings) if table is None else draw_table(table, settings)
    place = get_task(settings.task).place
    names = table.columns if table else [f"{place}_{i}" for i in range(settings.input_dim)]
    part = pd.Series(["training"] * settings.training_size + ["validation"] * settings.validation_size, name="part")
    parts = [part, pd.DataFrame(data.x, columns=names), pd.Series(data.y[:, 0], name="answer")]
    if data.truth.any():
        parts.append(pd.DataFrame(data.truth.astype(int), columns=[f"truth_{i}" for i in range(settings.input_dim)]))
    return pd.concat(parts, axis=1)
