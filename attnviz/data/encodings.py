"""Which encoding a file of text is in: what its mark says, else UTF-8, else the best guess."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import takewhile
from typing import BinaryIO

from attnviz.errors import DataError
from attnviz.languages import tr
from attnviz.render.numerals import format_count

UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
"""Encodings that are known from the file itself; any other is a guess, which people should be told."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_GUESSED = [_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"]
"""What spreadsheets write, by country. With all encodings that there are, short texts are taken for the oddest."""

_CHUNK, _BEFORE, _AFTER = 1 << 20, 1_000, 250_000
"""Bytes that are read at once, and of the sample around the first byte that is not UTF-8."""


def find_encoding(name: str, stream: BinaryIO) -> str:
    """The encoding of a file's text, one of UNICODE or a guess; the stream stands at its start again.

    Args:
        name: what the error calls the file.
        stream: may be of any length; it is read in pieces, from its start.

    Raises:
        DataError: it is no text; names the line.
    """
    start = stream.read(4)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if marked not in ("utf-16", "utf-32") and (place := _find_foreign_byte(name, stream)) is not None:
        marked = _guess(name, stream, place)
    stream.seek(0)
    return marked or "utf-8"


def _find_foreign_byte(name: str, stream: BinaryIO) -> int | None:
    """Where the first byte stands that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for position, chunk in _read_chunks(stream):
        if (place := chunk.find(0)) >= 0:
            raise DataError(
                tr(
                    "{name} is no text: line {line} holds a zero byte. Save it as 'CSV UTF-8' or as UTF-8 text.",
                    name=name,
                    line=format_count(_count_line(stream, position + place)),
                )
            )
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return position - waiting + error.start
    return None


def _read_chunks(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The position and the bytes of each piece; the last one is empty."""
    stream.seek(0)
    position, chunk = 0, b"start"
    while chunk:
        chunk = stream.read(_CHUNK)
        yield position, chunk
        position += len(chunk)


def _guess(name: str, stream: BinaryIO, place: int) -> str:
    from charset_normalizer import from_bytes

    matches = list(from_bytes(_read_lines_around(stream, place), cp_isolation=_GUESSED))
    if not matches:
        raise DataError(
            tr(
                "{name} is not UTF-8 text: line {line} holds the byte 0x{byte} where a character was "
                "expected. Save it as 'CSV UTF-8' or as UTF-8 text.",
                name=name,
                line=format_count(_count_line(stream, place)),
                byte=format(_read_byte(stream, place), "02X"),
            )
        )
    best = matches[0]
    as_good = (match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence))
    return _WESTERN if any(_WESTERN in match.could_be_from_charset for match in as_good) else best.encoding


def _read_lines_around(stream: BinaryIO, place: int) -> bytes:
    """The bytes around a place, without the half lines at both ends, in which half a character may stand."""
    before = min(place, _BEFORE)
    stream.seek(place - before)
    sample = stream.read(before + _AFTER)
    end = sample.rfind(b"\n", before)
    return sample[sample.rfind(b"\n", 0, before) + 1 : end if end >= 0 else None]


def _read_byte(stream: BinaryIO, place: int) -> int:
    stream.seek(place)
    return stream.read(1)[0]


def _count_line(stream: BinaryIO, place: int) -> int:
    """The line, counted from 1, in which a byte stands."""
    before = takewhile(lambda piece: piece[0] <= place, _read_chunks(stream))
    return 1 + sum(chunk.count(b"\n", 0, place - position) for position, chunk in before)
