"""The living page and the static site as files: what they hold, and that nothing in them becomes more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.languages import LANGUAGES, using_language
from attnviz.living.live_page import LiveNetwork, measure_live_page, render_live_page
from attnviz.living.page_shell import write_block
from attnviz.living.static_site import write_site
from attnviz.render.training_report import format_size
from tests.unit.test_web import run_node

HOSTILE = "</script><script>alert(1)</script><!-- <b>&amp;\u2028 \ud83d ${1} $policy"
NETWORK = LiveNetwork("luong", "LSTM + <b>Luong</b>", "3 parameters", True, None, b"\x00weights\xff")


class Page(HTMLParser):
    """The elements of a page, as a browser's parser would find them, and what stands in each script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self._key: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag == "script":
            self._key = dict(attributes).get("id") or dict(attributes).get("type") or ""
            self.scripts[self._key] = ""

    def handle_data(self, data: str) -> None:
        if self._key is not None:
            self.scripts[self._key] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._key = None

    @property
    def policy(self) -> dict[str, str]:
        (policy,) = (one["content"] for _, one in self.elements if one.get("http-equiv") == "Content-Security-Policy")
        return {name: rest for name, _, rest in (part.strip().partition(" ") for part in str(policy).split(";"))}


def test_the_policy_allows_one_script_and_nothing_from_elsewhere() -> None:
    page = Page(render_live_page(NETWORK, "a film"))
    digest = base64.b64encode(hashlib.sha256(page.scripts["module"].encode()).digest()).decode()
    assert page.policy["default-src"] == "'none'"
    assert page.policy["script-src"] == f"'sha256-{digest}' 'wasm-unsafe-eval'"
    assert "connect-src" not in page.policy, "so nothing at all can be fetched"
    addresses = [one for _, one in page.elements if {"src", "href", "action", "data", "srcset"} & one.keys()]
    assert addresses == []


def test_the_weights_come_back_as_they_were() -> None:
    page = Page(render_live_page(NETWORK))
    assert base64.b64decode(page.scripts["network-weights"]) == NETWORK.content


@settings(max_examples=30)
@given(st.text(st.characters(codec=None)) | st.just(HOSTILE))
def test_no_text_becomes_more_than_text(text: str) -> None:
    plain, page = Page(render_live_page(NETWORK)), Page(render_live_page(NETWORK, text))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert json.loads(page.scripts["page-data"])["text"] == text
    assert page.scripts["module"] == plain.scripts["module"]


def test_no_name_becomes_more_than_text() -> None:
    page = Page(render_live_page(NETWORK._replace(name=HOSTILE, title=HOSTILE)))
    assert len(page.scripts) == 4
    assert json.loads(page.scripts["page-data"])["networks"][0]["title"] == HOSTILE


@given(st.recursive(st.text() | st.floats(allow_nan=False, allow_infinity=False), st.lists))
def test_a_block_holds_nothing_that_ends_it(data: object) -> None:
    block = write_block(data)
    assert "<" not in block
    assert json.loads(block) == data


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_block({"probability": float("nan")})


def test_a_network_without_attention_is_explained_by_leaving_words_out() -> None:
    network = NETWORK._replace(attends=False)
    data = json.loads(Page(render_live_page(network)).scripts["page-data"])
    assert [method["name"] for method in data["networks"][0]["methods"]] == ["occlusion"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [0, 1, 2, 3, 99_999, 1_400_000])
def test_the_size_is_known_before_the_page_is_made(size: int, language: str) -> None:
    network = NETWORK._replace(content=b"\x01" * size)
    with using_language(language):
        assert measure_live_page(network, "schön") == len(render_live_page(network, "schön").encode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_in_which_language_it_is(language: str) -> None:
    with using_language(language):
        elements = Page(render_live_page(NETWORK)).elements
    assert ("html", {"lang": language}) in elements


def test_sizes_are_said_as_in_a_list_of_files() -> None:
    assert [format_size(count) for count in (0, 38_200, 1_400_000)] == ["0 kB", "38 kB", "1.4 MB"]


def test_a_site_is_a_page_and_a_script_for_each_network(tmp_path: Path) -> None:
    page, *scripts = write_site(tmp_path / "site", [NETWORK, NETWORK._replace(name="bilstm", attends=False)], HOSTILE)
    parsed = Page(page.read_text(encoding="utf-8"))
    data = json.loads(parsed.scripts["page-data"])
    assert [tmp_path / "site" / entry["file"] for entry in data["networks"]] == scripts
    assert parsed.policy["script-src"].startswith("'self' 'sha256-")
    assert data["text"] == HOSTILE
    brought = run_node("-e", f"{scripts[0].read_text()}; console.log(attnvizWeights.luong)").stdout
    assert base64.b64decode(brought) == NETWORK.content


def test_a_site_that_is_written_again_keeps_no_old_weights_and_all_other_files(tmp_path: Path) -> None:
    write_site(tmp_path, [NETWORK])
    (tmp_path / "networks" / "notes.js").write_text("mine", encoding="utf-8")
    _, script = write_site(tmp_path, [NETWORK._replace(content=b"others")])
    assert set((tmp_path / "networks").iterdir()) == {script, tmp_path / "networks" / "notes.js"}
    assert re.search(r"luong\.[0-9a-f]{12}\.js$", script.name)


def test_a_site_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingError, match="cannot be written"):
        write_site(tmp_path / "file", [NETWORK])
    with pytest.raises(SettingError, match="at least one network"):
        write_site(tmp_path, [])
