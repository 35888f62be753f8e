"""A mark at what has just come onto the page: the browser brings it into view, once."""

from __future__ import annotations

from attnviz.ui.components import check_data, register_component

_arrival = register_component("arrival")


def show_arrival(name: str) -> None:
    """Bring this place of the page into view.

    Args:
        name: of what came; another one is brought into view again.
    """
    _arrival(key="arrival", data=check_data({"name": name}))
