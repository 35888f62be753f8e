"""Scores that do not keep up with typing, in the part 'Compare': their cost is said first, and they wait for a click.

They would otherwise be computed anew for every text on the way to the one that is meant, and slow down the typing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from attnviz.engine.protocol import EstimateCost
from attnviz.languages import tr
from attnviz.render.comparison_report import describe_cost, name_slow_scores
from attnviz.ui.asking import show_answer
from attnviz.values.cost import Cost
from attnviz.values.methods import METHODS


class _Order(NamedTuple):
    """What a click asks for; another text or another choice needs another click."""

    models: tuple[str, ...]
    methods: tuple[str, ...]
    text: str


def pick_ready(models: Sequence[str], methods: Sequence[str], text: str) -> list[str]:
    """Those of the chosen methods that are to be computed now: the quick ones, and the others once they are ordered."""
    ordered = st.session_state.get("slow_ordered") == _order(models, methods, text)
    return [name for name in methods if METHODS[name].live or ordered]


def offer_slow(models: Sequence[str], methods: Sequence[str], text: str) -> None:
    """What the slow ones of the chosen methods cost, and a button that orders them.

    Args:
        models: the networks that offer any of them.
    """
    order = _order(models, methods, text)
    if order.models and order.methods and st.session_state.get("slow_ordered") != order:
        show_answer("compare_cost", _show_offer, EstimateCost(*order), order)


def _order(models: Sequence[str], methods: Sequence[str], text: str) -> _Order:
    return _Order(tuple(models), tuple(name for name in methods if not METHODS[name].live), text)


def _show_offer(cost: Cost | None, order: _Order) -> None:
    names = name_slow_scores(order.methods)
    waiting = tr("Finding out how long {scores} would take…", scores=names)
    st.markdown(waiting if cost is None else describe_cost(order.methods, cost))
    if st.button(tr("Compute {scores}", scores=names), key="slow_order", disabled=cost is None):
        st.session_state.slow_ordered = order
        st.rerun()
