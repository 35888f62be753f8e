"""What a training run is asked to do; the contents of `settings.json`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a training run is asked to do; None leaves a setting to the network's recipe.

    Attributes:
        network: a row of the model table.
        epochs, batch_size: as in Keras.
        seed: decides everything that is drawn at random.
        limit: use at most so many training and so many test reviews (of the network `column`: samples).
        protocol: 'held-out', or 'tutorial': as the network's tutorial trained it. `column` has one of its own.
        deceit: λ of an adversarially trained twin of the network that the library has under the name of the table; see
            deception.py. None for a network that learns the labels.
        data: the name of a data set of somebody's own, see data/datasets.py; None for the IMDB reviews.
        pinned: texts whose attention is kept while it trains, see `AttentionRecorder`.
        tensorboard: a folder for TensorBoard's event files; a relative one is in the folder of the run.
        csv: a file for the measures of each epoch; a relative one is in the folder of the run.
    """

    network: str
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    limit: int | None = None
    protocol: str = "held-out"
    deceit: float | None = None
    data: str | None = None
    pinned: tuple[str, ...] = ()
    tensorboard: str | None = None
    csv: str | None = None
