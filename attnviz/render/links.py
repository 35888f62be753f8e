"""The link to a view of the page Reviews: what it holds, and what is made of one that came from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from attnviz.render.sentences import METHODS

MAX_TEXT = 1_500
"""Characters: a longer text stays out of the link, which browsers and mail programs would cut."""

DEFAULT_MODEL = "lstm-dot"
"""Its attention picks words out; that of `luong` is nearly even, as the page says under each review."""

Offered = Mapping[str, Sequence[str]]
"""The methods of each network of the library, the best known first."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: a network, a method that it offers, and a text (None: the one that is there already)."""

    model: str
    method: str
    text: str | None = None


def get_default_model(offered: Offered) -> str:
    """The network of a first visit; `offered` holds at least one."""
    return DEFAULT_MODEL if DEFAULT_MODEL in offered else next(iter(offered))


def read_link(parameters: Mapping[str, str], offered: Offered) -> tuple[View, list[str]]:
    """A view from anything, and in words what of the link could not be had.

    Args:
        parameters: the query parameters; what is missing gets the default, what is unknown is left alone.
        offered: the networks that there are, at least one.
    """
    notes = []
    model = wanted = parameters.get("model", get_default_model(offered))
    if model not in offered:
        model = get_default_model(offered)
        notes.append(f"The link asks for the model {_quote(wanted)}, which is not here; it opened with {model}.")
    method = wanted = parameters.get("method", offered[model][0])
    if method not in offered[model]:
        method = offered[model][0]
        notes.append(
            f"The link asks for the method {_quote(wanted)}, which {model} does not offer; "
            f"it opened with ‘{METHODS[method]}’."
        )
    return View(model, method, parameters.get("text")), notes


def write_link(view: View) -> dict[str, str]:
    """A view as the query parameters of a link; the inverse of `read_link` if the text fits into it."""
    link = {"model": view.model, "method": view.method}
    return link | {"text": view.text} if view.text is not None and fits(view.text) else link


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
    return f"‘{name if len(name) <= 40 else f'{name[:40]}…'}’"
