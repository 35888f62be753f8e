"""The names of classes as a reader sees them."""

from __future__ import annotations

from attnviz.languages import mark, tr

_SHIPPED = frozenset(
    {
        *(mark("negative"), mark("positive")),
        *(mark("1-2 stars"), mark("3-4 stars"), mark("7-8 stars"), mark("9-10 stars")),
    }
)
"""Those of the shipped networks; whoever brings classes named them in a language of his own."""


def name_label(label: str) -> str:
    """The name of a class in the reader's language, if attnviz named it."""
    return tr(label) if label in _SHIPPED else label
