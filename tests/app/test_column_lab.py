"""The page Column lab."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from attnviz.lab.controls import read_link
from tests.app.visits import component_data, get_address, open_page, send


def open_lab(**link: str) -> AppTest:
    return open_page("column_lab.lab_page", link)


def move(page: AppTest, repeat: bool = False, **values: Any) -> dict[str, Any]:
    """Set sliders as the browser does; what the lab shows then."""
    shown = component_data(page)
    ask = {"values": {**shown["values"], **values}, "seq": shown["answered"] + 1, "repeat": repeat, "settled": True}
    send(page, "lab", json.dumps({"ask": ask}))
    assert not page.exception
    return component_data(page)


def test_the_lab_finds_the_planted_column_and_lists_369_parameters() -> None:
    page = open_lab()
    before = component_data(page)["result"]["run"]
    shown = move(page, attention_column=3)
    assert (shown["result"]["attention_column"], shown["answered"]) == (3, 1)
    assert max(range(4), key=shown["result"]["attention"][-1].__getitem__) == 3
    assert shown["result"]["verdict"] == "Attention told the truth here"
    assert shown["result"]["use"]["share"][3] > 0.9, "what it uses is that column, too"
    assert shown["result"]["run"] == before + 1
    assert page.dataframe[1].value["parameters"].sum() == 369


def test_the_lab_keeps_the_planted_column_within_the_columns() -> None:
    page = open_lab(column="3")
    shown = move(page, input_dim=2)
    assert (shown["result"]["attention_column"], len(shown["result"]["attention"][-1])) == (1, 2)


def test_the_same_settings_are_not_trained_again() -> None:
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
def test_a_bad_link_is_mended_and_told(link: dict[str, str], note: str) -> None:
    page = open_lab(**link)
    shown = component_data(page)
    assert (shown["state"], shown["notes"]) == ("ready", [note])
    assert read_link(get_address(page))[1] == []
    assert move(page, seed=1)["notes"] == [], "the message goes when something is changed"


def test_a_sequence_task_comes_with_its_own_defaults_and_the_inside_of_its_network() -> None:
    page = open_lab(task="addition", samples="500", epochs="2")
    shown = component_data(page)
    assert (shown["values"]["input_dim"], shown["values"]["learning_rate"]) == (10, 0.01)
    assert shown["result"]["place"] == "step"
    assert [sum(truth) for truth in shown["result"]["samples"]["truth"]] == [2] * 6
    assert "h_t = \\mathrm{LSTM}" in " ".join(latex.value for latex in page.latex)
    places = page.dataframe[0].value
    assert places["weight"].sum() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(places["product"], places["input"] * places["weight"], atol=1e-5)


def test_a_sample_that_is_gone_gives_way_to_the_last_one() -> None:
    page = open_lab(samples="1000", epochs="2")
    page.number_input(key="inside_sample").set_value(200).run()
    move(page, n=500)
    assert not page.exception
    assert page.number_input(key="inside_sample").value == 100


def test_the_lab_gives_its_link_and_its_script_away() -> None:
    page = open_lab(task="xor", column="2", seed="5", samples="500", epochs="2")
    link, script = (block.value for block in page.code)
    assert "task=xor&column=2&columns=4" in link
    assert "train_task" in script
    assert "seed=5" in script


def test_without_a_signal_nothing_is_marked_and_no_column_is_to_be_chosen() -> None:
    shown = component_data(open_lab(task="none", samples="500", epochs="2"))
    result = shown["result"]
    assert (result["marks"], result["score"], result["chance"]) == ({}, None, None)
    assert result["verdict"] == "There is no truth to find here"
    (task,) = (task for task in shown["tasks"] if task["name"] == "none")
    assert [control["name"] for control in task["controls"] if not control["used"]] == ["attention_column", "noise"]


def test_seeds_come_in_rounds_and_each_can_be_looked_at() -> None:
    page = open_lab(samples="500", epochs="2", seed="3")
    first = move(page, repeat=True)["result"]["spread"]
    assert (first["seeds"], first["total"]) == ([3, 4], 20)
    shown = move(page, repeat=True)["result"]
    assert shown["spread"]["seeds"] == [3, 4, 5, 6]
    assert shown["spread"]["attention"][0] == pytest.approx(shown["attention"][-1], abs=1e-5)
    looked = move(page, seed=5)["result"]
    assert looked["seed"] == 5
    assert looked["spread"]["attention"][2] == pytest.approx(looked["attention"][-1], abs=1e-5)
    assert move(page, seed=50)["result"]["spread"] is None, "that seed is none of them"
    assert move(page, seed=5)["result"]["spread"]["seeds"] == [3, 4, 5, 6], "nothing is lost"
    assert move(page, temperature=2.0)["result"]["spread"] is None


def write_table(rows: int = 120) -> bytes:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3)).round(4).tolist()
    lines = [f"{a},{b},{c},id{at},{'up' if b > 0 else 'down'}" for at, (a, b, c) in enumerate(x)]
    return "\n".join(["left,cause,right,name,answer", *lines]).encode()


def unescape(markdown: str) -> str:
    return markdown.replace("\\", "")


def bring(page: AppTest, data: bytes) -> None:
    page.file_uploader[0].upload("mine.csv", data, "text/csv").run()
    assert not page.exception


def test_a_table_of_ones_own_is_trained_on_and_compared_with_what_is_used() -> None:
    page = open_lab(task="table")
    assert not page.get("bidi_component"), "there is nothing to train on yet"
    bring(page, write_table())
    shown = component_data(page)
    result = shown["result"]
    assert result["names"] == ["left", "cause", "right"]
    assert [task["name"] for task in shown["tasks"]] == ["table"]
    assert max(range(3), key=result["use"]["share"].__getitem__) == 1
    assert "of 24 held-out rows right (always the same answer" in result["fact"]
    assert "“cause” most" in result["sentence"]
    assert "Not read: 'name' holds 'id0' in line 2" in unescape(" ".join(caption.value for caption in page.caption))
    assert "train_table" in page.code[1].value
    assert page.dataframe[0].value["column"].tolist() == ["left", "cause", "right"]
    after = move(page, temperature=2.0)["result"]
    assert after["run"] == result["run"] + 1
    assert component_data(page)["notes"] == [], "the sizes are those of the table"
    page.multiselect[0].set_value(["cause", "left"]).run()
    assert component_data(page)["result"]["names"] == ["cause", "left"]


def test_without_a_table_nobody_asks_for_one() -> None:
    page = open_lab(samples="500", epochs="2")
    shown = move(page, task="table")
    assert (shown["state"], shown["values"]["task"]) == ("ready", "column")


def test_a_table_that_is_refused_takes_nothing_away() -> None:
    page = open_lab(task="table")
    bring(page, write_table())
    page.multiselect[0].set_value(["cause"]).run()
    assert "columns to read of mine.csv is 1; 2 to 32" in unescape(page.error[0].value)
    assert component_data(page)["result"]["names"] == ["left", "cause", "right"], "the run stays"
    (another,) = (button for button in page.button if button.label == "Another table")
    another.click().run()
    bring(page, b"a,b,c\n1,2,3\n")
    assert "rows of mine.csv is 1; 100 to 10,000" in unescape(page.error[0].value)
    assert component_data(page)["result"]["names"] == ["left", "cause", "right"]
    (back,) = (button for button in page.button if button.label == "Keep the table from before")
    back.click().run()
    assert not page.exception
    assert page.multiselect[0].value == ["left", "cause", "right"]


def test_the_planted_answers_keep_their_settings_beside_a_table() -> None:
    page = open_lab(task="xor", column="2", samples="500", epochs="2")
    page.segmented_control[0].set_value("table_lab").run()
    bring(page, write_table())
    page.segmented_control[0].set_value("column_lab").run()
    assert not page.exception
    shown = component_data(page)
    assert (shown["values"]["task"], shown["result"]["attention_column"]) == ("xor", 2)


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_lab_says_so() -> None:
    shown = component_data(open_lab())
    assert (shown["state"], shown["result"]) == ("loading", None)
    assert "Loading the network" in shown["message"]
