"""A visitor's own file of reviews on its way through a network."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from attnviz.engine.client import Engine
from attnviz.render.tables import build_row, render_csv
from attnviz.results import Explanation
from attnviz.ui.background import Work

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

    Attributes:
        name: the file's name.
        model, method: who explains, and how.
        work: how far it is.
        rows: of `build_row`, with number and line; as many as are done.
    """

    def __init__(self, name: str, reviews: Sequence[OwnReview], model: str, method: str, engine: Engine) -> None:
        self.name, self.model, self.method = name, model, method
        self.rows: list[dict[str, Any]] = []
        self._lines: list[bytes] = []
        self._reviews, self._engine = reviews, engine
        self.work = Work(self._explain, total=len(reviews))

    def to_csv(self) -> bytes:
        """The table with the full texts; it begins with a byte order mark, by which spreadsheets know UTF-8."""
        return render_csv(self.rows).encode("utf-8-sig")

    def to_json_lines(self) -> bytes:
        """One JSON object a review, with every word that was read and its score."""
        return b"".join(zlib.decompress(line) + b"\n" for line in self._lines)

    def _explain(self, work: Work) -> Iterator[None]:
        size = CHUNKS[self.method]
        for start in range(0, len(self._reviews), size):
            chunk = self._reviews[start : start + size]
            texts = [review.text for review in chunk]
            answers = self._engine.ask("explain_reviews", model=self.model, texts=texts, method=self.method)
            for review, answer in zip(chunk, answers, strict=True):
                place = {"number": review.number, "line": review.line}
                line = json.dumps({**place, "label": review.label, **answer}, ensure_ascii=False, allow_nan=False)
                # Compressed: the words of 2,000 long reviews would take 90 MB a visitor.
                self._lines.append(zlib.compress(line.encode(), level=1))
                self.rows.append({**place, **build_row(Explanation.from_dict(answer), review.label)})
            work.done += len(chunk)
            yield
