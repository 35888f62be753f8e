"""The examples of a network that learned a data set of one's own: test texts of that, stored with the network."""

from __future__ import annotations

import streamlit as st

from attnviz.languages import mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_sentences
from attnviz.ui.reviews.review_text import make_printable, set_text
from attnviz.ui.state import get_checkpoint
from attnviz.values.model_card import ModelCard

_BEGINNING = 28


def list_example_texts(card: ModelCard) -> list[str]:
    """The texts that were explained when the network was saved; none of one that carries none."""
    checkpoint = get_checkpoint(card)
    return list(dict.fromkeys(example.text for example in checkpoint.examples)) if checkpoint else []


def offer_example_texts(card: ModelCard) -> None:
    """A button for each, which begins as the text does; and what the network learned, for whoever did not train it."""
    st.caption(join_sentences(escape_markdown(tr(note)) for note in card.notes))
    with st.container(horizontal=True, vertical_alignment="center", key="own_texts"):
        for number, text in enumerate(texts := list_example_texts(card)):
            if number == 0:
                st.markdown(tr("Test texts") if len(texts) > 1 else tr("A test text"))
            name = escape_markdown(make_printable(_begin(text)))
            st.button(name, key=f"own_text_{number}", on_click=set_text, args=(text, tr(_SOURCE, data=card.data)))


_SOURCE = mark("A test text of the data set ‘{data}’, which the network did not learn from.")


def _begin(text: str) -> str:
    beginning = " ".join(text[: 4 * _BEGINNING].split())
    return beginning if len(beginning) <= _BEGINNING else f"{beginning[:_BEGINNING].rstrip()}…"
