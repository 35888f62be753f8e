"""What README and docs say was measured is what the shipped results say."""

from __future__ import annotations

import json
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
from attnviz.evidence.word_bag import read_shipped_bags
from attnviz.models.registry import MODELS
from benchmarks.claims import PROJECT, list_documents, write_claims


@pytest.mark.parametrize("path", list_documents(), ids=lambda path: path.name)
def test_the_documents_say_what_ships(path: Path) -> None:
    text = path.read_text("utf-8")
    assert write_claims(text) == text, "run: python -m benchmarks.claims"


@pytest.mark.parametrize("path", list_documents(), ids=lambda path: path.name)
def test_a_share_that_was_measured_names_its_source(path: Path) -> None:
    """Each is marked, stands in a table that is, or has a command or a publication in its paragraph."""
    text = re.sub(
        r"<!-- (bench|networks|evidence|controls|tutorials) -->.*?<!-- /\1 -->",
        "",
        path.read_text("utf-8"),
        flags=re.DOTALL,
    )
    text = re.sub(r"<!-- (figure|control|bag): .*?<!-- /\1 -->", "", text, flags=re.DOTALL)
    for paragraph in text.split("\n\n"):
        if re.search(r"\d\.\d+ %", paragraph):
            assert re.search(r"`(attnviz|make|python -m) |\b(19|20)\d\d\b|published", paragraph), paragraph


def test_every_shipped_network_stands_in_the_table_with_its_n_and_command() -> None:
    table = write_claims("<!-- evidence -->\n<!-- /evidence -->")
    for path in SHIPPED.glob("*.json"):
        (line,) = re.findall(rf"^\| `{path.stem}` .*$", table, re.MULTILINE)
        summary = read_shipped(path.stem)
        assert summary is not None
        accuracy = summary.find("accuracy")
        assert accuracy is not None
        assert f"| {accuracy.value:.2%}".replace("%", " %") in line
        assert f"| {summary.sources[0].n:,} | `{summary.sources[0].command}` |" in line


def test_every_shipped_kind_of_control_stands_in_the_table() -> None:
    table = write_claims("<!-- controls -->\n<!-- /controls -->")
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


def test_figures_of_controls_and_of_bags_of_words_are_those_of_their_rows() -> None:
    (row,) = [row for row in make_rows(read_shipped_runs("word-additive")) if name_row(row) == "liar, λ 1"]
    mark = "<!-- control: word-additive | liar, λ 1 | same answer -->{}<!-- /control -->"
    assert row.same is not None
    assert write_claims(mark.format("")) == mark.format(f"{100 * row.same:.1f} %")
    (bag,) = [bag for bag in read_shipped_bags().rows if (bag.steps, bag.longest, bag.train) == (500, 2, 22_500)]
    mark = "<!-- bag: 500 words | words and pairs | 22,500 reviews -->{}<!-- /bag -->"
    assert write_claims(mark.format("")) == mark.format(f"{100 * bag.accuracy:.2f} %")


def test_the_table_of_networks_is_that_of_the_registry_and_the_runs() -> None:
    table = write_claims("<!-- networks -->\n<!-- /networks -->")
    for name, spec in MODELS.items():
        (line,) = re.findall(rf"^\| `{name}` \| .*$", table, re.MULTILINE)
        record = json.loads((PROJECT / "checkpoints" / name / "run.json").read_text("utf-8"))
        assert f"| {spec.parameters:,} |" in line
        assert line.endswith(f"| {100 * record['accuracy']:.2f} % |")


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
