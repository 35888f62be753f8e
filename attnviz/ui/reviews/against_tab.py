"""The tab 'You against the network': mark the words that you would base the answer on, then see the network's."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import streamlit as st

from attnviz.data.imdb import find_imdb, load_imdb
from attnviz.engine.protocol import Compare
from attnviz.errors import AttnvizError, SettingError
from attnviz.evidence.marking_study import MOST_TEXTS, MarkedText, build_frame, mark_text, summarise, write_study
from attnviz.languages import mark, tr, tr_n
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count
from attnviz.render.overlap_report import TRAP, describe_overlap, explain_measures, render_overlaps
from attnviz.ui.asking import show_answer
from attnviz.ui.components.marking_board import identify_text, show_marking
from attnviz.ui.door import MarksAsk, read_ask
from attnviz.ui.state import tell_why_no_answer
from attnviz.values.comparison import Comparison
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard

MARKING = "against_marks"
"""The key of the component."""

METHODS = ("attention", "gradient", "occlusion")
"""The first two of these that a network offers are laid beside the marks."""

QUESTION = mark(
    "Which words would **you** base the answer on? Mark them, then see which ones the attention and the gradient name. "
    "The first marks of a text count; a text is added to the study once."
)
SEEN = mark(
    "The highlight above has told you already what this network attended to: take a text that you haven't seen."
)


def show_against(answer: Explanation | None, card: ModelCard) -> None:
    """Show the text to mark, then the marks beside the scores, and the study of this session.

    Args:
        answer: to the text of the editor; None while there is none.
        card: of the network.
    """
    if answer is None:
        st.markdown(tell_why_no_answer())
        return
    st.markdown(tr(QUESTION))
    _offer_texts(card)
    unseen: str | None = st.session_state.get("against_text")
    st.caption(tr("A review of the test set, drawn at random.") if unseen else tr(SEEN))
    methods = tuple(name for name in METHODS if name in card.methods)[:2]
    show_answer("against", _show_board, Compare((answer.model,), methods, unseen or answer.text))


def _offer_texts(card: ModelCard) -> None:
    """Texts whose highlight is not on the screen: test reviews, where the archive is here."""
    if card.origin == "yours" or card.data or not _archive_is_here():
        return
    with st.container(horizontal=True):
        st.button(tr("A review that I haven't seen"), key="against_draw", on_click=_draw)
        if st.session_state.get("against_text"):
            st.button(tr("The text above"), key="against_own", on_click=_set, args=(None,))


def _archive_is_here() -> bool:
    try:
        return find_imdb() is not None
    except AttnvizError:
        return False


def _draw() -> None:
    try:
        texts = load_imdb(download=False).test.texts
    except AttnvizError as error:
        st.session_state.against_refused = str(error)
        return
    _set(texts[random.randrange(len(texts))].replace("<br />", "\n"))


def _set(text: str | None) -> None:
    st.session_state.against_text, st.session_state.against_refused = text, ""


def _show_board(found: Comparison | None) -> None:
    state = st.session_state
    if found is None:
        st.markdown(tr("The network reads the text…"))
        return
    state.against_read = found.explanations
    if refused := state.get("against_refused"):
        st.error(escape_markdown(refused))
    given = _find_marks(found.explanations)
    if len(found.explanations[0].tokens) < 2:
        st.markdown(tr("This text has fewer than two words that the network reads, so there is nothing to choose."))
    else:
        show_marking(found.explanations, given.marked if given else None, key=MARKING, on_ask=_marked)
    if given:
        _show_result(given, found.explanations)
    if study := _get_study():
        _show_study(study)


def _get_study() -> tuple[MarkedText, ...]:
    study: tuple[MarkedText, ...] = st.session_state.get("against_study", ())
    return study


def _find_marks(explanations: Sequence[Explanation]) -> MarkedText | None:
    """Those of this text and network, if they were given."""
    first = explanations[0]
    return next((one for one in _get_study() if (one.text, one.model) == (first.text, first.model)), None)


def _marked() -> None:
    """Somebody gave the marks; those of another text, which came late, are left aside."""
    state = st.session_state
    explanations, state.against_refused = state.get("against_read", ()), ""
    try:
        ask = read_ask(MARKING, MarksAsk)
        if ask and explanations and ask.of == identify_text(explanations[0]) and not _find_marks(explanations):
            _keep(mark_text(explanations, ask.marked))
    except SettingError as error:
        state.against_refused = str(error)


def _keep(marked: MarkedText) -> None:
    if len(_get_study()) >= MOST_TEXTS:
        raise SettingError(tr("A study holds {most} texts: take it away and begin another one.", most=MOST_TEXTS))
    st.session_state.against_study = (*_get_study(), marked)


def _show_result(given: MarkedText, explanations: Sequence[Explanation]) -> None:
    for one in explanations:
        st.markdown(f"**{escape_markdown(describe_overlap(given.overlaps, len(given.marked), one.method))}**")
    st.html(render_overlaps(given.overlaps))
    st.caption(explain_measures())
    st.caption(tr(TRAP))


def _show_study(study: Sequence[MarkedText]) -> None:
    st.markdown(
        tr_n(
            "**Your study: {n} text**, kept in this session only.",
            "**Your study: {n} texts**, kept in this session only.",
            len(study),
            n=format_count(len(study)),
        )
    )
    rows = summarise(study)
    if len(study) > 1:
        st.html(render_overlaps({name: mean for name, (mean, _) in rows.items()}, {k: n for k, (_, n) in rows.items()}))
        st.caption(tr("Means over your texts, all networks together; the table to take away tells them apart."))
    with st.container(horizontal=True):
        _offer_file("CSV", lambda: build_frame(study).to_csv(index=False))
        _offer_file("JSON", lambda: write_study(study))
        st.button(tr("Begin another study"), key="against_clear", on_click=_clear)
    st.caption(tr("The JSON file holds the texts and the marked words; the CSV file holds the numbers alone."))


def _offer_file(kind: str, write: Callable[[], str]) -> None:
    st.download_button(
        tr("Your answers as {kind}", kind=kind),
        lambda: write().encode("utf-8", "backslashreplace"),
        f"attnviz-marks.{kind.lower()}",
        key=f"against_{kind}",
        on_click="ignore",
    )


def _clear() -> None:
    st.session_state.against_study = ()
