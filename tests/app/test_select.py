"""A choice outlives a change of the language, also where the browser still calls it as the language before did."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from attnviz.languages import using_language
    from attnviz.ui.select import select
    from attnviz.values.methods import METHODS

    with using_language(st.session_state.get("spoken", "ru")):
        chosen = select(
            "Method", ["attention", "gradient", "occlusion"], lambda name: METHODS[name].title, key="method"
        )
    st.text(chosen)


def say(at: AppTest, name: str, spoken: str = "ru") -> tuple[str, list[str]]:
    """What is chosen, and the names of the options, once the browser has said that name and the page speaks so."""
    states = WidgetStates()
    state = states.widgets.add()
    state.id, state.string_value = at.selectbox(key="method").proto.id, name
    at.session_state.spoken = spoken
    at._run(states)
    assert not at.exception
    return at.text[0].value, list(at.selectbox(key="method").proto.options)


@pytest.fixture
def opened() -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def test_a_choice_stays_when_its_name_changes(opened: AppTest) -> None:
    assert say(opened, "Градиент × вход") == ("gradient", ["Веса внимания", "Градиент × вход", "Без одного слова"])
    assert say(opened, "Градиент × вход", "zh")[0] == "gradient"
    assert say(opened, "梯度 × 输入", "zh") == ("gradient", ["注意力权重", "梯度 × 输入", "去掉一个词"])


def test_what_the_browser_says_late_is_understood_and_it_is_told_the_new_name(opened: AppTest) -> None:
    say(opened, "Градиент × вход")
    say(opened, "梯度 × 输入", "zh")
    assert say(opened, "Градиент × вход", "zh")[0] == "gradient"
    assert opened.selectbox(key="method").proto.raw_value == "梯度 × 输入"
    assert say(opened, "Без одного слова", "zh")[0] == "occlusion"


def test_what_is_no_name_in_any_language_is_the_first_option(opened: AppTest) -> None:
    assert say(opened, "nonsense")[0] == "attention"
