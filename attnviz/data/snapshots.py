"""Time-lapses as files: JSON lines, the texts in the first and a moment in each other one.

A line is appended when its moment is over, so that a run that is killed leaves all but the line it was writing. A run
that is resumed appends to the same file; of moments that it went through twice the later ones count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from attnviz.errors import DataError, SettingError
from attnviz.languages import tr
from attnviz.render.numerals import format_count
from attnviz.values.plain import from_plain, to_plain
from attnviz.values.time_lapse import Moment, PinnedText, TimeLapse, keep_before

FORMAT = 1
MAX_BYTES = 50_000_000
"""A larger file is no time-lapse: 100 epochs of five texts of 500 words have 0.4 MB."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line."""

    format: int
    model: str
    labels: tuple[str, ...]
    target: int | None
    texts: tuple[PinnedText, ...]
    steps: int | None = None

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"its format is {self.format}, this version of attnviz reads {FORMAT}")


def load_time_lapse(path: Path | str) -> TimeLapse:
    """The time-lapse of a file as far as it was written; half a line at its end is left out.

    Raises:
        DataError: there is no such file, or it is no time-lapse; says what is wrong in which line.
    """
    path = Path(path)
    lines = _split(_read(path))
    if not lines:
        raise DataError(tr("{path} is no time-lapse: it has no whole line.", path=path))
    moments: list[Moment] = []
    head = _parse(path, 1, lines[0], _Head)
    for number, line in enumerate(lines[1:], start=2):
        moment = _parse(path, number, line, Moment)
        del moments[len(keep_before(moments, moment)) :]
        moments.append(moment)
    return _build(path, head, moments)


def save_time_lapse(lapse: TimeLapse, path: Path | str) -> None:
    """Write a file that `load_time_lapse` reads.

    Raises:
        DataError: the disk refuses.
    """
    writer = SnapshotWriter(Path(path))
    writer.start(replace(lapse, moments=()), anew=True)
    for moment in lapse.moments:
        writer.append(moment)


class SnapshotWriter:
    """Appends moments to the file of a time-lapse; one writer a file.

    Args:
        path: of the file; its folder exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, lapse: TimeLapse, *, anew: bool = False) -> TimeLapse:
        """What to go on from: this time-lapse, or what the file has of it already.

        Args:
            anew: whether a file that is there is replaced.

        Raises:
            DataError: the file is about other texts, or no time-lapse, or the disk refuses.
        """
        if not anew and self.path.exists() and _split(_read(self.path)):
            return self._go_on(lapse)
        self._write("wb", _describe(lapse))
        return lapse

    def append(self, moment: Moment) -> None:
        """Write a moment behind the others.

        Raises:
            DataError: the disk refuses.
        """
        self._write("ab", to_plain(moment))

    def _go_on(self, lapse: TimeLapse) -> TimeLapse:
        found = load_time_lapse(self.path)
        if (found.labels, found.texts) != (lapse.labels, lapse.texts):
            raise DataError(
                tr("{path} holds the time-lapse of other texts. Choose another file or delete it.", path=self.path)
            )
        whole = _read(self.path)
        with _telling(self.path), self.path.open("r+b") as file:  # a line that was cut off would spoil the next one
            file.truncate(whole.rfind(b"\n") + 1)
        return found

    def _write(self, mode: str, data: Any) -> None:
        line = json.dumps(data, separators=(",", ":"), allow_nan=False)
        with _telling(self.path), self.path.open(mode) as file:
            file.write(f"{line}\n".encode("ascii"))


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """An error of the disk as a sentence."""
    try:
        yield
    except OSError as error:
        raise DataError(tr("{path} cannot be written ({error}).", path=path, error=error.strerror or error)) from error


def _describe(lapse: TimeLapse) -> Any:
    return to_plain(_Head(FORMAT, lapse.model, lapse.labels, lapse.target, lapse.texts, lapse.steps))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                tr("{path} is too large for a time-lapse: more than {most} MB.", path=path, most=MAX_BYTES // 1_000_000)
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(tr("{path} cannot be read ({error}).", path=path, error=error.strerror or error)) from error


def _split(content: bytes) -> Sequence[bytes]:
    """The whole lines."""
    return content.split(b"\n")[:-1]


def _parse(path: Path, number: int, line: bytes, kind: type[Any]) -> Any:
    try:
        return from_plain(kind, json.loads(line), "line of a time-lapse")
    except (ValueError, RecursionError, SettingError) as error:
        raise DataError(
            tr(
                "{path} is no time-lapse: line {number} cannot be read ({error}).",
                path=path,
                number=format_count(number),
                error=error,
            )
        ) from error


def _build(path: Path, head: _Head, moments: Sequence[Moment]) -> TimeLapse:
    try:
        return TimeLapse(head.model, head.labels, head.target, head.texts, tuple(moments), head.steps)
    except ValueError as error:
        raise DataError(tr("{path} is no time-lapse: {error}.", path=path, error=error)) from error
