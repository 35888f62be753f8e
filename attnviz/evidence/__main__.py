"""A process that measures parts of a corpus: `python -m attnviz.evidence`, spoken to by worker_processes.py."""

from __future__ import annotations

import os
import sys
from typing import IO

from attnviz.engine.wire import Line, describe_error, read_message, write_message
from attnviz.evidence.corpus_part import Part
from attnviz.evidence.executors import Job
from attnviz.evidence.worker_messages import pack_values
from attnviz.processes import switch_off_onednn, without_side_libraries
from attnviz.values.plain import from_plain


def main() -> None:
    """Answer until the run closes the stream."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    switch_off_onednn()
    if hasattr(os, "nice"):
        os.nice(10)  # whoever types comes first
    if (message := read_message(sys.stdin.buffer)) is not None:
        serve(from_plain(Job, message["job"]), sys.stdin.buffer, answers)


def serve(job: Job, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Measure part after part."""
    while (message := read_message(questions)) is not None:
        write_message(answers, _answer(job, message))


def _answer(job: Job, message: Line) -> Line:
    with without_side_libraries():
        import attnviz.backend  # noqa: F401
    from attnviz.evidence.job_measures import load_measures

    try:
        return {"values": pack_values(load_measures(job).measure(from_plain(Part, message["part"])))}
    except Exception as error:
        return {"error": describe_error(error)}


if __name__ == "__main__":
    main()
