"""The page Lessons: a prediction first, then what the networks do, computed at once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from attnviz.engine.protocol import Explain, FindAdversarialAttention, Operation, TrainTask
from attnviz.languages import tr
from attnviz.lessons.lesson_table import LESSONS, Case, ColumnCase, Lesson, WordCase
from attnviz.lessons.outcomes import Outcome, find_strongest, judge_column, judge_other_map, judge_word
from attnviz.render.html import render_explanation
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_list
from attnviz.ui.asking import find_answer, is_end_of_asking, show_answer
from attnviz.ui.glossary_list import show_glossary
from attnviz.ui.state import get_review_models
from attnviz.values.explanation import Explanation

PARAMETER = "lesson"


def show_page() -> None:
    """One of the lessons, case after case."""
    is_end_of_asking()  # of this page's own parts
    st.title(tr("Lessons"), anchor=False)
    st.markdown(tr("Predict, then check: what you expect of attention, and what the networks do. Nothing is recorded."))
    name = _choose()
    st.query_params[PARAMETER] = name
    lesson = LESSONS[name]
    st.header(tr(lesson.title), anchor=False)
    st.markdown(f"**{tr(lesson.question)}**")
    missing = {case.model for case in lesson.cases if not isinstance(case, ColumnCase)} - get_review_models().keys()
    if missing:
        names = join_list(sorted(missing))
        st.error(tr("This lesson needs networks that are not in the library: {names}.", names=names))
        return
    for number, case in enumerate(lesson.cases):
        _show_case(name, lesson, number, case)
    _show_end(name, lesson)
    show_glossary()


def _choose() -> str:
    asked = st.query_params.get(PARAMETER)
    names = list(LESSONS)
    return st.radio(
        tr("Lesson"),
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda name: tr(LESSONS[name].title),
        horizontal=True,
        help=tr("The address of this page leads to the lesson that is open: hand it out."),
        key="lesson_name",
        persist_state="session",
    )


def _predictions(name: str) -> dict[int, int]:
    """The predictions that were given for the cases of a lesson."""
    given: dict[str, dict[int, int]] = st.session_state.setdefault("lesson_predictions", {})
    return given.setdefault(name, {})


def _outcomes(name: str) -> dict[int, Outcome]:
    """What the checks of a lesson found."""
    found: dict[str, dict[int, Outcome]] = st.session_state.setdefault("lesson_outcomes", {})
    return found.setdefault(name, {})


def _show_case(name: str, lesson: Lesson, number: int, case: Case) -> None:
    given = _predictions(name)
    with st.container(border=True):
        st.markdown(f"**{number + 1}. {_name(case)}**")
        if isinstance(case, ColumnCase):
            st.markdown(tr(case.said))
        else:
            show_answer(f"lesson_{name}_{number}_text", _show_text, Explain(case.model, case.text, "attention"), case)
        _predict(name, number, lesson)
        if number in given:
            show_answer(f"lesson_{name}_{number}", _show_outcome, _get_check(case), name, number, case)


def _name(case: Case) -> str:
    return tr(case.title) if isinstance(case, ColumnCase) else f"{tr(case.title)} · {case.model}"


def _predict(name: str, number: int, lesson: Lesson) -> None:
    given = _predictions(name)
    choice = st.radio(
        tr("Your prediction for case {n}", n=number + 1),
        range(len(lesson.choices)),
        index=given.get(number),
        format_func=lambda place: tr(lesson.choices[place]),
        horizontal=True,
        disabled=number in given,
        key=f"lesson_choice_{name}_{number}",
    )
    waits = choice is None or number in given
    if (
        st.button(tr("Check"), key=f"lesson_check_{name}_{number}", disabled=waits, type="primary")
        and choice is not None
    ):
        given[number] = choice
        st.rerun()


def _show_text(found: Explanation | None, case: Case) -> None:
    if found is None:
        st.markdown(tr("Reading the text…"))
        return
    st.html(render_explanation(found))
    if isinstance(case, WordCase):
        word = escape_markdown(found.tokens[find_strongest(found)].text)
        st.markdown(tr("The word with the most attention is “{word}”.", word=word))


def _get_check(case: Case) -> Operation[Any]:
    if isinstance(case, ColumnCase):
        return TrainTask(case.settings)
    if isinstance(case, WordCase):
        return Explain(case.model, case.text, "occlusion")
    return FindAdversarialAttention(case.model, case.text)


def _show_outcome(found: Any, name: str, number: int, case: Case) -> None:
    if found is None:
        st.markdown(tr("Checking…"))
        return
    outcome = _judge(found, name, number, case)
    if outcome is None:
        return
    _outcomes(name)[number] = outcome
    was_right = outcome.right == _predictions(name).get(number)
    verdict = tr("As you predicted.") if was_right else tr("Not as you predicted.")
    st.markdown(f"**{verdict}** {escape_markdown(outcome.said)}")


def _judge(found: Any, name: str, number: int, case: Case) -> Outcome | None:
    if isinstance(case, ColumnCase):
        return judge_column(found, case.settings.attention_column)
    if isinstance(case, WordCase):
        attention = find_answer(f"lesson_{name}_{number}.attention", Explain(case.model, case.text, "attention"))
        return judge_word(attention, found) if attention else None
    return judge_other_map(found)


def _show_end(name: str, lesson: Lesson) -> None:
    given, found = _predictions(name), _outcomes(name)
    if len(given) < len(lesson.cases) or len(found) < len(lesson.cases):
        return
    right = sum(found[number].right == choice for number, choice in given.items())
    count = tr("{right} of {all} predictions were right.", right=right, all=len(lesson.cases))
    st.markdown(f"**{count}** {tr(lesson.moral)}")
    st.button(tr("Begin again"), on_click=_begin_again, args=(name,))


def _begin_again(name: str) -> None:
    given = _predictions(name)
    for number in given:
        st.session_state.pop(f"lesson_choice_{name}_{number}", None)
    given.clear()
    _outcomes(name).clear()
