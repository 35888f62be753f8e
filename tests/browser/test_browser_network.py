"""The files of the networks, as a running server sends them and a real Chromium runs them."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from attnviz.living.network_file import export_network
from attnviz.runs.checkpoint import read_checkpoint
from attnviz.web.linker import link
from tests.browser.conftest import ROOT, App, start_app

NAMES = ("word-additive", "luong", "transformer")


def build_module(folder: Path) -> str:
    """The store as one module: what a component of the page holds."""
    for file in (ROOT / "attnviz" / "web").glob("*.js"):
        shutil.copy(file, folder)
    entry = "import { openNetwork } from './network.js';\nimport { fetchNetwork } from './network_store.js';\n"
    (folder / "tried_network.js").write_text(f"{entry}export default {{ openNetwork, fetchNetwork }};\n", "utf-8")
    return link("tried_network.js", folder)


def run_in(page: Page, module: str, script: str, argument: object) -> object:
    """The result of an asynchronous function (network module, argument) in the page."""
    source = base64.b64encode(module.encode()).decode()
    return page.evaluate(
        f"async ([source, given]) => {{"
        f"const url = URL.createObjectURL(new Blob([atob(source)], {{type: 'text/javascript'}}));"
        f"const {{ default: networks }} = await import(url); return ({script})(networks, given); }}",
        [source, argument],
    )


@pytest.mark.parametrize("name", NAMES)
def test_chromium_computes_what_keras_computed(page: Page, app: App, tmp_path: Path, name: str) -> None:
    checkpoint = read_checkpoint(ROOT / "checkpoints" / name)
    examples = [example for example in checkpoint.examples if example.method == "attention"]
    script = """async ({ openNetwork }, { file, texts }) => {
        const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
        const network = await openNetwork(bytes.buffer);
        const readings = texts.map((text) => network.read(text));
        return { simd: network.simd, readings: readings.map((r) => [r.probabilities, Array.from(r.scores)]) };
    }"""
    page.goto(app.url)
    given = {
        "file": base64.b64encode(export_network(checkpoint)).decode(),
        "texts": [example.text for example in examples],
    }
    found = run_in(page, build_module(tmp_path), script, given)
    assert isinstance(found, dict)
    assert found["simd"]
    for example, (probabilities, scores) in zip(examples, found["readings"], strict=True):
        assert probabilities == pytest.approx(example.prediction.probabilities, abs=1e-5)
        assert scores == pytest.approx(example.scores.tolist(), abs=1e-5)


PAGE = """
import json
import streamlit as st
from attnviz.ui.browser_networks import get_network_address, why_no_network
from attnviz.ui.state import get_review_models

cards = get_review_models().values()
st.text(json.dumps({card.name: [get_network_address(card), why_no_network(card)] for card in cards}))
"""


def read_addresses(page: Page, url: str) -> dict[str, list[str | None]]:
    page.goto(url)
    found: dict[str, list[str | None]] = json.loads(page.get_by_test_id("stText").inner_text())
    return found


def spoil(folder: Path, *, listed: bool) -> None:
    """Put something else into a network's file; `listed`, run.json states the hash of that."""
    (folder / "model.keras").write_bytes(b"no network")
    record = json.loads((folder / "run.json").read_text("utf-8"))
    if listed:
        record["files"]["model.keras"] = hashlib.sha256(b"no network").hexdigest()
    (folder / "run.json").write_text(json.dumps(record), "utf-8")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two whole networks, one that run.json calls damaged, and one that only its reader finds to be none."""
    folder = tmp_path / "checkpoints"
    for name in ("stars", "luong", "lstm-dot", "bilstm"):
        shutil.copytree(ROOT / "checkpoints" / name, folder / name)
    spoil(folder / "lstm-dot", listed=False)
    spoil(folder / "bilstm", listed=True)
    return folder


@pytest.fixture
def served(library: Path, tmp_path: Path, archive: Path) -> Iterator[App]:
    """A server of a read-only library; its page says where the networks are."""
    script = tmp_path / "page.py"
    script.write_text(PAGE, "utf-8")
    app = start_app(library, tmp_path, archive, script=str(script), ATTNVIZ_READ_ONLY="1")
    yield app
    app.process.terminate()
    app.process.wait()


def test_the_page_fetches_networks_once(page: Page, served: App, library: Path, tmp_path: Path) -> None:
    found = read_addresses(page, served.url)
    assert set(found) == {"stars", "luong", "bilstm"}  # what run.json calls damaged has no card
    assert found["bilstm"][0] is None
    assert "holds no weights that can be read" in str(found["bilstm"][1])
    for name in ("stars", "luong"):
        with urllib.request.urlopen(f"{served.url}{found[name][0]}") as response:
            assert response.read() == export_network(read_checkpoint(library / name))
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{served.url}{found['luong'][0]}0")
    script = """async ({ fetchNetwork }, address) => {
        const [one, two] = await Promise.all([fetchNetwork(address), fetchNetwork(address)]);
        const missing = await fetchNetwork(address + '0').catch((error) => error.message);
        return [one === two, one.name, one.read('A wonderful film').probabilities.length, missing];
    }"""
    (tmp_path / "modules").mkdir()
    module = build_module(tmp_path / "modules")
    answer = [True, "luong", 2, "The server did not send the network (404)."]
    assert run_in(page, module, script, f"{served.url}{found['luong'][0]}") == answer
    assert read_addresses(page, served.url) == found  # a second visit finds the same address, and its browser the file
    script = "async (_, address) => (await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' })).status"
    assert run_in(page, module, script, f"{served.url}{found['luong'][0]}") == 200
