"""`attnviz export` and `attnviz site` on the tiny library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import attnviz
from attnviz.data.examples import EXAMPLES
from attnviz.languages import SOURCE, get_language
from tests.command import assert_refused
from tests.unit.test_live_page import HOSTILE, Page

pytestmark = pytest.mark.usefixtures("library")


def read_data(page: Path) -> dict:
    return json.loads(Page(page.read_text(encoding="utf-8")).scripts["page-data"])


def test_export_writes_a_page_with_the_text_and_says_its_size(run, tmp_path: Path) -> None:
    page = tmp_path / "luong.html"
    code, out, err = run("export", "luong", "--live", page, "--text", HOSTILE)
    assert (code, err) == (0, "")
    assert out.startswith(f"{page}: {page.stat().st_size / 1e6:.1f} MB, luong in float32.")
    assert read_data(page)["text"] == HOSTILE
    assert "70.00\N{NO-BREAK SPACE}% of the test reviews" in read_data(page)["networks"][0]["about"]


def test_half_precision_is_smaller(run, tmp_path: Path) -> None:
    whole, half = tmp_path / "whole.html", tmp_path / "half.html"
    run("export", "luong", "--live", whole)
    _, out, _ = run("export", "luong", "--live", half, "--float16")
    assert half.stat().st_size < whole.stat().st_size
    assert "luong in float16" in out
    assert "on its examples by at most 0.00" in out
    assert read_data(half)["text"] == next(iter(EXAMPLES.values()))


def test_a_wrong_name_a_network_that_reads_no_text_and_a_wrong_folder_are_refused(run, tmp_path: Path) -> None:
    assert_refused(run("export", "gpt", "--live", tmp_path / "page.html"), "Unknown checkpoint 'gpt'")
    assert_refused(run("export", "column", "--live", tmp_path / "page.html"), "column")
    assert_refused(run("export", "luong", "--live", tmp_path / "missing" / "page.html"), "No such file")
    assert list(tmp_path.iterdir()) == []


def test_a_site_has_every_network_that_reads_texts(run, tmp_path: Path) -> None:
    code, out, _ = run("site", tmp_path)
    names = [network["name"] for network in read_data(tmp_path / "index.html")["networks"]]
    assert code == 0
    assert names == ["luong", "bilstm", "lstm-featurewise"]
    assert out.count("networks/") == len(names)


def test_the_pages_speak_the_language_that_was_asked_for(run, tmp_path: Path) -> None:
    page = tmp_path / "luong.html"
    code, out, err = run("export", "luong", "--live", page, "--language", "ru")
    assert (code, err, "Open it in any browser." in out) == (0, "", True)
    assert '<html lang="ru">' in page.read_text(encoding="utf-8")
    assert "70,00\N{NO-BREAK SPACE}% " in read_data(page)["networks"][0]["about"]
    run("site", tmp_path / "site", "--language", "zh")
    assert '<html lang="zh">' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert get_language() == SOURCE
    with pytest.raises(SystemExit, match="2"):
        run("export", "luong", "--live", page, "--language", "la")


def test_an_explanation_and_an_explainer_give_the_page_of_their_network() -> None:
    explainer = attnviz.load("luong")
    explanation = explainer.explain("a great film", method="occlusion")
    page = Page(explanation.to_live_html())
    data = json.loads(page.scripts["page-data"])
    assert (data["text"], data["method"], data["networks"][0]["name"]) == ("a great film", "occlusion", "luong")
    assert ("section", {"class": "attnviz"}) in page.elements, "the picture for where no JavaScript runs"
    own = json.loads(Page(explainer.to_live_html("a great film")).scripts["page-data"])
    assert (own["text"], own["networks"][0]["title"]) == ("a great film", data["networks"][0]["title"])
