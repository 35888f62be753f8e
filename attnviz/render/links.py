"""The link to a view of the page Reviews: what it holds, and what is made of one that came from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode, urlsplit

from attnviz.languages import mark, tr
from attnviz.render.phrases import quote
from attnviz.values.methods import METHODS

MAX_TEXT = 1_500
"""Characters: a longer text stays out of the link, which browsers and mail programs would cut."""

DEFAULT_MODEL = "word-additive"
"""Its weights are the words' own, and it needs them: even ones instead cost it 25 points of accuracy."""


Name = TypeVar("Name", str, str | None)


class Offer(NamedTuple):
    """What a network of the library offers: its methods, the best known first, and the names of its classes."""

    methods: Sequence[str]
    labels: Sequence[str] = ()


Offered = Mapping[str, Offer]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows.

    Attributes:
        model, method: a network, and a method that it offers.
        text: None for the one that is there already.
        label: the class that is explained; None for the network's own choice.
    """

    model: str
    method: str
    text: str | None = None
    label: str | None = None


def get_default_model(offered: Offered) -> str:
    """The network of a first visit; `offered` holds at least one."""
    return DEFAULT_MODEL if DEFAULT_MODEL in offered else next(iter(offered))


def read_link(parameters: Mapping[str, str], offered: Offered) -> tuple[View, list[str]]:
    """A view from anything, and in words what of the link could not be had.

    Args:
        parameters: the query parameters; what is missing gets the default, what is unknown is left alone.
        offered: the networks that there are, at least one.
    """
    notes: list[str] = []
    model = pick_offered(parameters.get("model"), tuple(offered), get_default_model(offered), NO_MODEL, notes)
    methods, labels = offered[model]
    method = pick_offered(parameters.get("method"), methods, methods[0], NO_METHOD, notes, model=model)
    label = pick_offered(parameters.get("label"), (*labels, None), None, NO_CLASS, notes, model=model)
    return View(model, method, parameters.get("text"), label), notes


NO_MODEL = mark("The link asks for the model {wanted}, which is not here; it opened with {opened}.")
NO_METHOD = mark("The link asks for the method {wanted}, which {model} does not offer; it opened with {opened}.")
NO_CLASS = mark("The link asks for the class {wanted}, which {model} does not offer; it opened with {opened}.")


def pick_offered(
    wanted: str | None, valid: Sequence[Name], default: Name, lacking: str, notes: list[str], **values: str
) -> Name:
    """What a link asks for if it can be had, else the default, and a sentence more in `notes`.

    Args:
        lacking: that sentence, with places for what is wanted and what is opened, and for the other values.
    """
    found = next((name for name in valid if wanted is not None and name == wanted), default)
    if wanted is not None and found != wanted:
        opened = tr("the usual one") if default is None else _get_title(default)
        notes.append(tr(lacking, wanted=_quote(wanted), opened=opened, **values))
    return found


def _get_title(name: str) -> str:
    return quote(METHODS[name].title) if name in METHODS else name


def write_link(view: View) -> dict[str, str]:
    """A view as the query parameters of a link; the inverse of `read_link` if the text fits into it."""
    text = view.text if view.text is not None and fits(view.text) else None
    link = {"model": view.model, "method": view.method, "label": view.label, "text": text}
    return {name: value for name, value in link.items() if value is not None}


def write_address(page: str, view: View) -> str:
    """The whole link, to be opened or sent.

    Args:
        page: the address of the page, with or without a query.
    """
    parts = urlsplit(page)
    return parts._replace(path=parts.path or "/", query=urlencode(write_link(view)), fragment="").geturl()


def fits(text: str) -> bool:
    """Whether a link can hold the text; half of a character that needs two codes has no place in an address."""
    return len(text) <= MAX_TEXT and not any("\ud800" <= character <= "\udfff" for character in text)


def _quote(name: str) -> str:
    return quote(name if len(name) <= 40 else f"{name[:40]}…")
