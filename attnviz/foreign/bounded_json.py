"""JSON of a stranger: how large and how deep it may be is counted before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from attnviz.errors import ModelFileError
from attnviz.languages import tr
from attnviz.render.numerals import format_count

MAX_DEPTH = 100
"""How deep lists and objects may stand in each other; a model in a model in a model has 60."""

MAX_OPENED = 400_000
"""How many lists and objects there may be; Python makes about 200 bytes of each."""

_TEXT = re.compile(rb"\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)


def parse_json(data: bytes, most: int, what: str) -> Mapping[str, Any]:
    """The object in the JSON text.

    Args:
        data: the text, in UTF-8.
        most: how many bytes it may have.
        what: what errors call it, the beginning of a sentence; marked, if it is no name of a file.

    Raises:
        ModelFileError: it is too large, too deep, or no JSON object.
    """
    if len(data) > most:
        raise ModelFileError(tr("{what} is larger than {most} bytes.", what=tr(what), most=format_count(most)))
    _check_depth(data, what)
    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(tr("{what} is no JSON.", what=tr(what))) from error
    if not isinstance(value, dict):
        raise ModelFileError(tr("{what} holds no JSON object.", what=tr(what)))
    return value


def _check_depth(data: bytes, what: str) -> None:
    """Brackets outside of texts are counted without building anything."""
    depth, opened = 0, 0
    for sign in re.findall(rb"[\[\]{}]", _TEXT.sub(b"", data)):
        opening = sign in b"[{"
        depth, opened = depth + (1 if opening else -1), opened + opening
        if depth > MAX_DEPTH or opened > MAX_OPENED:
            raise ModelFileError(tr("{what} is nested too deep or has too many parts to be a model's.", what=tr(what)))
