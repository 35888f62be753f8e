"""The one door to Keras and TensorFlow: `from attnviz.backend import keras, tf`.

It takes seconds and 300 MB, so only modules that compute import it, and the page's process never does.

Two things that would alarm somebody who only wants to see attention stay out of terminals, notebooks and logs: what
TensorFlow's libraries write to standard error while they load, and its advice about functions that are traced often
when it is attnviz that calls them. `TF_CPP_MIN_LOG_LEVEL=0` brings the first back.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from attnviz.errors import AttnvizError

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # without a GPU, TensorFlow reports that as an error at each start

_START_LINE = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog\(\)"
    rb"|[IWE]\d{4} \d\d:\d\d:\d\d"
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] "
    rb"|To enable the following instructions: "
)
"""What the log lines of TensorFlow's C++ begin with; the settings for its log do not reach the first of them."""

_STDERR = 2


@contextmanager
def _without_start_lines() -> Iterator[None]:
    """Keep back what is written to standard error meanwhile; what is no log line of TensorFlow's is shown afterwards.

    If loading fails, everything is shown.
    """
    kept = None if os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0" else _redirect_stderr()
    loaded = False
    try:
        yield
        loaded = True
    finally:
        if kept is not None:
            written = _restore_stderr(*kept)
            with open(_STDERR, "wb", closefd=False) as stream:
                stream.write(_drop_start_lines(written) if loaded else written)


def _redirect_stderr() -> tuple[int, IO[bytes]] | None:
    """Let the descriptor write to a file, since C++ knows no `sys.stderr`; None where there is none, or no room."""
    with suppress(OSError, AttributeError):
        sys.stderr.flush()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - `_restore_stderr` closes it
        saved = os.dup(_STDERR)
        os.dup2(file.fileno(), _STDERR)
        return saved, file
    return None


def _restore_stderr(saved: int, file: IO[bytes]) -> bytes:
    """Undo `_redirect_stderr`; what was written meanwhile."""
    with suppress(OSError, AttributeError):
        sys.stderr.flush()
    os.dup2(saved, _STDERR)
    os.close(saved)
    with file:
        file.seek(0)
        return file.read()


def _drop_start_lines(written: bytes) -> bytes:
    return b"".join(line for line in written.splitlines(keepends=True) if not _START_LINE.match(line))


@contextmanager
def _without_collections() -> Iterator[None]:
    """Half a million objects come to stay: looking for garbage among them again and again takes a second."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()  # now they are in the oldest generation, and the next collection does not look at them
        if collects:
            gc.enable()


with _without_start_lines(), _without_collections():
    import keras
    import tensorflow as tf


def _is_not_about_attnviz(record: logging.LogRecord) -> bool:
    """Whether a record of TensorFlow's log is not its advice about a function that attnviz has called.

    Texts have many lengths, so attnviz traces often and on purpose; whoever calls a function of his own is warned.
    """
    if "triggered tf.function retracing" not in record.getMessage():
        return True
    callers = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_stack(sys._getframe(1)))
    return not any(name.startswith("attnviz.") for name in callers)


tf.get_logger().addFilter(_is_not_about_attnviz)

if keras.backend.backend() != "tensorflow":
    raise AttnvizError(
        f"attnviz needs Keras on TensorFlow, but this process runs Keras on {keras.backend.backend()}. "
        "Set KERAS_BACKEND=tensorflow before the first import of Keras."
    )

__all__ = ["keras", "tf"]
