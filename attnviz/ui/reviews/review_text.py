"""The text of the page Reviews: where it is kept between runs, and how other parts of the page put one in."""

from __future__ import annotations

import streamlit as st

from attnviz.data.examples import EXAMPLES
from attnviz.data.imdb import Split
from attnviz.languages import tr
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_count
from attnviz.render.phrases import join_sentences
from attnviz.text.edits import TokenEdit, build_edited_text
from attnviz.values.edited_text import EditedText


def start_text() -> None:
    """The first example on a first visit; otherwise what is there stays."""
    state = st.session_state
    state.setdefault("review_text", next(iter(EXAMPLES.values())))
    state.setdefault("review_revision", 0)
    state.setdefault("review_source", "")
    state.setdefault("review_edits", [])
    state.setdefault("review_at", 0)


def set_text(text: str, source: str = "") -> None:
    """Put a text into the editor.

    Args:
        source: where it comes from, in a sentence that the page shows until somebody types.
    """
    st.session_state.review_text = text.replace("\r\n", "\n").replace("\r", "\n")  # as every text box has it
    st.session_state.review_source = source
    st.session_state.review_revision += 1
    set_edits([], 0)


def set_edits(edits: list[TokenEdit], at: int) -> None:
    """Change the text for the network, not in the box.

    Args:
        edits: leave words out or replace them, one after the other.
        at: how many of them count; the others were undone.
    """
    st.session_state.review_edits = edits
    st.session_state.review_at = min(max(at, 0), len(edits))


def get_edited_text(at: int | None = None) -> EditedText:
    """The text that the network reads: that of the box after the edits that count, or after the first `at` ones."""
    state = st.session_state
    return build_edited_text(state.review_text, state.review_edits[: state.review_at if at is None else at])


def set_test_review(test: Split, index: int, place: str = "") -> None:
    """Put a review of the test set into the editor, with its stars in words.

    Args:
        place: a sentence that follows, e.g. which of the matches of a search it is.
    """
    label = "positive" if test.labels[index] else "negative"
    said = tr(
        "Test review {number} of the Large Movie Review Dataset; its author gave {stars} of 10 stars, so it counts as "
        "{label}.",
        number=format_count(index),
        stars=test.ratings[index],
        label=name_label(label),
    )
    set_text(test.texts[index].replace("<br />", "\n"), join_sentences(filter(None, [said, place])))


def make_printable(text: str) -> str:
    """A text for a box of Streamlit, which refuses half of a surrogate pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
