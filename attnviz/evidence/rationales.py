"""Human rationales from a file: which words of a text people gave as reasons for its label.

Two forms are read, both of DeYoung et al. 2020, 'ERASER', arXiv:1911.03429, and neither is ever unpacked:

    a folder or .zip   docs/<docid>, the texts, and *.jsonl beside docs: an annotation a line with `annotation_id`,
                       `classification` and `evidences`, lists of {docid, start_token, end_token}
    a .jsonl           an object a line with `text` or `tokens`, and `rationale`: a list of [start, end]

Tokens are parted by white space and counted from 0; the end is not part of the span.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from attnviz.errors import DataError
from attnviz.evidence.rationale_files import RationaleFiles, open_files

MAX_RATIONALES = 20_000
"""The annotations of all files together."""

_TOKEN = re.compile(r"\S+")
_WANTED = "'text' or 'tokens', and 'rationale'"

Span = tuple[int, int]


class Rationale(NamedTuple):
    """A text and the places in it, `text[start:end]`, that people marked; none where nobody marked anything."""

    text: str
    marked: tuple[Span, ...]


def read_rationales(path: Path) -> tuple[Rationale, ...]:
    """The rationales of a file or a folder, in the order of its lines.

    Raises:
        DataError: it is missing, too large, no rationales or damaged; names the line.
    """
    with open_files(path) as files:
        found = tuple(_read_all(files))
    if not found:
        raise DataError(f"{path.name} holds no rationales: not a line of JSON.")
    return found


def _read_all(files: RationaleFiles) -> Iterator[Rationale]:
    for number, (name, line, content) in enumerate(files.read_lines(), start=1):
        if number > MAX_RATIONALES:
            raise DataError(f"{files.name} holds more than {MAX_RATIONALES:,} rationales, which are not read.")
        try:
            yield _read_line(content, files)
        except _Wrong as error:
            raise DataError(f"Line {line:,} of {name} {error}.") from error


class _Wrong(ValueError):
    """What is wrong with a line, after its name."""


def _read_line(content: str, files: RationaleFiles) -> Rationale:
    fields = _parse(content)
    if "evidences" in fields:
        return _read_annotation(fields, files.read_document)
    if "rationale" not in fields or not {"text", "tokens"} & set(fields):
        raise _Wrong(f"holds neither 'evidences' nor {_WANTED}")
    text, places = _join(fields["tokens"]) if "tokens" in fields else _split(fields["text"])
    spans = [_check_span(span) for span in _check_list(fields["rationale"], "rationale")]
    return _mark(text, places, spans)


def _parse(content: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _Wrong("is no JSON") from error
    if not isinstance(found, dict):
        raise _Wrong("holds no object")
    return found


def _read_annotation(fields: dict[str, Any], read_document: Callable[[str], str]) -> Rationale:
    """The classes are not looked at: what a network is measured by is its own answer."""
    evidences = [
        _check_object(one) for group in _check_list(fields["evidences"], "evidences") for one in _flatten(group)
    ]
    names = {_check_text(one.get("docid", fields.get("annotation_id")), "docid") for one in evidences}
    if len(names) > 1:
        raise _Wrong(f"marks words of {len(names)} documents, and a network reads one text")
    name = names.pop() if names else _check_text(fields.get("annotation_id"), "annotation_id")
    text, places = _split(read_document(name))
    return _mark(text, places, [_check_span([one.get("start_token"), one.get("end_token")]) for one in evidences])


def _flatten(group: object) -> Sequence[Any]:
    """ERASER groups evidences that only count together; a list without groups is read as well."""
    return group if isinstance(group, list) else [group]


def _split(text: object) -> tuple[str, list[Span]]:
    text = _check_text(text, "text")
    return text, [found.span() for found in _TOKEN.finditer(text)]


def _join(tokens: object) -> tuple[str, list[Span]]:
    words = [_check_text(word, "tokens") for word in _check_list(tokens, "tokens")]
    starts = accumulate((len(word) + 1 for word in words), initial=0)
    return " ".join(words), [(start, start + len(word)) for start, word in zip(starts, words, strict=False)]


def _mark(text: str, places: Sequence[Span], spans: Sequence[Span]) -> Rationale:
    if wrong := [span for span in spans if span[1] > len(places)]:
        raise _Wrong(f"marks the tokens {wrong[0][0]:,} to {wrong[0][1]:,}, and its text has {len(places):,}")
    return Rationale(text, tuple((places[start][0], places[end - 1][1]) for start, end in spans))


def _check_list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(f"has no list as {name!r}")
    return value


def _check_object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("has an evidence that is no object")
    return value


def _check_text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"has no text as {name!r}")
    return value


def _check_span(span: object) -> Span:
    whole = isinstance(span, list) and len(span) == 2 and all(type(one) is int for one in span)
    if not whole or not 0 <= span[0] < span[1]:  # type: ignore[index]  # `whole` says that it is a list
        raise _Wrong("has a span that is not two whole numbers, a start and a larger end")
    return span[0], span[1]  # type: ignore[index]
