"""What networks said of all test reviews: computed once, in the background, and shared by all visitors."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnviz.data.browsing import ReviewTable
from attnviz.data.imdb import Imdb, find_imdb, is_parsed, lacking, load_imdb
from attnviz.data.predictions import get_key, load_probabilities, save_probabilities
from attnviz.data.review_answers import get_answers
from attnviz.engine.client import Engine
from attnviz.engine.protocol import PredictReviews
from attnviz.engine.work import Work
from attnviz.errors import CheckpointError
from attnviz.languages import mark, tr
from attnviz.models.registry import ModelSpec
from attnviz.processes import child_environment, module_command
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import MODEL_FILE, VOCABULARY_FILE
from attnviz.runs.library import find_checkpoint

CHUNK = 128
"""How many reviews the engine reads at once; about 30 ms on two cores, which a typed review may have to wait."""


@dataclass(frozen=True)
class Reading:
    """The data set, and the facts of its test reviews with one network's probabilities."""

    data: Imdb
    table: ReviewTable


class Readings:
    """The readings of one server, asked of its engine; every method may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._data: dict[tuple[str, int], Imdb] = {}
        self._found: dict[str, Reading] = {}
        self._work: dict[tuple[str, ...], Work] = {}

    def get(self, checkpoint: Checkpoint, source: Path) -> Reading | None:
        """The reading of a network if there is one in memory or in the cache.

        Raises:
            DataError: the cached reviews are damaged.
        """
        data = self.get_data(source)
        if data is None:
            return None
        key = _key(checkpoint, data)
        with self._lock:
            if key not in self._found:
                probabilities = load_probabilities(key, len(data.test), len(checkpoint.spec.labels))
                if probabilities is None:
                    return None
                self._found[key] = _build_reading(data, checkpoint.spec, probabilities)
            return self._found[key]

    def get_data(self, source: Path) -> Imdb | None:
        """The data set if the archive was parsed before; reading it from the cache takes a tenth of a second."""
        key = (str(source), source.stat().st_mtime_ns)
        with self._lock:
            if key not in self._data and is_parsed(source):
                self._data[key] = load_imdb(download=False)
            return self._data.get(key)

    def get_work(self, checkpoint: Checkpoint) -> Work | None:
        """The work that was started for this network, whether it has ended or not."""
        return self._work.get(_name(checkpoint))

    def start(self, checkpoint: Checkpoint, source: Path) -> None:
        """Let a network read all test reviews, unless it is at it."""
        with self._lock:
            work = self._work.get(_name(checkpoint))
            if work is None or work.state != "running":
                self._work[_name(checkpoint)] = Work(lambda work: self._read(work, self._engine, checkpoint, source))

    def _read(self, work: Work, engine: Engine, checkpoint: Checkpoint, source: Path) -> Iterator[None]:
        data = self.get_data(source)
        if data is None:
            work.message = mark("Unpacking and reading the archive, once (about 20 s)…")
            _parse_elsewhere(source)
            yield
            data = load_imdb(download=False)
        work.total = len(data.test)
        work.message = mark("{model} is reading the test reviews…")  # the page, which knows the reader, fills it
        lengths = np.diff(data.test.word_offsets)
        order = np.argsort(lengths, kind="stable").tolist()  # reviews of one length go through the network together
        probabilities = np.full((len(order), len(checkpoint.spec.labels)), np.nan, dtype=np.float32)
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            answers = engine.ask(PredictReviews(checkpoint.name, tuple(data.test.texts[i] for i in chunk)))
            unknown = (np.nan,) * len(checkpoint.spec.labels)
            probabilities[chunk] = [answer.probabilities or unknown for answer in answers]
            work.done += len(chunk)
            yield
        if find_checkpoint(checkpoint.name).files != checkpoint.files:
            raise CheckpointError(tr("{name} was trained anew meanwhile. Start again.", name=checkpoint.name))
        key = _key(checkpoint, data)
        with self._lock:
            self._found[key] = _build_reading(data, checkpoint.spec, probabilities)
        with suppress(OSError):  # a cache that cannot be written: it is kept as long as this server runs
            save_probabilities(key, probabilities)


def find_source() -> Path:
    """The archive that is on this machine.

    Raises:
        DataError: there is none, or not where ATTNVIZ_IMDB says; the message says what to do.
    """
    source = find_imdb()
    if source is None:
        raise lacking(mark("The test reviews are not on this machine."))
    return source


def _name(checkpoint: Checkpoint) -> tuple[str, ...]:
    return checkpoint.run.network, checkpoint.files[MODEL_FILE], checkpoint.files[VOCABULARY_FILE]


def _key(checkpoint: Checkpoint, data: Imdb) -> str:
    return get_key(*_name(checkpoint), data.digest)


def _build_reading(data: Imdb, spec: ModelSpec, probabilities: np.ndarray) -> Reading:
    test = data.test
    probabilities.setflags(write=False)
    lengths, answers = np.diff(test.word_offsets), get_answers(test, spec.answer)
    return Reading(data, ReviewTable(spec.labels, answers, test.ratings, lengths, probabilities))


def _parse_elsewhere(source: Path) -> None:
    """Fill the cache in a process of its own: here it would slow down every page for 20 s.

    If that fails, `load_imdb` meets the same error in this process and says what it is.
    """
    environment = {**child_environment(), "ATTNVIZ_IMDB": str(source)}
    subprocess.run(module_command("attnviz.data"), env=environment, capture_output=True, check=False)
