"""The file of a model's words as somebody brought it: size, encoding and depth, before anything reads what it says."""

from __future__ import annotations

from pathlib import Path

from attnviz.errors import ModelFileError
from attnviz.foreign.bounded_json import parse_json
from attnviz.foreign.limits import MAX_VOCABULARY_BYTES, check_size
from attnviz.languages import mark, tr

MAX_LINES, MAX_LINE_BYTES = 2_000_000, 1_000


def check_vocabulary_file(path: Path) -> None:
    """Check a file of words, .txt (one a line) or .json (words and their numbers, or a tokenizer).

    Raises:
        ModelFileError: it is too large, no text in UTF-8, or no JSON.
    """
    check_size(path, MAX_VOCABULARY_BYTES)
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise ModelFileError(tr("The file of words is no text in UTF-8. Save it with that encoding.")) from None
    if path.suffix == ".json":
        parse_json(data, MAX_VOCABULARY_BYTES, mark("The file of words"))
    else:
        _check_lines(data)


def _check_lines(data: bytes) -> None:
    lines = data.splitlines()
    if len(lines) > MAX_LINES or any(len(line) > MAX_LINE_BYTES for line in lines) or b"\0" in data:
        raise ModelFileError(tr("The file of words is no list of words, one a line."))
