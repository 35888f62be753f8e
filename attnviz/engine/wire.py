"""What passes between the page and the engine: one JSON object a line, plain data only.

page to engine: {"id": 7, "ask": "Explain", "args": {...}, "editor": "...", "language": "ru"}, as request.py writes and
reads it
engine to page: {"id": 7, "result": {...}} or {"id": 7, "error": {"type": "SettingError", "message": "..."}}, and
{"event": "ready"} once, and {"event": "worn"} at most once, when the engine asks for a successor.
"""

from __future__ import annotations

import json
from typing import IO, Any

from attnviz import errors
from attnviz.languages import tr

Line = dict[str, Any]

MAX_BYTES = 64_000_000


def write_message(stream: IO[bytes], message: Line) -> None:
    """Send one message.

    Raises:
        ValueError, TypeError: a value that is no plain data, NaN included; nothing was sent.
        SettingError: the message is too large; nothing was sent.
    """
    line = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    if len(line) >= MAX_BYTES:
        limits = {"most": f"{MAX_BYTES - 1:,}", "count": f"{len(line):,}"}
        raise errors.SettingError(tr("A message may have at most {most} bytes, this one has {count}.", **limits))
    stream.write(line + b"\n")
    stream.flush()


def read_message(stream: IO[bytes]) -> Line | None:
    """The next message, None at the end of the stream."""
    line = stream.readline(MAX_BYTES)
    if not line.endswith(b"\n"):
        return None
    return json.loads(line)


def describe_error(error: BaseException) -> dict[str, str]:
    """An error as plain data. Errors that are not attnviz' own are faults of the program and say their class."""
    if isinstance(error, errors.AttnvizError):
        return {"type": type(error).__name__, "message": str(error)}
    return {"type": "EngineError", "message": f"{type(error).__name__}: {error}"}


def restore_error(description: dict[str, str]) -> errors.AttnvizError:
    """The inverse of `describe_error`."""
    kind = getattr(errors, description["type"], None)
    if not isinstance(kind, type) or not issubclass(kind, errors.AttnvizError):
        kind = errors.EngineError
    error = kind.__new__(kind)  # the message is complete; some constructors would build it again
    Exception.__init__(error, description["message"])
    return error
