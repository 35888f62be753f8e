"""The card of a text network: what it reads, learned and is weak at."""

from __future__ import annotations

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.evidence.network_record import describe_checkpoint
from attnviz.render.card_report import render_card, render_record
from attnviz.runs.checkpoint import Checkpoint
from attnviz.ui.corpus_evidence.measuring import find_summary
from attnviz.ui.state import get_checkpoint
from attnviz.values.corpus_measures import NetworkSummary
from attnviz.values.model_card import ModelCard


def show_card(card: ModelCard) -> None:
    """The record of a network that was trained here, or what was found in a brought one."""
    checkpoint = get_checkpoint(card)
    st.html(render_card(card) if checkpoint is None else render_record(_describe(checkpoint)))


def _describe(checkpoint: Checkpoint) -> list[tuple[str, str]]:
    return describe_checkpoint(checkpoint, _find(checkpoint))


def _find(checkpoint: Checkpoint) -> NetworkSummary | None:
    """What was measured; the page Evidence says what is wrong with files that cannot be read."""
    try:
        return find_summary(checkpoint)
    except AttnvizError:
        return None
