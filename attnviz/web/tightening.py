"""JavaScript without what only its readers need: comments, indentation and the spaces around signs.

What stands in strings, template strings and patterns stays as it is. A line break stays behind a block, so that an
error still names a line. It is made for the modules of this folder, whose formatter ends each statement with
a semicolon; a program that it would change is a TighteningError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attnviz.errors import AttnvizError

_INNER = r"`(?:[^`$]|\$(?!\{)|\$\{[^`{}]*\})*`"
INSERT = rf"\$\{{(?:[^`{{}}]|{_INNER}|\{{[^`{{}}]*\}})*\}}"
"""Inside of a template string; one more template string may stand in it."""

_PART = re.compile(
    rf"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
    | (?P<string> '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*" | `(?:[^`\\$]|\\.|\$(?!\{{)|{INSERT})*` )
    | (?: (?<=[(,=:\[!&|?{{}};>]) | (?<=\breturn) ) \s*  # no division can stand here
      (?P<pattern> /(?![*/]) (?: [^/\\\n\[] | \\. | \[ (?:[^\]\\\n]|\\.)* \] )+ / \w* )
    | (?P<space> \s+ )
    | (?P<word> [\w$#]+ )
    | (?P<sign> . )""",
    re.DOTALL | re.VERBOSE,
)
_TOUCHING = re.compile(r"[\w$#][\w$#]|\+\+|--")


class TighteningError(AttnvizError):
    """A program that holds what is not known here; the message says what."""


def tighten(program: str) -> str:
    """The same program in fewer letters.

    Raises:
        TighteningError: a string does not end, or template strings stand too deep in one another.
    """
    return "".join(_join(program))


def _join(program: str) -> Iterator[str]:
    last = space = ""
    for match in _PART.finditer(program):
        kind = match.lastgroup
        if kind in ("comment", "space"):
            space += match[0]
            continue
        part = _check(match["pattern"] or match[0])
        yield _separate(last, space, part) + part
        last, space = part, ""


def _separate(last: str, space: str, part: str) -> str:
    """What must stay between two parts of what was there."""
    if "\n" in space and last == "}":
        return "\n"
    return " " if space and _TOUCHING.fullmatch(last[-1:] + part[0]) else ""


def _check(part: str) -> str:
    if part in ("'", '"', "`"):
        raise TighteningError(f"A string does not end, or template strings stand too deep in another one: {part}.")
    return part
