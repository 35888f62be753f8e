"""The part 'Attention heads' of the page Reviews."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from attnviz.engine.protocol import ReadAttentionRows, SketchAttention
from attnviz.errors import SettingError
from attnviz.languages import get_language, mark, tr
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_or, join_sentences
from attnviz.ui.asking import find_answer, show_answer
from attnviz.ui.components.attention_heads import (
    AskedMap,
    describe_heads,
    describe_maps,
    describe_sketch,
    list_first,
    show_attention_heads,
)
from attnviz.ui.state import get_review_models, tell_why_no_answer
from attnviz.values.attention import Reduction
from attnviz.values.attention_sketch import AttentionRows, AttentionSketch
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import from_plain

PATIENCE_SECONDS = 0.25
"""So long a choice waits for its map; the engine has it at hand, and looking again later would take longer."""

READING = mark("Reading all attention weights…")
TOO_SHORT = mark("Attention is shared out over words: a map needs two words or more.")


def show_heads(answer: Explanation | None, card: ModelCard) -> None:
    """Show all attention weights of a text, where a word has several.

    Args:
        answer: None while there is none.
        card: of the network.
    """
    if not card.has_several_maps:
        st.markdown(_tell_why_no_heads(card))
    elif answer is None:
        st.markdown(tell_why_no_answer())
    elif len(answer.tokens) < 2:
        st.markdown(tr(TOO_SHORT))
    else:
        with st.container(key="heads_follows"):
            show_answer("heads", _show_maps, SketchAttention(answer.model, answer.text), answer)


def _tell_why_no_heads(card: ModelCard) -> str:
    has = (
        tr("This network has one attention weight a word, and the highlight above shows them all.")
        if "attention" in card.methods
        else tr("This network has no attention.")
    )
    others = [name for name, item in get_review_models().items() if item.has_several_maps]
    if not others:
        return has
    return join_sentences([has, tr("Choose {networks} as the model to see several maps.", networks=join_or(others))])


def _show_maps(sketch: AttentionSketch | None, answer: Explanation) -> None:
    if sketch is None:
        st.markdown(tr(READING))
        show_attention_heads(None, answer.model, key="heads")
        return
    number, described = _describe_once(sketch, answer)
    asked = _read_asked(answer.model)
    holds = asked is not None and asked.sketch == number
    rows = _find_rows(sketch, answer, asked, holds)
    st.markdown(f"**{escape_markdown(describe_maps(sketch))}**")
    heads = describe_heads(number, None if holds else described, rows or (), answer)
    show_attention_heads(heads, answer.model, key="heads")


def _describe_once(sketch: AttentionSketch, answer: Explanation) -> tuple[int, dict[str, Any]]:
    """The number of a sketch, and the sketch as data: made once a text and language, whatever is chosen then."""
    made, language = st.session_state.get("heads_sketch"), get_language()
    if made is None or made[0] is not sketch or made[3] != language:
        number = 1 if made is None else made[1] + 1
        st.session_state.heads_sketch = made = sketch, number, describe_sketch(sketch, answer), language
    return made[1], made[2]


def _read_asked(model: str) -> AskedMap | None:
    """What the browser wants to look at; None if it has not said, or meant another network."""
    plain = (st.session_state.get("heads") or {}).get("asked")
    if plain is None:
        return None
    try:
        asked = from_plain(AskedMap, plain, "choice of a map")
    except SettingError:  # of a page that was loaded before the server was started anew
        return None
    return asked if asked.model == model else None


def _find_rows(
    sketch: AttentionSketch, answer: Explanation, asked: AskedMap | None, holds: bool
) -> tuple[AttentionRows, ...] | None:
    """What is looked at: of a new text the map that was looked at before; a single row a map is in the sketch."""
    if not sketch.is_matrix:
        return ()
    if asked is not None and holds:
        operation = ReadAttentionRows(answer.model, answer.text, (asked.how,), asked.rows, asked.tokens)
    else:
        last = replace(asked.how, query=None) if asked else Reduction()
        operation = ReadAttentionRows(answer.model, answer.text, list_first(sketch, last))
    return find_answer("heads.rows", operation, PATIENCE_SECONDS)
