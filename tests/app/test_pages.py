"""Every page under Streamlit's AppTest: what the page's script says, without a browser."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.checkpoints import find_checkpoint
from attnviz.engine.client import Engine
from attnviz.errors import EngineError
from attnviz.models.registry import METHODS
from attnviz.render.trust import describe_trust
from attnviz.ui import column_lab, reviews, state, trust
from attnviz.ui.lab_settings import read_link, read_settings
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
    methods = page.selectbox(key=f"review_method_{'-'.join(METHODS)}")
    assert methods.options == ["Attention weights", "Gradient × input", "Integrated gradients", "Leave a word out"]
    page.selectbox(key="review_model").select("bilstm").run()
    assert not page.exception
    assert component_data(page)["explanation"]["method"] == "gradient"


def wait_for_trust(page: AppTest) -> str:
    """Run the page until the section 'Can I trust it?' has its verdict."""
    for _ in range(200):
        asked = page.session_state["trust_asked"][0]["text"] if "trust_asked" in page.session_state else None
        starts = ("**Yes", "**Partly", "**No", "**There")
        verdicts = [block.value for block in page.markdown if block.value.startswith(starts)]
        if asked == page.session_state.review_text and verdicts:
            return verdicts[0]
        time.sleep(0.05)
        page.run()
    raise AssertionError("no verdict")


@pytest.mark.parametrize("method", ["attention", "occlusion"])
def test_the_page_says_how_far_the_highlight_can_be_trusted(library: Path, method: str) -> None:
    page = open_page("reviews")
    page.selectbox(key=f"review_method_{'-'.join(METHODS)}").select(method).run()
    verdict = wait_for_trust(page)
    assert "Can I trust it?" in [heading.value for heading in page.subheader]
    expected = attnviz.load("luong").measure_faithfulness(page.session_state.review_text, method)
    assert verdict == f"**{describe_trust(expected)}**"
    (table,) = (block.proto.body for block in page.get("html") if "attnviz-trust" in block.proto.body)
    assert f"<b>{expected.comprehensiveness.value:.3f}</b>".replace("-", "−") in table
    assert table.count('scope="row"') == 2 + len(expected.agreement)


@pytest.mark.parametrize(("text", "said"), [("?!", "no word"), ("great", "only one word")])
def test_a_text_of_less_than_two_words_cannot_be_trusted_or_not(library: Path, text: str, said: str) -> None:
    page = open_page("reviews")
    page.session_state.review_text = text
    page.run()
    assert f"There is {said} to read here" in wait_for_trust(page)


def test_a_measurement_that_fails_is_told_and_the_answer_stays(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = get_engine().ask

    def fail(op: str, **arguments: Any) -> Any:
        if op == "measure":
            raise EngineError("no measurement today")
        return ask(op, **arguments)

    monkeypatch.setattr(get_engine(), "ask", fail)
    page = open_page("reviews")
    for _ in range(200):
        if page.error:
            break
        time.sleep(0.05)
        page.run()
    assert "no measurement today" in page.error[0].value
    assert component_data(page)["state"] == "ready"


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
    for module in (state, reviews, column_lab, trust):
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
    assert (shown["state"], shown["result"]) == ("loading", None)
    assert "Loading the network" in shown["message"]


def test_without_models_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path))
    assert "no usable text network" in open_page("reviews").error[0].value


def open_lab(**link: str) -> AppTest:
    """A visitor on the Column lab who came with a link."""

    def script() -> None:
        from attnviz.ui import column_lab

        column_lab.show_page()

    page = AppTest.from_function(script, default_timeout=TIMEOUT)
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def move(page: AppTest, **values: Any) -> dict[str, Any]:
    """Set sliders as the browser does; what the lab shows then."""
    ask = {"values": {**component_data(page)["values"], **values}, "seq": 1, "repeat": False, "settled": False}
    state = page.session_state
    state.asked_of_lab, state.lab_seq = ask, component_data(page)["answered"] + 1
    state.lab_settings, state.lab_notes = read_settings(ask["values"])
    page.run()
    assert not page.exception
    return component_data(page)


def test_the_lab_finds_the_planted_column_and_lists_369_parameters(library: Path) -> None:
    page = open_lab()
    before = component_data(page)["result"]["run"]
    shown = move(page, attention_column=3)
    assert (shown["result"]["attention_column"], shown["answered"]) == (3, 1)
    assert max(range(4), key=shown["result"]["attention"][-1].__getitem__) == 3
    assert shown["result"]["sentence"].startswith("Attention told the truth here")
    assert shown["result"]["run"] == before + 1
    assert page.dataframe[1].value["parameters"].sum() == 369


def test_the_lab_keeps_the_planted_column_within_the_columns(library: Path) -> None:
    page = open_lab(column="3")
    shown = move(page, input_dim=2)
    assert (shown["result"]["attention_column"], len(shown["result"]["attention"][-1])) == (1, 2)


def test_the_same_settings_are_not_trained_again(library: Path) -> None:
    page = open_lab()
    run = component_data(page)["result"]["run"]
    assert move(page)["result"]["run"] == run


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ({"column": "9", "columns": "4"}, "Attention column: 9 is not possible here; 3 is used."),
        ({"samples": "0"}, "Samples: 0 is not possible here; 500 is used."),
        ({"rate": "NaN"}, "Learning rate: 'NaN' is no number; 0.001 is used."),
        ({"seed": "-3", "samples": "500"}, "Seed: -3 is not possible here; 0 is used."),
        ({"task": "nope", "noise": "0.1"}, "There is no task 'nope'; this is 'One column is the answer'."),
    ],
)
def test_a_bad_link_is_mended_and_told(library: Path, link: dict[str, str], note: str) -> None:
    page = open_lab(**link)
    shown = component_data(page)
    assert (shown["state"], shown["notes"]) == ("ready", [note])
    assert read_link(dict(page.query_params))[1] == []
    assert move(page, seed=1)["notes"] == [], "the message goes when something is changed"


def test_a_sequence_task_comes_with_its_own_defaults_and_the_inside_of_its_network(library: Path) -> None:
    page = open_lab(task="addition", samples="500", epochs="2")
    shown = component_data(page)
    assert (shown["values"]["input_dim"], shown["values"]["learning_rate"]) == (10, 0.01)
    assert shown["result"]["place"] == "step"
    assert [sum(truth) for truth in shown["result"]["samples"]["truth"]] == [2] * 6
    assert "h_t = \\mathrm{LSTM}" in " ".join(latex.value for latex in page.latex)
    places = page.dataframe[0].value
    assert places["weight"].sum() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(places["product"], places["input"] * places["weight"], atol=1e-5)


def test_a_sample_that_is_gone_gives_way_to_the_last_one(library: Path) -> None:
    page = open_lab(samples="1000", epochs="2")
    page.number_input(key="inside_sample").set_value(200).run()
    move(page, n=500)
    assert not page.exception
    assert page.number_input(key="inside_sample").value == 100


def test_the_lab_gives_its_link_and_its_script_away(library: Path) -> None:
    page = open_lab(task="xor", column="2", seed="5", samples="500", epochs="2")
    link, script = (block.value for block in page.code)
    assert "task=xor&column=2&columns=4" in link
    assert "train_task" in script
    assert "seed=5" in script


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
