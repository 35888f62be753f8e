"""What columns of the tables of reviews mean."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.languages import tr
from attnviz.render.glossary import GLOSSARY
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.render.phrases import join_sentences


def explain_probability(labels: Sequence[str]) -> str:
    """What the probability in a table of reviews is, in Markdown: of the last of two labels, or of the answer."""
    if len(labels) != 2:
        return tr("That the review has the label, says the network.")
    return tr("That the review is {label}, says the network.", label=escape_markdown(name_label(labels[-1])))


def explain_loss() -> str:
    """What the loss of a review is."""
    return join_sentences([tr(GLOSSARY["Loss"]), tr("More than 16.1 is not counted.")])
