"""The loop of a baseline process: one JSON request a line, answered with the seconds that the operation took."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

Prepared = Callable[[], object]
"""The work. It may return a float, the seconds that it measured itself."""


def make_step_clock(keras: Any) -> Any:
    """A callback of this Keras whose `seconds_a_step` is the mean over all batches of a `fit` but the first."""

    class StepClock(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            self.ends: list[float] = []

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.ends.append(time.perf_counter())

        @property
        def seconds_a_step(self) -> float:
            return (self.ends[-1] - self.ends[0]) / (len(self.ends) - 1)

    return StepClock()


def once(call: Prepared) -> float:
    """The seconds that the work took."""
    began = time.perf_counter()
    result = call()
    return result if isinstance(result, float) else time.perf_counter() - began


def serve(operations: Mapping[str, Callable[..., Prepared]]) -> None:
    """Answer until standard input ends; an operation prepares its work once for its arguments, and only the work is
    timed."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    prepared: dict[str, Prepared] = {}
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        try:
            if line not in prepared:
                prepared[line] = operations[request["op"]](**request["args"])
            seconds = [once(prepared[line]) for _ in range(request["repeat"])]
            answer: dict[str, object] = {"seconds": statistics.median(seconds)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
