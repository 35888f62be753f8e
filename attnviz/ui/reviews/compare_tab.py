"""The part 'Compare' of the page Reviews: networks and methods on one text, or two texts with one network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from attnviz.engine.protocol import CompareTexts
from attnviz.languages import mark, tr
from attnviz.render.comparison_report import describe_change
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_and
from attnviz.render.sentences import explain_methods
from attnviz.ui.asking import show_answer
from attnviz.ui.compared_maps import SPACE, show_compared_maps
from attnviz.ui.components.text_maps import describe_texts, show_maps
from attnviz.ui.reviews.review_text import make_printable
from attnviz.ui.reviews.slow_scores import offer_slow, pick_ready
from attnviz.ui.select import select
from attnviz.ui.state import get_review_models, tell_why_no_answer
from attnviz.values.comparison import TextComparison
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS, pick_typed
from attnviz.values.model_card import ModelCard

ONE_TEXT, TWO_TEXTS = mark("One text, several networks and methods"), mark("Two texts, one network")
MOST_NETWORKS = 8
START_METHODS = ["attention", "gradient"]


def show_compare(answer: Explanation | None) -> None:
    """Show maps side by side.

    Args:
        answer: to the text of the editor; None while there is none.
    """
    if answer is None:
        st.html(SPACE.format(tell_why_no_answer()))
        return
    modes = [ONE_TEXT, TWO_TEXTS]
    mode = st.radio(
        tr("What to compare"),
        modes,
        format_func=tr,
        key="compare_mode",
        horizontal=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(key="compare_follows"):
        if mode == ONE_TEXT:
            _compare_maps(answer, get_review_models())
        else:
            _compare_texts(answer, get_review_models())


def _compare_maps(answer: Explanation, models: dict[str, ModelCard]) -> None:
    left, right = st.columns(2)
    one = _follow("models", _choose_models(answer.model, models))
    start = [name for name in one.start if name in models]  # a network may have been deleted meanwhile
    one.last = chosen = left.multiselect(tr("Networks"), models, start, key=one.key, max_selections=MOST_NETWORKS)
    offered = [name for name, row in METHODS.items() if row.is_installed]
    two = _follow("methods", START_METHODS)
    two.last = methods = right.multiselect(
        tr("Scores"), offered, two.start, key=two.key, format_func=_get_title, help=explain_methods(offered)
    )
    if absent := [tr(row.missing) for row in METHODS.values() if row.missing]:
        right.caption(escape_markdown(f"{'. '.join(absent)}."))
    offer_slow(chosen, methods, answer.text)
    ready = pick_ready(chosen, methods, answer.text)
    if any(method in models[name].methods for name in chosen for method in ready):
        show_compared_maps("compare", chosen, ready, answer.text)
    elif ready == methods:
        st.markdown(_say_what_is_missing(chosen, methods))


def _choose_models(current: str, models: dict[str, ModelCard]) -> list[str]:
    """The network of the editor, another one with attention, and one without."""
    attending = [name for name, item in models.items() if "attention" in item.methods and name != current]
    without = [name for name, item in models.items() if "attention" not in item.methods and name != current]
    return [current, *attending[:1], *without[:1]]


def _say_what_is_missing(chosen: Sequence[str], methods: Sequence[str]) -> str:
    if not chosen or not methods:
        return tr("Choose at least one network and one kind of scores.")
    return tr(
        "{networks} has no attention: choose another network or another kind of scores.", networks=join_and(chosen)
    )


def _compare_texts(answer: Explanation, models: dict[str, ModelCard]) -> None:
    left, right = st.columns(2)
    names = list(models)
    one = _follow("network", answer.model)
    index = names.index(one.start) if one.start in names else names.index(answer.model)
    one.last = model = left.selectbox(tr("Network"), names, index, key=one.key)
    offered = pick_typed(models[model].methods)
    two = _follow(f"scores_{'-'.join(offered)}", answer.method if answer.method in offered else offered[0])
    index = offered.index(two.start)
    two.last = method = select(
        tr("Scores"), offered, _get_title, within=right, index=index, key=two.key, help=explain_methods(offered)
    )
    first = make_printable(answer.text)
    text = _follow("second", first)
    text.last = second = st.text_area(
        tr("Second text"),
        text.start,
        key=text.key,
        height=140,
        help=tr(
            "The first text is the one in the editor above. Words are compared as the network reads them: in lower "
            "case, without punctuation. Ctrl+Enter when you are done."
        ),
    )
    st.button(tr("Start again from the first text"), key="restart_second", on_click=text.restart, args=(first,))
    show_answer("compare_texts", _show_texts, CompareTexts(model, method, first, second))


def _show_texts(found: TextComparison | None) -> None:
    state = st.session_state
    if found is not None:
        state.texts_shown = found
    if "texts_shown" not in state:
        st.html(SPACE.format(tr("Explaining both texts…")))
        return
    compared: TextComparison = state.texts_shown
    st.markdown(describe_change(compared.first, compared.second, compared.changed))
    show_maps(describe_texts(compared), stale=found is None, key="two_maps")


@dataclass
class _Choice:
    """What a widget of this part starts from, and what it was left at.

    A widget gets its value as its start and never through the session's state: such a value is lost when a run of the
    page is cut short by a newer one. A new start needs a new key.
    """

    name: str
    suggested: Any
    start: Any
    last: Any
    revision: int = 0

    @property
    def key(self) -> str:
        """The key of the widget."""
        return f"maps_{self.name}_{self.revision}"

    def restart(self, start: Any) -> None:
        """Begin anew from a suggestion."""
        self.suggested = self.start = self.last = start
        self.revision += 1


def _follow(name: str, suggestion: Any) -> _Choice:
    """A widget's choice: what the page suggests until the reader chooses something else, and then that.

    Args:
        suggestion: when it changes, a widget that was not touched goes along.
    """
    fresh = _Choice(name, suggestion, suggestion, suggestion)
    choice: _Choice = st.session_state.setdefault(f"compare_{name}", fresh)
    if choice.last == choice.suggested != suggestion:
        choice.restart(suggestion)
    elif choice.key not in st.session_state:  # it was out of sight, and Streamlit has forgotten it
        choice.start = choice.last
    return choice


def _get_title(method: str) -> str:
    return METHODS[method].title
