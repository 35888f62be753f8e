"""The tab 'Share and export' of the page Reviews: a link to the view, and the answer as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.languages import get_language, mark, tr, using_language
from attnviz.living.live_networks import pack_checkpoint, render_live_answer
from attnviz.living.live_page import LiveNetwork, measure_live_page
from attnviz.living.network_file import Dtype, NotExportable
from attnviz.render.html import render_document
from attnviz.render.links import MAX_TEXT, fits, write_address
from attnviz.render.numerals import format_count
from attnviz.render.training_report import format_size
from attnviz.runs.provenance import get_provenance, write_explanation
from attnviz.ui.reviews.choices import Choice
from attnviz.ui.state import get_checkpoint, get_own_model
from attnviz.values.explanation import Explanation
from attnviz.values.model_card import ModelCard

FILES = {
    "html": mark(
        "A page that works offline: point at a word, or walk by arrow keys, to see its score, rank and share."
    ),
    "csv": mark(
        "A table with a row for each word: the word, where it stands in the text, whether it is known, its score."
    ),
    "json": mark(
        "The same and the answer, with what made them: the network's sha256, its training, the versions in use."
    ),
}
"""The kinds of file, each with a sentence."""

_LIVING = mark(
    "A page in which one goes on typing, without this server or any other: it works from a file, and it has {network} "
    "in it, {size} in all."
)
_HALVED = mark(
    "Each weight is rounded to 16 bits. On the example reviews, that moves the probabilities of the networks that ship "
    "by at most 0.0002."
)


def show_take_away(choice: Choice, answer: Explanation | None) -> None:
    """Offer the link and the files of an answer; None while there is none."""
    if answer is None:
        st.markdown(tr("There is something to take away once the network has answered this text."))
        return
    _show_link(choice, answer)
    st.markdown(tr("**The files** are about the text and the answer above."))
    writers = get_writers(choice.card, answer)
    for kind, about in FILES.items():
        button, words = st.columns([1, 3], vertical_alignment="center")
        button.download_button(
            tr("Download {kind}", kind=kind.upper()),
            writers[kind],
            f"attnviz-{answer.model}-{answer.method}.{kind}",
            key=f"download_{kind}",
            on_click="ignore",
            width="stretch",
        )
        words.caption(tr(about))
    _show_living_page(choice.card, answer)
    st.caption(tr("The highlighted review as a picture, SVG or PNG: the buttons are under the highlight."))


def _show_living_page(card: ModelCard, answer: Explanation) -> None:
    """Offer the page that holds the network, with its size; or say why there is none."""
    button, words = st.columns([1, 3], vertical_alignment="center")
    halved = words.checkbox(tr("16-bit weights: half the size"), key="live_float16", help=tr(_HALVED))
    try:
        network = _pack(card, "float16" if halved else "float32")
    except AttnvizError as error:
        words.caption(tr("No living page: {reason}", reason=error))
        return
    size = format_size(measure_live_page(network, answer.text))
    words.caption(tr(_LIVING, network=network.name, size=size))
    button.download_button(
        tr("Download living page"),
        _encode(lambda: render_live_answer(network, answer)),
        f"attnviz-{answer.model}-live.html",
        key="download_live",
        on_click="ignore",
        width="stretch",
    )


def _pack(card: ModelCard, dtype: Dtype) -> LiveNetwork:
    if checkpoint := get_checkpoint(card):
        return pack_checkpoint(checkpoint, dtype)
    raise NotExportable(tr("{model} is not a network of the table, so it answers from the server.", model=card.name))


def get_writers(card: ModelCard, answer: Explanation) -> Mapping[str, Callable[[], bytes]]:
    """What writes each kind of file; a file is made when it is asked for.

    UTF-8 has no place for half of a character that needs two codes; it is written as its code.
    """
    texts: dict[str, Callable[[], str]] = {
        "html": lambda: "".join(render_document([answer])),
        "csv": lambda: answer.to_frame().to_csv(index=False),
        "json": lambda: _write_json(card, answer),
    }
    return {kind: _encode(write) for kind, write in texts.items()}


def _write_json(card: ModelCard, answer: Explanation) -> str:
    """With what made the answer; of a model that a function made (`attnviz app --model`) no file can be named."""
    source = get_checkpoint(card) or get_own_model(card)
    return write_explanation(answer, get_provenance(source), indent=2) if source else answer.to_json(indent=2)


def _encode(write: Callable[[], str]) -> Callable[[], bytes]:
    """It is called when somebody wants the file, by a thread that knows no reader."""
    language = get_language()

    def encode() -> bytes:
        with using_language(language):
            return write().encode("utf-8", errors="backslashreplace")

    return encode


def _show_link(choice: Choice, answer: Explanation) -> None:
    st.markdown(_describe_link(answer.text))
    address = write_address(st.context.url or "", choice.get_view(answer.text))
    st.code(address, language=None, wrap_lines=True)


def _describe_link(text: str) -> str:
    if fits(text):
        return tr("**The link** to exactly this view: model, method and text. Whoever gets it can read the text in it.")
    if len(text) <= MAX_TEXT:
        return tr(
            "**The link** to this model and method. The text holds half a character, which no link can; take a file."
        )
    return tr(
        "**The link** to this model and method. It leaves the text out: {count} characters are more than the {most} "
        "that a link can hold. Send the text beside it, or take a file.",
        count=format_count(len(text)),
        most=format_count(MAX_TEXT),
    )
