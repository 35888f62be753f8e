from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import attnviz
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_number, format_percent, format_signed

PACKAGE = Path(attnviz.__file__).parent
SPACED = re.compile(r"[\d}] %(?![\w(])|%\{[^}]*%\}")
"""A percentage that a line break may part, or that Plotly writes without any space."""

LATEX = "trace_report.py"
"""Its numbers are typeset by KaTeX, which knows the minus sign."""


@given(st.floats(-1e6, 1e6), st.integers(0, 5))
def test_a_number_has_a_true_minus_and_no_sign_where_it_rounds_to_0(value: float, digits: int) -> None:
    said = format_number(value, digits)
    assert float(said.replace("−", "-")) == round(value, digits)
    assert not re.match(r"−0\.?0*$", said)
    assert "-" not in said


@given(st.floats(-1e6, 1e6), st.integers(0, 5))
def test_a_signed_number_always_has_its_sign(value: float, digits: int) -> None:
    said = format_signed(value, digits)
    assert said == ("−" if value < 0 else "+") + format_number(abs(value), digits)


def test_a_share_is_written_in_percent() -> None:
    assert [format_percent(0.1234), format_percent(-0.5, 0), format_percent(1, 2)] == [
        "12.3\N{NO-BREAK SPACE}%",
        "−50\N{NO-BREAK SPACE}%",
        "100.00\N{NO-BREAK SPACE}%",
    ]


def test_a_table_shows_numbers_as_everything_else_does_and_keeps_their_values() -> None:
    frame = pd.DataFrame({"share": [0.5, None], "score": [-0.25, 1.0], "unknown": [None, None]})
    styled = style_numbers(frame, {"score": 3}, shares=("share", "unknown"))
    shown = styled.to_html()
    assert all(said in shown for said in (">50.00\N{NO-BREAK SPACE}%<", ">–<", ">−0.250<", ">1.000<"))
    assert styled.data.equals(frame)


def find_forms(source: str) -> Iterator[str]:
    """How the f-strings of a module write numbers with a sign or as percentages."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            form = ast.unparse(node.format_spec).strip("f'\"")
            if form.startswith("+") or form.endswith("%"):
                yield form


def find_spaced(source: str) -> Iterator[str]:
    """The texts of a module, outside of docstrings, that break a percentage."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from SPACED.findall(node.value)


def test_only_the_formatter_writes_signs_and_percentages() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    others = {path: text for path, text in sources.items() if path.name not in ("numerals.py", LATEX)}
    assert {path.name: forms for path, text in others.items() if (forms := [*find_forms(text)])} == {}
    assert {path.name: parted for path, text in sources.items() if (parted := [*find_spaced(text)])} == {}


def test_only_the_browser_s_formatter_writes_percentages() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (PACKAGE / "web").glob("*.js")}
    assert {
        name for name, text in scripts.items() if SPACED.search(re.sub(r"^ *(//|\*|/\*\*).*$", "", text, flags=re.M))
    } == set()
    assert {name for name, text in scripts.items() if "u00a0%" in text} == {"numbers.js"}
