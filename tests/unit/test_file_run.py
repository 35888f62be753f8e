"""A visitor's own file on its way through a network."""

from __future__ import annotations

import gc
from queue import Queue

from attnviz.engine.file_run import CHUNKS, FileRun, OwnReview
from attnviz.engine.protocol import ExplainReviews
from attnviz.values.explanation import Explanation
from attnviz.values.prediction import SENTIMENT, Prediction


class HeldEngine:
    """Answers a chunk each time that it may."""

    def __init__(self) -> None:
        self.asked: Queue[tuple[str, ...]] = Queue()
        self.may_answer: Queue[None] = Queue()

    def ask(self, operation: ExplainReviews) -> tuple[Explanation, ...]:
        self.asked.put(operation.texts)
        self.may_answer.get(timeout=60)
        said = Prediction(SENTIMENT, None)
        return tuple(Explanation(text, (), [], 1, said, operation.method, operation.model) for text in operation.texts)


def test_the_work_ends_when_its_visitor_has_left() -> None:
    engine, size = HeldEngine(), CHUNKS["attention"]
    reviews = [OwnReview(number, number, "a film", None) for number in range(1, 10 * size + 1)]
    run = FileRun("mine.txt", reviews, "luong", "attention", SENTIMENT, engine)  # type: ignore[arg-type]
    work = run.work
    engine.may_answer.put(None)
    assert len(engine.asked.get(timeout=60)) == len(engine.asked.get(timeout=60)) == size
    assert [row["number"] for row in run.rows] == list(range(1, size + 1))
    del run
    gc.collect()
    engine.may_answer.put(None)
    assert work.wait(60)
    assert (work.state, work.done) == ("stopped", 2 * size)
