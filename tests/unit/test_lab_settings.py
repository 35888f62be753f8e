"""What the Column lab makes of a link, whatever it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.lab.controls import CONTROLS, RESHAPING, offered, read_link, read_settings, write_link
from attnviz.lab.tasks import TASKS, TaskSettings, default_settings

PARAMETERS = ["task", *(control.parameter for control in CONTROLS.values())]


def test_no_link_is_the_published_toy() -> None:
    assert read_link({}) == (TaskSettings(), [])


@pytest.mark.parametrize("task", TASKS)
def test_a_link_comes_back_as_it_was_written(task: str) -> None:
    settings = TaskSettings(**default_settings(task) | {"seed": 7, "temperature": 2.0, "epochs": 5})
    assert read_link(write_link(settings)) == (settings, [])


@pytest.mark.parametrize("task", TASKS)
def test_what_a_task_starts_with_is_offered(task: str) -> None:
    for name, value in default_settings(task).items():
        if name in CONTROLS and offered(TASKS[task], CONTROLS[name]):
            assert value in offered(TASKS[task], CONTROLS[name])


@pytest.mark.parametrize(
    ("link", "name", "value", "note"),
    [
        ({"column": "7"}, "attention_column", 3, "Attention column: 7 is not possible here; 3 is used."),
        ({"column": "-3"}, "attention_column", 0, "Attention column: -3 is not possible here; 0 is used."),
        ({"columns": "2", "column": "3"}, "attention_column", 1, "Attention column: 3 is not possible here; 1"),
        ({"columns": "99"}, "input_dim", 32, "Columns: 99 is not possible here; 32 is used."),
        ({"samples": "0"}, "n", 500, "Samples: 0 is not possible here; 500 is used."),
        ({"rate": "NaN"}, "learning_rate", 1e-3, "Learning rate: 'NaN' is no number; 0.001 is used."),
        ({"rate": "1e999"}, "learning_rate", 0.1, "Learning rate: 1e999 is not possible here; 0.1 is used."),
        ({"epochs": "abc"}, "epochs", 20, "Epochs: 'abc' is no number; 20 is used."),
        ({"epochs": "-inf"}, "epochs", 1, "Epochs: -inf is not possible here; 1 is used."),
        ({"noise": ""}, "noise", 0.0, "Noise: '' is no number; 0.0 is used."),
        ({"temperature": "0"}, "temperature", 0.1, "Temperature: 0 is not possible here; 0.1 is used."),
        ({"seed": "1e999"}, "seed", 2**32 - 1, "Seed: 1e999 is not possible here; 4294967295 is used."),
        ({"seed": "1.5"}, "seed", 1, "Seed: 1.5 is not possible here; 1 is used."),
        ({"task": "<b>"}, "task", "column", "There is no task '<b>'; this is 'One column is the answer'."),
        ({"task": "xor", "columns": "2"}, "input_dim", 3, "Columns: 2 is not possible here; 3 is used."),
    ],
)
def test_a_bad_value_gives_the_nearest_good_one_and_says_so(link: dict, name: str, value: Any, note: str) -> None:
    settings, notes = read_link(link)
    assert getattr(settings, name) == value
    assert len(notes) == 1
    assert notes[0].startswith(note)


@given(
    st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30) | st.floats().map(str) | st.integers().map(str))
)
def test_any_link_gives_settings(link: dict[str, str]) -> None:
    settings, _ = read_link(link)
    assert read_link(write_link(settings)) == (settings, [])


@given(
    st.dictionaries(
        st.sampled_from(["task", *CONTROLS]), st.none() | st.booleans() | st.floats() | st.lists(st.integers())
    )
)
def test_any_message_from_the_browser_gives_settings(values: dict[str, Any]) -> None:
    assert isinstance(read_settings(values)[0], TaskSettings)


def test_what_means_nothing_in_a_task_is_neither_read_nor_written() -> None:
    for task in ("none", "addition", "table"):
        settings, notes = read_link({"task": task, "column": "3", "noise": "0.5"})
        assert (settings, notes) == (TaskSettings(**default_settings(task)), [])
        assert write_link(settings).keys().isdisjoint({"column", "noise"})
    assert read_link({"task": "table", "samples": "178", "columns": "1"})[1] == [], "a table has its own sizes"


def test_an_unknown_parameter_is_left_alone() -> None:
    assert read_link({"utm_source": "mail"}) == (TaskSettings(), [])


def test_what_compiles_anew_is_what_has_a_shape() -> None:
    assert set(RESHAPING) == {"input_dim", "epochs", "n", "batch_size"}
