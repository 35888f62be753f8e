"""What a network must beat to have learned anything."""

from __future__ import annotations

import numpy as np

from attnviz.lab.tasks import TOLERANCE, Task
from attnviz.values.arrays import FloatArray


def compute_majority_baseline(task: Task, y: FloatArray) -> float:
    """The accuracy of the best constant answer to y (n, 1): the more frequent class, or the median of the numbers."""
    if task.answer == "yes or no":
        return float(max(y.mean(), 1 - y.mean()))
    return float((np.abs(y - np.median(y)) < TOLERANCE).mean())
