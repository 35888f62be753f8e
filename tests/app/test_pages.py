"""Every page under Streamlit's AppTest: what the page's script says, without a browser."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.checkpoints import find_checkpoint
from attnviz.engine.client import Engine
from attnviz.ui import column_lab, reviews, state
from attnviz.ui.state import get_engine

TIMEOUT = 60

pytestmark = pytest.mark.skipif(
    tuple(map(int, streamlit.__version__.split(".")[:2])) < (1, 67),
    reason="AppTest of this Streamlit forgets components that were registered at import; the browser tests cover them",
)


@pytest.fixture(scope="module", autouse=True)
def _engine(tiny_library: Path, archive: Path, cache: Path) -> Iterator[None]:
    """One engine for all pages of this file, started with the tests' folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_CHECKPOINTS", str(tiny_library))
        patch.setenv("ATTNVIZ_CACHE", str(cache))
        patch.setenv("ATTNVIZ_IMDB", str(archive))
        get_engine.clear()
        assert get_engine().wait_until_ready(TIMEOUT)
        yield
        get_engine().close()
        get_engine.clear()


def open_page(name: str) -> AppTest:
    """A visitor on one page."""

    def script(name: str) -> None:
        from importlib import import_module

        import_module(f"attnviz.ui.{name}").show_page()

    page = AppTest.from_function(script, args=(name,), default_timeout=TIMEOUT).run()
    assert not page.exception
    return page


def component_data(page: AppTest) -> dict[str, Any]:
    """What the page gave its one component to draw."""
    (component,) = page.get("bidi_component")
    return json.loads(component.proto.json)


def test_reviews_shows_what_the_model_says_of_the_first_example(library: Path) -> None:
    page = open_page("reviews")
    shown = component_data(page)["explanation"]
    expected = attnviz.load("luong").explain(component_data(page)["text"])
    words = [piece for piece in shown["pieces"] if len(piece) > 1]
    assert [piece[4] for piece in words] == pytest.approx(expected.scores.tolist(), abs=1e-6)
    assert shown["probability"] == pytest.approx(expected.probability, abs=1e-6)
    assert "".join(piece[0] for piece in shown["pieces"]) == expected.text


def test_another_model_brings_its_own_methods(library: Path) -> None:
    page = open_page("reviews")
    assert page.selectbox(key="review_method_attention-gradient").options == ["Attention weights", "Gradient × input"]
    page.selectbox(key="review_model").select("bilstm").run()
    assert not page.exception
    assert component_data(page)["explanation"]["method"] == "gradient"


def test_an_example_goes_into_the_box(library: Path) -> None:
    page = open_page("reviews")
    before = component_data(page)
    page.button(key="example_Sarcasm").click().run()
    after = component_data(page)
    assert after["text"].startswith("Oh great, another superhero")
    assert after["revision"] == before["revision"] + 1
    assert "".join(piece[0] for piece in after["explanation"]["pieces"]) == after["text"]


def test_a_random_test_review_comes_with_its_rating(library: Path) -> None:
    page = open_page("reviews")
    page.button(key="random_review").click().run()
    shown = component_data(page)
    assert "stars, so it counts as" in shown["message"]
    assert shown["text"].endswith("\n\nThe end!"), "the line breaks of the dataset are line breaks"


def test_a_refused_text_is_an_error_beside_the_last_answer(library: Path) -> None:
    page = open_page("reviews")
    before = component_data(page)
    page.session_state.review_text = "a" * 1_000_001
    page.run()
    after = component_data(page)
    assert after["state"] == "error"
    assert "1,000,000 characters" in after["message"]
    assert after["explanation"] == before["explanation"]


@pytest.fixture
def loading_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine process that starts and never gets ready."""
    engine = Engine((sys.executable, "-c", "import sys; sys.stdin.read()"))
    for module in (state, reviews, column_lab):
        monkeypatch.setattr(module, "get_engine", lambda: engine)
    yield
    engine.close()


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_an_example_shows_its_stored_answer(library: Path) -> None:
    page = open_page("reviews")
    shown = component_data(page)
    stored = find_checkpoint("luong").examples[0]
    assert shown["explanation"]["probability"] == stored.probability
    assert "stored with the network" in shown["message"]
    page.session_state.review_text = "a text of my own"
    page.run()
    shown = component_data(page)
    assert shown["state"] == "loading"
    assert "Loading the network" in shown["message"]


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_lab_says_so(library: Path) -> None:
    shown = component_data(open_page("column_lab"))
    assert (shown["state"], shown["attention"]) == ("loading", None)
    assert "Loading the network" in shown["message"]


def test_without_models_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert "no usable text network" in open_page("reviews").error[0].value


def test_the_lab_finds_the_planted_column_and_lists_369_parameters(library: Path) -> None:
    page = open_page("column_lab")
    page.slider(key="lab_column").set_value(3).run()
    assert not page.exception
    shown = component_data(page)
    assert shown["attention_column"] == 3
    assert max(range(4), key=shown["attention"].__getitem__) == 3
    assert shown["run"] == 2
    assert page.dataframe[0].value["parameters"].sum() == 369


def test_the_lab_keeps_the_planted_column_within_the_columns(library: Path) -> None:
    page = open_page("column_lab")
    page.slider(key="lab_column").set_value(3).run()
    page.slider(key="lab_columns").set_value(2).run()
    assert not page.exception
    shown = component_data(page)
    assert (shown["attention_column"], len(shown["attention"])) == (1, 2)


def test_retrain_draws_a_new_seed(library: Path) -> None:
    page = open_page("column_lab")
    seed = page.number_input(key="lab_seed").value
    before = component_data(page)
    next(button for button in page.button if button.label == "Retrain").click().run()
    after = component_data(page)
    assert page.number_input(key="lab_seed").value != seed
    assert after["run"] == before["run"] + 1
    assert after["attention"] != before["attention"]


def test_training_refuses_settings_in_words(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))
    monkeypatch.setenv("ATTNVIZ_IMDB", str(tmp_path / "missing.tar.gz"))
    page = open_page("training")
    assert "does not exist" in page.error[0].value
    assert {select.label for select in page.selectbox} == {"Model"}


def test_models_lists_the_library_and_the_reason_of_a_damaged_one(
    tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(tiny_library, folder)
    (folder / "luong" / "history.csv").write_text("epoch,loss\n1,0.1\n")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(folder))
    page = open_page("models")
    assert "history.csv is damaged" in page.error[0].value
    table = page.dataframe[0].value.set_index("model")
    assert table.loc["bilstm", "reached"] == pytest.approx(0.7)
    assert table.loc["bilstm", "published"] == pytest.approx(0.8658)
    assert "luong" in page.caption[0].value, "it is named among the networks without a usable checkpoint"
