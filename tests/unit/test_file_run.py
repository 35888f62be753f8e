"""A visitor's own file on its way through a network."""

from __future__ import annotations

import gc
from queue import Queue
from typing import Any

from attnviz.engine.file_run import CHUNKS, FileRun, OwnReview


class HeldEngine:
    """Answers a chunk each time that it may."""

    def __init__(self) -> None:
        self.asked: Queue[list[str]] = Queue()
        self.may_answer: Queue[None] = Queue()

    def ask(self, op: str, *, texts: list[str], **request: Any) -> list[dict[str, Any]]:
        self.asked.put(texts)
        self.may_answer.get(timeout=60)
        answer = {"tokens": [], "scores": [], "probability": None, "method": "attention", "model": "luong"}
        return [{"text": text, "truncated": 0, **answer} for text in texts]


def test_the_work_ends_when_its_visitor_has_left() -> None:
    engine, size = HeldEngine(), CHUNKS["attention"]
    reviews = [OwnReview(number, number, "a film", None) for number in range(1, 10 * size + 1)]
    run = FileRun("mine.txt", reviews, "luong", "attention", engine)  # type: ignore[arg-type]
    work = run.work
    engine.may_answer.put(None)
    assert len(engine.asked.get(timeout=60)) == len(engine.asked.get(timeout=60)) == size
    assert [row["number"] for row in run.rows] == list(range(1, size + 1))
    del run
    gc.collect()
    engine.may_answer.put(None)
    assert work.wait(60)
    assert (work.state, work.done) == ("stopped", 2 * size)
