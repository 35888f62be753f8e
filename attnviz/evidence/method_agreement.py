"""How far the methods agree on a text: Kendall's tau-b of the sizes of their scores."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from attnviz.evidence.part_reading import Columns, PartReading
from attnviz.explain.agreement import compute_taus


def measure_agreement(reading: PartReading) -> Columns:
    """Of every two methods tau-b of |scores|; NaN where all scores of a method are tied."""
    names = tuple(reading.scores)
    texts = zip(*reading.scores.values(), strict=True)
    tables = [compute_taus(np.abs(np.stack(scores)).astype(np.float32)) for scores in texts]
    found = np.array(tables, dtype=np.float64).reshape(-1, len(names), len(names))  # None becomes NaN
    for one, two in combinations(range(len(names)), 2):
        yield f"tau, {names[one]}, {names[two]}", reading.spread(found[:, one, two])
