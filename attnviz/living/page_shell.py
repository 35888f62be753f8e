"""The HTML around a network that runs in the browser: one document, no request to anywhere that it does not allow.

Everything of it lies in attnviz/web. A text or a word of a vocabulary never becomes HTML or JavaScript here: it stands
in a block of JSON in which `<` is written as its code, and comes to the screen as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

import attnviz
from attnviz.languages import get_language
from attnviz.render.html import escape_text
from attnviz.web.linker import FOLDER, link, link_script
from attnviz.web.translation import translate_html

_ENDS_SCRIPT = re.compile(r"<(?=/script|!--|script)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageParts:
    """What differs from page to page.

    Attributes:
        title: of the document, any text.
        promise: in a sentence or more, what the page holds and whom it asks; any text.
        data: what live_page.js reads, as plain data.
        blocks: HTML that holds the weights, if they are in the page.
        picture: HTML that is shown where no JavaScript runs; '' for none.
        same_host: whether the page may load scripts that lie beside it.
    """

    title: str
    promise: str
    data: Mapping[str, Any]
    blocks: Iterable[str] = ()
    picture: str = ""
    same_host: bool = False


def render_shell(parts: PageParts) -> str:
    """The whole document."""
    script = get_script("live_page.js")
    return Template(read_part("live_page.html")).substitute(
        policy=write_policy(script, same_host=parts.same_host),
        version=attnviz.__version__,
        title=escape_text(parts.title),
        page_style=read_part("live_theme.css") + read_part("live_page.css"),
        review_style=read_part("review.css") + read_part("forced_colours.css"),
        review=read_part("review.html"),
        picture=parts.picture,
        promise=escape_text(parts.promise),
        blocks="\n".join(parts.blocks),
        data=write_block(parts.data),
        worker=get_worker(),
        script=script,
    )


def write_block(data: Any) -> str:
    """JSON for a block of a page: nothing in it can end the block, and it is ASCII, whatever letters it holds.

    Raises:
        ValueError: a NaN or an infinity, for which JSON has no word.
    """
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")


def get_script(entry: str) -> str:
    """The linked text of a module in the reader's language, as it may stand in a script element."""
    return _get_script(entry, get_language())


@cache
def _get_script(entry: str, language: str) -> str:
    return _keep_inside(link(entry, language=language))


@cache
def get_worker() -> str:
    """The text of the script that leaves words out beside the page; it says nothing to a reader."""
    return _keep_inside(link_script("leave_one_out_worker.js"))


def _keep_inside(script: str) -> str:
    """A script without what would end its element; in a string or a pattern `\\x3c` is the same letter."""
    return _ENDS_SCRIPT.sub(r"\\x3c", script)


def write_policy(script: str, *, same_host: bool = False) -> str:
    """The content security policy: this one script, WebAssembly, workers of the page's own making, nothing else.

    Styles may be inline because the strength of a word is one; pictures are made in the page (`blob:`, `data:`).
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    sources = "'self' " if same_host else ""
    return (
        f"default-src 'none'; script-src {sources}'sha256-{digest}' 'wasm-unsafe-eval'; worker-src blob:; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def read_part(file: str) -> str:
    """The HTML in the reader's language, or the CSS, of that name."""
    return _read_part(file, get_language())


@cache
def _read_part(file: str, language: str) -> str:
    text = (FOLDER / file).read_text(encoding="utf-8")
    return translate_html(text, language) if file.endswith(".html") else text
