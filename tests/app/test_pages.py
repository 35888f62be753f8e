"""Every page under Streamlit's AppTest: what the page's script says, without a browser."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.checkpoints import find_checkpoint
from attnviz.engine.client import Engine
from attnviz.errors import EngineError
from attnviz.models.registry import METHODS
from attnviz.render.erasure import describe_erasure
from attnviz.render.trust import describe_trust
from attnviz.render.words import format_probability
from attnviz.results import Explanation
from attnviz.ui import asking, column_lab, review_sections, reviews, state
from attnviz.ui.compare import TWO_TEXTS
from attnviz.ui.lab_settings import read_link, read_settings
from attnviz.ui.review_link import MAX_TEXT
from attnviz.ui.state import get_engine
from attnviz.ui.take_away import get_writers
from attnviz.what_if import Step

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


def open_page(name: str, **link: str) -> AppTest:
    """A visitor on one page, who came with a link."""

    def script(name: str) -> None:
        from importlib import import_module

        import_module(f"attnviz.ui.{name}").show_page()

    page = AppTest.from_function(script, args=(name,), default_timeout=TIMEOUT)
    for parameter, value in link.items():
        page.query_params[parameter] = value
    page.run()
    assert not page.exception
    return page


def component_data(page: AppTest, name: str = "") -> dict[str, Any]:
    """What the page gave its first component to draw, or the one of this name."""
    components = (component.proto for component in page.get("bidi_component"))
    return json.loads(next(proto.json for proto in components if name in proto.component_name))


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
        asked = page.session_state["asked_trust"][0][1]["text"] if "asked_trust" in page.session_state else None
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


def run_until(page: AppTest, start: str) -> str:
    """Run the page until it says something that starts so; what it says."""
    for _ in range(200):
        assert not page.exception
        said = [block.value for block in page.markdown if block.value.startswith(start)]
        if said:
            return said[0]
        time.sleep(0.05)
        page.run()
    raise AssertionError(f"the page never said {start!r}")


@pytest.mark.parametrize("method", ["attention", "gradient"])
def test_the_slider_that_takes_words_away_has_the_curve_of_the_text(library: Path, method: str) -> None:
    page = open_page("reviews")
    page.selectbox(key=f"review_method_{'-'.join(METHODS)}").select(method).run()
    verdict = run_until(page, "**The answer")
    text = page.session_state.review_text
    expected = attnviz.load("luong").measure_erasure_curve(text, method)
    assert verdict == f"**{describe_erasure(expected)}**"
    shown = component_data(page, "erasure")
    assert shown["stale"] is False
    assert "".join(shown["curve"]["pieces"]) == text
    assert shown["curve"]["order"] == list(expected.order)
    assert shown["curve"]["out"]["own"] == pytest.approx(expected.without, abs=1e-5)
    assert shown["curve"]["alone"]["random"] == pytest.approx(expected.random_alone, abs=1e-5)


def test_the_last_curve_stays_dimmed_until_there_is_one_of_the_new_text(library: Path) -> None:
    page = open_page("reviews")
    run_until(page, "**The answer")
    before = component_data(page, "erasure")
    page.button(key="example_Sarcasm").click().run()
    shown = component_data(page, "erasure")
    if shown["stale"]:  # the engine may have been faster than the page
        assert shown["curve"] == before["curve"]
    for _ in range(200):
        if not shown["stale"]:
            break
        time.sleep(0.05)
        page.run()
        shown = component_data(page, "erasure")
    assert "".join(shown["curve"]["pieces"]).startswith("Oh great")
    assert shown["made"] > before["made"]


def test_the_page_shows_another_map_with_the_same_answer(library: Path) -> None:
    page = open_page("reviews")
    run_until(page, "**Another map gives the same answer")
    expected = attnviz.load("luong").find_other_map(page.session_state.review_text)
    (maps,) = (block.proto.body for block in page.get("html") if "attnviz-maps" in block.proto.body)
    assert format_probability(expected.own.probability) in maps
    assert format_probability(expected.other.probability) in maps
    assert f"{expected.divergence:.3f} of at most 0.693" in run_until(page, "**Another map")


def test_where_no_attention_is_shown_the_page_says_why_there_is_no_other_map(library: Path) -> None:
    page = open_page("reviews")
    page.selectbox(key=f"review_method_{'-'.join(METHODS)}").select("gradient").run()
    assert run_until(page, "This part is about attention weights")
    page.selectbox(key="review_model").select("bilstm").run()
    assert run_until(page, "This network has no attention")
    assert not [block for block in page.get("html") if "attnviz-maps" in block.proto.body]


@pytest.mark.parametrize(("text", "said"), [("?!", "no word"), ("great", "only one word")])
def test_a_text_of_less_than_two_words_cannot_be_trusted_or_not(library: Path, text: str, said: str) -> None:
    page = open_page("reviews")
    page.session_state.review_text = text
    page.run()
    assert f"There is {said} to read here" in wait_for_trust(page)
    assert run_until(page, f"**There is {said} to read here: another map")
    assert run_until(page, f"**There is {said} to take away" if said == "no word" else f"**There is {said} here")


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


def test_a_word_that_is_left_out_moves_the_probability_and_the_trail_says_so(library: Path) -> None:
    page = open_page("reviews")
    page.session_state.review_text = "The film was great"
    page.session_state.review_steps = [Step(3, ""), Step(3, "boring")]
    page.session_state.review_at = 1
    page.run()
    shown, explainer = component_data(page), attnviz.load("luong")
    expected = [explainer.explain(f"The film was {word}").probability for word in ("great", "", "boring")]
    assert shown["trail"]["labels"] == ["as typed", "without “great”", "“boring” for “great”"]
    assert shown["trail"]["probabilities"] == pytest.approx(expected, abs=1e-6)
    assert shown["explanation"]["probability"] == pytest.approx(expected[1], abs=1e-6)
    assert shown["explanation"]["pieces"][7][8] == "left out"
    page.button(key="example_Sarcasm").click().run()
    assert component_data(page)["trail"] is None, "another text starts anew"


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


def get_address(page: AppTest) -> dict[str, str]:
    """What the page puts into the address bar; nothing as long as it leaves it alone."""
    address = component_data(page)["address"]
    return dict(parse_qsl(address.removeprefix("?"), strict_parsing=True)) if address else {}


def test_a_link_brings_model_method_and_text(library: Path) -> None:
    text = "A <b>dull</b> film & a story?\nשלום 😀"
    page = open_page("reviews", model="bilstm", method="occlusion", text=text)
    shown = component_data(page)
    assert (shown["text"], shown["message"]) == (text, "")
    assert (shown["explanation"]["model"], shown["explanation"]["method"]) == ("bilstm", "occlusion")
    assert get_address(page) == {}, "it stays as it came"


def test_a_bad_link_opens_with_the_default_and_says_so(library: Path) -> None:
    page = open_page("reviews", model="gpt", method="lime", text="")
    shown = component_data(page)
    assert (shown["text"], shown["explanation"]["model"], shown["explanation"]["method"]) == ("", "luong", "attention")
    assert "asks for the model ‘gpt’, which is not here; it opened with luong." in shown["message"]
    assert "asks for the method ‘lime’" in shown["message"]


def test_the_address_follows_what_is_chosen_and_typed(library: Path) -> None:
    page = open_page("reviews")
    assert get_address(page) == {}, "a first visit needs no link"
    page.session_state.review_text = "a great film"
    page.run()
    assert get_address(page) == {"model": "luong", "method": "attention", "text": "a great film"}
    page.selectbox(key="review_model").select("bilstm").run()
    assert get_address(page) == {"model": "bilstm", "method": "gradient", "text": "a great film"}
    page.session_state.review_text = "great " * MAX_TEXT
    page.run()
    assert get_address(page) == {"model": "bilstm", "method": "gradient"}
    assert component_data(page)["text"].startswith("great great"), "the text stays"


def test_a_link_is_followed_once_and_what_is_typed_since_stays(library: Path) -> None:
    page = open_page("reviews", model="lstm-featurewise", text="a dull film")
    page.session_state.review_text = "a great film"
    page.run()
    assert dict(page.query_params)["text"] == "a dull film", "the browser may still report the address before"
    assert component_data(page)["text"] == "a great film"
    assert get_address(page) == {"model": "lstm-featurewise", "method": "attention", "text": "a great film"}


def test_the_answer_is_taken_away_as_a_link_and_files(library: Path) -> None:
    page = open_page("reviews", text="a great film <b>😀")
    page.session_state.review_tab = "Take it away"
    page.run()
    assert not page.exception
    (link,) = (block.value for block in page.code)
    assert link == "/?model=luong&method=attention&text=a+great+film+%3Cb%3E%F0%9F%98%80"
    assert "can read the text" in " ".join(block.value for block in page.markdown)
    page.session_state.review_text = "great " * MAX_TEXT
    page.run()
    assert [block.value for block in page.code] == ["/?model=luong&method=attention"]
    assert "9,000 characters are more than the 1,500" in " ".join(block.value for block in page.markdown)


@pytest.mark.parametrize("text", ["a great film", "", "half \ud83d a character"])
def test_the_files_hold_the_answer(library: Path, text: str) -> None:
    answer = attnviz.load("luong").explain(text)
    writers = get_writers(find_checkpoint("luong"), answer)
    files = {kind: write().decode("utf-8") for kind, write in writers.items()}
    assert files["html"].count("<label ") == files["csv"].count("\n") - 1 == len(answer.tokens)
    record = json.loads(files["json"])
    assert Explanation.from_dict(record).to_dict() == answer.to_dict()
    assert record["record"]["checkpoint"]["sha256"]["model.keras"] == find_checkpoint("luong").files["model.keras"]


def open_compare() -> AppTest:
    """A visitor who has opened the tab Compare."""
    page = open_page("reviews")
    page.session_state.review_tab = "Compare"
    page.run()
    return page


def wait_for_maps(page: AppTest, slot: str = "compare") -> dict[str, Any]:
    """Run the page until the maps of its last request are there; what they were given to draw."""
    for _ in range(200):
        assert not page.exception
        components = (component.proto for component in page.get("bidi_component"))
        maps = [proto.json for proto in components if "maps" in proto.component_name]
        if maps and not json.loads(maps[0])["stale"] and page.session_state[f"asked_{slot}"][1].done():
            return json.loads(maps[0])
        time.sleep(0.05)
        page.run()
    raise AssertionError("no maps")


def choose(page: AppTest, label: str) -> Any:
    (widget,) = (widget for widget in page.multiselect if widget.label == label)
    return widget


def test_compare_shows_what_the_networks_say_and_follows_the_choices(library: Path) -> None:
    page = open_compare()
    shown = wait_for_maps(page)
    assert [cell["label"] for cell in shown["cells"]] == [
        f"{model}, {method}"
        for model in ("luong", "lstm-featurewise", "bilstm")
        for method in ("attention weights", "gradient × input")
    ]
    text = page.session_state.review_text
    for cell in shown["cells"]:
        if "empty" not in cell:
            method = "gradient" if cell["signed"] else "attention"
            expected = attnviz.load(cell["name"]).explain(text, method)
            assert cell["scores"] == pytest.approx(expected.scores.tolist(), abs=1e-6)
            assert cell["probability"] == pytest.approx(expected.probability, abs=1e-6)
    choose(page, "Networks").set_value(["bilstm"]).run()
    choose(page, "Scores").set_value(["attention"]).run()
    assert "bilstm has no attention: choose another" in " ".join(block.value for block in page.markdown)
    choose(page, "Scores").set_value(["attention", "occlusion"]).run()
    assert [cell.get("empty", "") != "" for cell in wait_for_maps(page)["cells"]] == [True, False]


def test_two_texts_are_compared_with_one_network(library: Path) -> None:
    page = open_compare()
    page.radio(key="compare_mode").set_value(TWO_TEXTS).run()
    assert page.text_area[0].value == page.session_state.review_text
    wait_for_maps(page, "compare_texts")
    assert "Both texts have the same words" in " ".join(block.value for block in page.markdown)
    first = page.session_state.review_text
    second = first.replace("wonderful", "boring")
    page.text_area[0].set_value(second).run()
    shown = wait_for_maps(page, "compare_texts")
    explainer = attnviz.load("luong")
    expected = [explainer.explain(text).probability for text in (first, second)]
    assert [cell["probability"] for cell in shown["cells"]] == pytest.approx(expected, abs=1e-6)
    framed = [word[1] for text in shown["texts"] for word in text["words"] if word[5] in shown["outlined"]]
    assert framed == ["wonderful", "boring"]
    page.button(key="example_Sarcasm").click().run()
    assert page.text_area[0].value == second, "what was written stays when the first text changes"
    page.button(key="restart_second").click().run()
    assert page.text_area[0].value == page.session_state.review_text


@pytest.mark.parametrize("text", ["", "great", "?!", "\ud800 <b>&amp;</b> 😀", "word " * 20_000])
def test_any_text_can_be_compared(library: Path, text: str) -> None:
    page = open_page("reviews")
    page.session_state.review_text = text
    page.session_state.review_tab = "Compare"
    page.run()
    assert wait_for_maps(page)["cells"][0]["label"] == "luong, attention weights"
    page.radio(key="compare_mode").set_value(TWO_TEXTS).run()
    assert len(wait_for_maps(page, "compare_texts")["cells"]) == 2


@pytest.fixture
def loading_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine process that starts and never gets ready."""
    engine = Engine((sys.executable, "-c", "import sys; sys.stdin.read()"))
    for module in (state, reviews, review_sections, asking, column_lab):
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
    assert read_link(get_address(page))[1] == []
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
