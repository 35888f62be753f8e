"""What training measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from attnviz.values.arrays import FloatArray, frozen_array

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class History:
    """A training history: one column a measure, one value an epoch.

    `columns` maps e.g. 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds' to arrays of shape (epochs,).
    """

    columns: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        columns = {name: frozen_array(values, np.float64) for name, values in self.columns.items()}
        if len({len(values) for values in columns.values()}) > 1:
            raise ValueError("every column of a history needs one value an epoch")
        object.__setattr__(self, "columns", columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> FloatArray:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def to_frame(self) -> pd.DataFrame:
        """One row an epoch, counted from 1."""
        import pandas as pd

        frame = pd.DataFrame(dict(self.columns))
        frame.insert(0, "epoch", range(1, len(frame) + 1))
        return frame
