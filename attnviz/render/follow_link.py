"""The link to a word that is followed through a network: what it holds, and what is made of one from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from attnviz.languages import mark, tr
from attnviz.render.links import fits, pick_offered

MAX_DIGITS = 9
"""Of a place in a text: what is longer is none."""

NO_MODEL = mark("The link asks for the model {wanted}, which can't be followed here; it opened with {opened}.")


@dataclass(frozen=True, slots=True)
class FollowView:
    """What the page How it works shows.

    Attributes:
        model: a network whose attention can be followed.
        text: None for the one that is there already.
        word: where the followed word starts in the text; None for the one with the largest weight.
    """

    model: str
    text: str | None = None
    word: int | None = None


def read_follow_link(
    parameters: Mapping[str, str], models: Collection[str], default: str
) -> tuple[FollowView, list[str]]:
    """A view from anything, and in words what of the link could not be had.

    Args:
        parameters: the query parameters; what is missing gets the default, what is unknown is left alone.
        models: the networks that can be followed.
        default: one of them.
    """
    notes: list[str] = []
    model = pick_offered(parameters.get("model"), tuple(models), default, NO_MODEL, notes)
    word = parameters.get("word")
    place = int(word) if word and word.isascii() and word.isdigit() and len(word) <= MAX_DIGITS else None
    if word and place is None:
        notes.append(tr("The link names no place of a word; the word with the largest weight is followed."))
    return FollowView(model, parameters.get("text"), place), notes


def write_follow_link(view: FollowView) -> dict[str, str]:
    """A view as the query parameters of a link; the inverse of `read_follow_link` if the text fits into it.

    Without its text a link names no word either, which would be another text's.
    """
    if view.text is None or not fits(view.text):
        return {"model": view.model}
    word = {} if view.word is None else {"word": str(view.word)}
    return {"model": view.model, **word, "text": view.text}
