"""What Babel calls to find the messages of Python code.

Its own extractor reads tokens, and before Python 3.12 the inside of an f-string is none: `f"{tr('Model')}:"` would stay
English for ever.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import IO, Any

FUNCTIONS = {"tr": ("gettext", 1), "tr_n": ("ngettext", 2), "mark": ("gettext", 1), "keep": ("gettext", 1)}
"""What takes a message: how gettext calls it, and how many of its arguments are forms of the message."""


def extract(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Line, function, message and comments of each message of a file."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            function, count = FUNCTIONS[node.func.id]
            forms = [_read(form) for form in node.args[:count]]
            if None not in forms:  # a name: what it stands for was marked
                yield node.lineno, function, tuple(forms) if count > 1 else forms[0], []


def _read(node: ast.expr) -> str | None:
    """The text of a constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
