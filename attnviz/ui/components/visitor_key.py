"""Keeps the key of a visitor in his browser, so that a reload finds his models again."""

from __future__ import annotations

from attnviz.runs.own_sweep import VISITOR_HOURS
from attnviz.ui.components import check_data, register_component
from attnviz.ui.owner import COOKIE, get_owner

_visitor = register_component("visitor")


def keep_key() -> None:
    """Let the browser keep the key for as long as his models are kept."""
    _visitor(key="visitor", data=check_data({"name": COOKIE, "key": get_owner(), "seconds": VISITOR_HOURS * 3600}))
