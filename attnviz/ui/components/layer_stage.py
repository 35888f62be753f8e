"""The picture of a network's layers, in a box that scrolls by itself."""

from __future__ import annotations

from attnviz.ui.components import check_data, register_component

_layers = register_component("layers")


def show_layer_picture(picture: str, marks: str, *, key: str) -> None:
    """Show a picture.

    Args:
        picture: SVG. marks: what its marks mean.
        key: of the widget.
    """
    _layers(key=key, data=check_data({"picture": picture, "marks": marks}))
