"""What a run of the Column lab tells the page: numbers only, rounded as a picture needs them. No TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

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
    score: float
    chance: float
    majority_baseline: float
    permutation_importance: FloatArray | None
    seconds: float

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch: epoch, the measures, and `attention_0` onward."""
        columns = {f"attention_{place}": weights for place, weights in enumerate(self.attention.T)}
        return History({**self.history.columns, **columns}).to_frame()


@dataclass(frozen=True, slots=True)
class LabRepeats:
    """The same task with several seeds: of each the last epoch's mean attention (runs, places), truth score (runs,) and
    validation accuracy (runs,)."""

    attention: FloatArray
    scores: FloatArray
    accuracies: FloatArray
    seconds: float


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


def tabulate_samples(settings: TaskSettings) -> pd.DataFrame:
    """One row a sample of a run: part, the inputs, the answer, and where the truth stands."""
    import pandas as pd

    data, place = draw_task(settings), get_task(settings.task).place
    inputs = pd.DataFrame(data.x, columns=[f"{place}_{i}" for i in range(settings.input_dim)])
    truth = pd.DataFrame(data.truth.astype(int), columns=[f"truth_{i}" for i in range(settings.input_dim)])
    part = pd.Series(["training"] * settings.training_size + ["validation"] * settings.validation_size, name="part")
    return pd.concat([part, inputs, pd.Series(data.y[:, 0], name="answer"), truth], axis=1)
