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


def move(page: AppTest, **values: Any) -> dict[str, Any]:
    """Set sliders as the browser does; what the lab shows then."""
    shown = component_data(page)
    ask = {"values": {**shown["values"], **values}, "seq": shown["answered"] + 1, "repeat": False, "settled": True}
    send(page, "lab", json.dumps({"ask": ask}))
    assert not page.exception
    return component_data(page)


def test_the_lab_finds_the_planted_column_and_lists_369_parameters() -> None:
    page = open_lab()
    before = component_data(page)["result"]["run"]
    shown = move(page, attention_column=3)
    assert (shown["result"]["attention_column"], shown["answered"]) == (3, 1)
    assert max(range(4), key=shown["result"]["attention"][-1].__getitem__) == 3
    assert shown["result"]["sentence"].startswith("Attention told the truth here")
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


@pytest.mark.usefixtures("loading_engine")
def test_while_the_engine_loads_the_lab_says_so() -> None:
    shown = component_data(open_lab())
    assert (shown["state"], shown["result"]) == ("loading", None)
    assert "Loading the network" in shown["message"]
