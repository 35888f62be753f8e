"""Batches side by side: the fused LSTM uses one thread each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def run_batches(run: Callable[[Indices], None], batches: Iterable[Indices], threads: int | None = None) -> None:
    """Run the batches that are not empty, several at a time.

    Args:
        run: does one batch, given the indices of its texts.
        threads: how many at a time; None for as many as there are processors.
    """
    batches = [batch for batch in batches if len(batch)]
    if len(batches) <= 1 or threads == 1:
        for batch in batches:
            run(batch)
        return
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        list(pool.map(run, batches))  # the list meets what a batch raised
