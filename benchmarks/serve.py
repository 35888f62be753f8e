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


def _once(call: Prepared) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


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
            seconds = [_once(prepared[line]) for _ in range(request["repeat"])]
            answer: dict[str, object] = {"seconds": statistics.median(seconds)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
