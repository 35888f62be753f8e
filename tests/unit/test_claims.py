"""What README and docs say of many texts is what the shipped results say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from attnviz.errors import DataError, UnknownNameError
from attnviz.evidence.control_run import SHIPPED as SHIPPED_CONTROLS
from attnviz.evidence.control_run import read_shipped_runs
from attnviz.evidence.control_table import make_rows, name_row
from attnviz.evidence.network_summary import SHIPPED, read_shipped
from attnviz.evidence.tutorial_run import read_shipped_repeats
from attnviz.evidence.tutorial_study import REPEATED
from benchmarks.claims import PROJECT, list_documents, write_claims


@pytest.mark.parametrize("path", list_documents(), ids=lambda path: path.name)
def test_the_documents_say_what_ships(path: Path) -> None:
    text = path.read_text("utf-8")
    assert write_claims(text) == text, "run: python -m benchmarks.claims"


def test_every_shipped_network_stands_in_the_table_with_its_n_and_command() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    table = readme.split("<!-- evidence -->")[1].split("<!-- /evidence -->")[0]
    for path in SHIPPED.glob("*.json"):
        (line,) = re.findall(rf"^\| `{path.stem}` .*$", table, re.MULTILINE)
        summary = read_shipped(path.stem)
        assert summary is not None
        accuracy = summary.find("accuracy")
        assert accuracy is not None
        assert f"| {accuracy.value:.2%}".replace("%", " %") in line
        assert f"| {summary.sources[0].n:,} | `{summary.sources[0].command}` |" in line


def test_every_shipped_kind_of_control_stands_in_the_table() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    table = readme.split("<!-- controls -->")[1].split("<!-- /controls -->")[0]
    for folder in SHIPPED_CONTROLS.iterdir():
        for row in make_rows(read_shipped_runs(folder.name)):
            (line,) = re.findall(rf"^\| `{folder.name}` \| {re.escape(name_row(row))} \| .*$", table, re.MULTILINE)
            assert f"| {100 * row.accuracy:.2f}" in line
            assert f"% | {row.n} |" in line


def test_a_wrong_figure_is_replaced_and_the_text_around_it_is_not() -> None:
    summary = read_shipped("lstm-dot")
    assert summary is not None
    row = summary.find("accuracy lost", "even weights")
    assert row is not None
    mark = "a <!-- figure: lstm-dot | accuracy lost | even weights | points -->{}<!-- /figure --> b"
    assert write_claims(mark.format("99")) == mark.format(f"{100 * row.value:.1f}")


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("nonsense | accuracy | | %", "word-additive"),
        ("luong | nonsense | | %", "accuracy lost | even weights"),
        ("luong | accuracy | | inches", "points"),
    ],
)
def test_a_mark_of_what_there_is_not_names_what_there_is(mark: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(message)):
        write_claims(f"<!-- figure: {mark} -->1<!-- /figure -->")
    with pytest.raises(DataError):
        write_claims("<!-- figure: luong -->1<!-- /figure -->")


def test_the_tutorials_stand_in_a_table_with_the_bags_of_words() -> None:
    table = write_claims("<!-- tutorials -->\n<!-- /tutorials -->")
    assert "| `bilstm-additive` | 83.76 % | 86.95 % | 98.91 % |" in table
    for network, attention in REPEATED:
        repeats = read_shipped_repeats(network, attention)
        (line,) = re.findall(rf"^\| `{repeats.name}` \| .*$", table, re.MULTILINE)
        assert line.endswith(f"| {len(repeats.last)} |")
        assert not repeats.last or f"| {100 * repeats.mean:.2f}" in line
    assert "bag of words, the last 500" in table
