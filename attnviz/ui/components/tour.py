"""The guided tour of the page Reviews: once on a first visit, and again for whoever asks."""

from __future__ import annotations

from functools import partial

from attnviz.ui.components import register_component
from attnviz.web.linker import link_borrower

_tour = register_component("tour", link_code=partial(link_borrower, "tour.js", "review_editor.js"))


def show_tour() -> None:
    """Show the button that begins the tour; on a visitor's first visit it begins by itself."""
    _tour(key="tour", data={})
