"""The messages of the browser's code, which the linker puts into a module in the reader's language.

In a module or a piece of HTML a message is a template string with a tag:

    t`Leave out`
    t`about ${words} of ${all} words`
    plural(count)`${count} word|${count} words`

In the catalogue an inserted name is `{words}`, any other expression the place that it has, `{0}`. The tag is gone when
the module comes to the browser: an English one is not a letter longer for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

from attnviz.languages.catalogue import find_catalogue
from attnviz.web.tightening import INSERT

_BODY = rf"`(?P<body>(?:[^`\\$]|\\.|\$(?!\{{)|{INSERT})*)`"
_COUNT = r"(?:[^()`]|\((?:[^()`]|\([^()`]*\))*\))*"
_MESSAGE = re.compile(rf"(?<![\w$.])(?:t|plural\((?P<count>{_COUNT})\)){_BODY}", re.DOTALL)
_INSERTED = re.compile(INSERT)
_PLACE = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"[A-Za-z_]\w*")
_PLURAL = re.compile(r"\bplural=([^;]+)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")

Extracted = tuple[int, str, Any, list[str]]


class WebMessage(NamedTuple):
    """A message of the browser's code.

    Attributes:
        forms: as the catalogue has it; two if it goes with a count.
        inserts: what JavaScript inserts, by the name that it has in the catalogue.
    """

    forms: tuple[str, ...]
    inserts: dict[str, str]


def translate_module(source: str, language: str) -> str:
    """The program with its messages in the language."""
    return _MESSAGE.sub(lambda match: _write(match, language), source)


def translate_html(source: str, language: str) -> str:
    """A piece of HTML with its messages in the language."""
    return _MESSAGE.sub(lambda match: html.escape(_find_forms(_read(match), language)[0]), source)


def extract(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Extracted]:
    """What Babel calls to find the messages of a file: line, function, message and comments of each."""
    source = file.read().decode()
    for match in _MESSAGE.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield from ((line, *found) for found in _extract(match))


def _extract(match: re.Match[str]) -> Iterator[tuple[str, Any, list[str]]]:
    """A message, and those that stand in what it inserts."""
    forms, inserts = _read(match)
    yield ("ngettext", forms, []) if match["count"] else ("gettext", forms[0], [])
    for insert in inserts.values():
        for inner in _MESSAGE.finditer(insert):
            yield from _extract(inner)


def _read(match: re.Match[str]) -> WebMessage:
    named: dict[str, str] = {}

    def name(insert: re.Match[str]) -> str:
        expression = insert[0][2:-1]
        place = str(len(named))
        return f"{{{named.setdefault(insert[0], expression if _NAME.fullmatch(expression) else place)}}}"

    body = _INSERTED.sub(name, match["body"])
    forms = body.split("|") if match["count"] else [body]
    return WebMessage(tuple(map(_unescape, forms)), {place: insert for insert, place in named.items()})


def _write(match: re.Match[str], language: str) -> str:
    message = _read(match)
    inserts = {name: translate_module(insert, language) for name, insert in message.inserts.items()}
    forms = [f"`{_insert(form, inserts)}`" for form in _find_forms(message, language)]
    return f"[{','.join(forms)}][{_choose(match['count'], language)}]" if match["count"] else forms[0]


def _find_forms(message: WebMessage, language: str) -> list[str]:
    catalogue = find_catalogue(language)
    if len(message.forms) == 1:
        return [catalogue.gettext(message.forms[0]) if message.forms[0] else ""]
    one, many = message.forms
    return [catalogue.ngettext(one, many, number) for number in _find_examples(language)]


def _find_examples(language: str) -> list[int]:
    """A number for each form of the language, in the order of the forms."""
    choose = getattr(find_catalogue(language), "plural", lambda number: int(number != 1))
    examples = {choose(number): number for number in reversed(range(1000))}
    return [examples[form] for form in sorted(examples)]


def _choose(count: str, language: str) -> str:
    """JavaScript for the place of the form that goes with a count."""
    rule = _PLURAL.search(find_catalogue(language).info().get("plural-forms", ""))
    if not rule:
        return f"+(({count})!==1)"
    return f"(n=>+({rule[1].strip()}))(Number.isInteger({count})?{count}:2)"  # as `tr_n` does


def _insert(form: str, inserts: Mapping[str, str]) -> str:
    """A message of the catalogue as the inside of a template string."""
    escaped = form.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return _PLACE.sub(lambda place: inserts.get(place[1], place[0]), escaped)


def _unescape(form: str) -> str:
    """What a template string says."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1][1:], 16)) if len(escape[1]) > 1 else escape[1], form)
