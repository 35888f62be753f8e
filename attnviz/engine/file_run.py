"""A visitor's own file of reviews on its way through a network."""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from attnviz.engine.client import Engine
from attnviz.engine.protocol import ExplainReviews
from attnviz.engine.work import Work
from attnviz.render.tables import build_row, render_csv
from attnviz.values.explanation import Explanation, write_json

CHUNKS = {"attention": 16, "gradient": 16, "integrated_gradients": 4, "occlusion": 2}
"""How many reviews the engine explains at once; a typed review waits for no more than these."""


@dataclass(frozen=True)
class OwnReview:
    """One review of the file: which one it is, counted from 1, the line it starts in, and the right answer if known."""

    number: int
    line: int
    text: str
    label: int | None


class FileRun:
    """The reviews of one file, explained in the background; nothing of it is written to disk.

    The work ends when nobody holds the run any more, as when its visitor has left.

    Attributes:
        name: the file's name.
        model, method: who explains, and how; labels: the names of its classes.
        work: how far it is.
        rows: of `build_row`, with number and line; as many as are done.
    """

    def __init__(
        self, name: str, reviews: Sequence[OwnReview], model: str, method: str, labels: Sequence[str], engine: Engine
    ) -> None:
        self.name, self.model, self.method, self.labels = name, model, method, tuple(labels)
        self.rows: list[dict[str, Any]] = []
        self._lines: list[bytes] = []
        rows, lines = self.rows, self._lines  # the thread of the work must not hold the run itself

        def explain(work: Work) -> Iterator[None]:
            size = CHUNKS[method]
            for start in range(0, len(reviews), size):
                chunk = reviews[start : start + size]
                answers = engine.ask(ExplainReviews(model, tuple(review.text for review in chunk), method))
                for review, answer in zip(chunk, answers, strict=True):
                    rows.append(_describe(review, answer))
                    lines.append(_pack(rows[-1], answer))
                work.done += len(chunk)
                yield

        self.work = Work(explain, total=len(reviews))
        weakref.finalize(self, self.work.stop)

    def to_csv(self) -> bytes:
        """The table with the full texts; it begins with a byte order mark, by which spreadsheets know UTF-8."""
        return render_csv(self.rows).encode("utf-8-sig")

    def to_json_lines(self) -> bytes:
        """One JSON object a review, with every word that was read and its score."""
        return b"".join(zlib.decompress(line) + b"\n" for line in self._lines)


def _describe(review: OwnReview, answer: Explanation) -> dict[str, Any]:
    place = {"number": review.number, "line": review.line}
    return {**place, **build_row(answer, review.label)}


def _pack(row: dict[str, Any], answer: Explanation) -> bytes:
    """A line of JSON, compressed: the words of 2,000 long reviews would take 90 MB a visitor."""
    record = {name: row[name] for name in ("number", "line", "right_answer")} | answer.to_dict()
    return zlib.compress(write_json(record).encode(), level=1)
