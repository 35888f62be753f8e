"""A model card as a table: what a model reads and answers, where its attention is, what is offered and what is not.

Names of classes and layers come from files that somebody brought: every one of them is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attnviz.languages import mark, tr, tr_n
from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text
from attnviz.render.labels import name_label
from attnviz.render.numerals import format_count, format_number
from attnviz.render.phrases import join_list, quote
from attnviz.render.sentences import count_parameters
from attnviz.values.found_attention import FoundAttention
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard

MOST_LABELS, MOST_CHARACTERS = 20, 80
"""How many classes are named, and how much of a long name is shown."""

_CELL = "padding:.35em .9em .35em 0;text-align:left;vertical-align:top;border-bottom:1px solid color-mix("
_CELL += "in srgb,currentColor 18%,transparent)"
_WIDE = "overflow-wrap:anywhere"
_NUMBER = "font-variant-numeric:tabular-nums;white-space:nowrap"

_HEADS = (mark("Layer"), mark("Kind"), mark("Weights"), mark("Evenness"), mark("Used for the answer"))


def render_card(card: ModelCard) -> str:
    """The table, a fragment with inline styles."""
    return _render_rows("attnviz-card", _list_rows(card))


def render_record(record: Iterable[tuple[str, str]]) -> str:
    """Titles and what is to be said under each, plain texts, as the same table; a line each for several."""
    pairs = ((title, "<br>".join(map(escape_text, said.splitlines()))) for title, said in record)
    return _render_rows("attnviz-record", pairs)


def _render_rows(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="{_CELL};min-width:5.5em;font-weight:600">{escape_text(title)}</th>'
        f'<td style="{_CELL};{_WIDE};width:85%">{body}</td></tr>'
        for title, body in pairs
    )
    return f'<table class="{name}" style="border-collapse:collapse;width:100%"><tbody>{rows}</tbody></table>'


def render_attentions(found: Sequence[FoundAttention]) -> str:
    """The attentions of a model as a table; '' if it has none."""
    if not found:
        return ""
    head = "".join(f'<th scope="col" style="{_CELL};font-weight:600">{escape_text(tr(title))}</th>' for title in _HEADS)
    body = "".join(map(_render_row, found))
    return (
        f'<div style="overflow-x:auto"><table class="attnviz-attentions" style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<p><small>{escape_text(_explain_evenness())}</small></p>"
    )


def _explain_evenness() -> str:
    return tr("Evenness: {meaning} It was measured on texts made for the search.", meaning=tr(GLOSSARY["Evenness"]))


def name_attention(found: FoundAttention) -> str:
    """An attention in a choice: its name, its kind, and what its weights are."""
    return f"{shorten(found.name)} · {shorten(found.kind)} · {describe_weights(found)}"


def describe_weights(found: FoundAttention) -> str:
    """What the weights of one attention are, in words."""
    each = tr("from each word to each") if found.is_matrix else tr("one weight a word")
    if found.maps == 1 and not {"heads", "features"} & set(found.axes):
        return each
    count = format_count(found.maps)
    if "heads" in found.axes:
        return tr_n("{n} head, {weights}", "{n} heads, {weights}", found.maps, n=count, weights=each)
    return tr_n("{n} feature, {weights}", "{n} features, {weights}", found.maps, n=count, weights=each)


def describe_labels(labels: Sequence[str]) -> str:
    """The names of the classes in one line, with quotes; of many, the first ones."""
    names = join_list(quote(shorten(name_label(label))) for label in labels[:MOST_LABELS])
    if len(labels) <= MOST_LABELS:
        return names
    more = len(labels) - MOST_LABELS
    return tr_n("{names} and {n} other", "{names} and {n} others", more, names=names, n=format_count(more))


def count_classes(labels: Sequence[str]) -> str:
    """How many classes there are, and their names."""
    count, names = len(labels), describe_labels(labels)
    return tr_n("{n} class: {names}", "{n} classes: {names}", count, n=format_count(count), names=names)


def shorten(name: str) -> str:
    """A name that fits into a table; whoever made the file may have written a novel there."""
    return name if len(name) <= MOST_CHARACTERS else f"{name[:MOST_CHARACTERS]}…"


def _list_rows(card: ModelCard) -> Iterator[tuple[str, str]]:
    """The title of each row, and its HTML."""
    yield tr("Reads"), escape_text(_describe_reading(card))
    yield tr("Answers with"), escape_text(count_classes(card.labels))
    if card.parameters:
        yield tr("Size"), escape_text(count_parameters(card.parameters))
    yield tr("Attention"), render_attentions(card.attention) or escape_text(_describe_no_attention(card))
    yield tr("Offered"), escape_text(_describe_offered(card))
    if card.missing:
        yield tr("Not offered"), "<br>".join(escape_text(_describe_missing(*row)) for row in card.missing.items())
    if card.notes:
        yield tr("Found and assumed"), f'<ul style="margin:0;padding-left:1.1em">{"".join(map(_item, card.notes))}</ul>'


def _describe_reading(card: ModelCard) -> str:
    if card.steps is None:
        return tr("texts of any length")
    return tr_n(
        "up to {n} word, or pieces of words, of a text",
        "up to {n} words, or pieces of words, of a text",
        card.steps,
        n=format_count(card.steps),
    )


def _describe_no_attention(card: ModelCard) -> str:
    return tr(card.missing.get("attention") or mark("none was found"))


def _describe_offered(card: ModelCard) -> str:
    return join_list(METHODS[name].title for name in card.methods if name in METHODS) or tr("nothing")


def _describe_missing(method: str, why: str) -> str:
    return tr("{name}: {meaning}", name=_get_title(method), meaning=tr(why))


def _render_row(found: FoundAttention) -> str:
    cells = (escape_text(shorten(found.name)), escape_text(shorten(found.kind)), escape_text(describe_weights(found)))
    used = escape_text(tr("yes") if found.reaches_output else tr("no"))
    return (
        "<tr>"
        + "".join(f'<td style="{_CELL};{_WIDE}">{cell}</td>' for cell in cells)
        + f'<td style="{_CELL};{_NUMBER}">{escape_text(_describe_entropy(found))}</td>'
        + f'<td style="{_CELL}">{used}</td></tr>'
    )


def _describe_entropy(found: FoundAttention) -> str:
    return tr("not measured") if found.entropy is None else format_number(found.entropy, 2)


def _get_title(method: str) -> str:
    return METHODS[method].title if method in METHODS else method


def _item(note: str) -> str:
    return f"<li>{escape_text(tr(note))}</li>"
