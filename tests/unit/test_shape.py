"""The shape of the code: functions, files and lines stay short enough to be read at a glance."""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attnviz

PACKAGE = Path(attnviz.__file__).parent
PROJECT = PACKAGE.parent
ROOMS = ("attnviz", "benchmarks", "tests")

NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*suffixes: str) -> list[Path]:
    """The project's own sources of that kind."""
    found = [PROJECT / "app.py"] + [path for room in ROOMS for path in (PROJECT / room).rglob("*")]
    return sorted(path for path in found if path.suffix in suffixes and "node_modules" not in path.parts)


def lines_of_code(source: str) -> set[int]:
    """The numbers of the lines that hold more than a comment."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {line for token in tokens if token.type not in NO_CODE for line in range(token.start[0], token.end[0] + 1)}


def body_length(function: Function, code: set[int]) -> int:
    """The lines of code of a body; its docstring, comments and blank lines do not count, functions inside it do."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len(code & set(range(statements[0].lineno, statements[-1].end_lineno + 1))) if statements else 0


def measure(source: str) -> Iterator[tuple[str, int]]:
    """Line and name, and the body length, of every function and method."""
    code = lines_of_code(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield f"{node.lineno} {node.name}", body_length(node, code)


@cache
def body_lengths() -> dict[str, int]:
    """The body length of every function of attnviz, by its place; the longest first."""
    sources = {path.relative_to(PROJECT): path.read_text("utf-8") for path in files(".py")}
    inside = {path: source for path, source in sources.items() if path.parts[0] == "attnviz"}
    found = {f"{path}:{place}": length for path, source in inside.items() for place, length in measure(source)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def longest(count: int = 25) -> str:
    return "\n".join(f"{length} {place}" for place, length in list(body_lengths().items())[:count])


def test_a_body_is_its_lines_of_code() -> None:
    source = '''
def one(): return 1

def empty():
    """Only says something."""

def three(
    argument,
):
    """Says something

    at length.
    """
    # and remarks

    text = """two
    lines"""  # are code
    def inside():
        return text
'''
    assert dict(measure(source)) == {"2 one": 1, "4 empty": 0, "7 three": 4, "18 inside": 1}


def test_half_of_the_functions_have_at_most_5_lines() -> None:
    assert len(body_lengths()) > 500
    assert statistics.median(body_lengths().values()) <= 5


def test_nine_functions_of_ten_have_at_most_14_lines() -> None:
    assert statistics.quantiles(body_lengths().values(), n=10)[-1] <= 14, longest()


def test_no_python_file_has_more_than_300_lines() -> None:
    lengths = {str(path.relative_to(PROJECT)): len(path.read_text("utf-8").splitlines()) for path in files(".py")}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_no_line_of_javascript_has_more_than_120_characters() -> None:
    scripts = files(".js", ".mjs")
    assert scripts
    long = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > 120
    ]
    assert long == []
