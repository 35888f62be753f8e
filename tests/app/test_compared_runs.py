"""The section 'Compare runs' of the page Training."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.render.run_comparison_report import INTERVAL
from tests.app.visits import component_data, open_page, said, settle


def choose(page: AppTest, *names: str) -> AppTest:
    page.multiselect(key="compared_runs").set_value(list(names)).run()
    assert not page.exception
    return page


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption).replace("\\", "")


def test_chosen_networks_stand_side_by_side_with_one_text_in_each() -> None:
    page = open_page("training_page", review_text="A great film, not dull at all.")
    assert "Choose two to 6 runs" in captions(page)
    assert not page.dataframe
    page = settle(choose(page, "luong", "bilstm", "column"))
    table = page.dataframe[0].value
    assert table["run"].tolist() == ["luong", "bilstm", "column"]
    assert table["test accuracy"].tolist() == [0.7, 0.7, 0.7]
    assert table[INTERVAL].tolist()[0] == "60.4 to 78.1\N{NO-BREAK SPACE}%"
    assert "Their accuracies are not comparable, because the data or the answers differ: luong and bilstm" in said(page)
    assert "column: no network that reads texts (yet)." in captions(page)
    shown: dict[str, Any] = component_data(page, "maps")
    assert [cell["label"] for cell in shown["cells"]] == [
        f"{name}, {method}" for name in ("luong", "bilstm") for method in ("attention weights", "gradient × input")
    ]
    for name, cell in zip(("luong", "bilstm"), shown["cells"][1::2], strict=True):
        expected = attnviz.load(name).explain("A great film, not dull at all.", "gradient").probability
        assert cell["answer"]["probabilities"][1] == pytest.approx(expected, abs=1e-6)


def test_what_was_deleted_is_no_longer_chosen() -> None:
    page = open_page("training_page", compared_runs=["luong", "gone", "bilstm"])
    assert page.multiselect(key="compared_runs").value == ["luong", "bilstm"]
    page.multiselect(key="compared_methods").set_value([]).run()
    assert "none of them offers these scores" in captions(page)
    page.multiselect(key="compared_runs").set_value(["luong"]).run()
    assert not page.dataframe
