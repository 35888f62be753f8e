"""A model card as a table: what a model reads and answers, where its attention is, what is offered and what is not.

Names of classes and layers come from files that somebody brought: every one of them is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attnviz.render.glossary import GLOSSARY
from attnviz.render.html import escape_text
from attnviz.values.found_attention import FoundAttention
from attnviz.values.methods import METHODS
from attnviz.values.model_card import ModelCard

MOST_LABELS, MOST_CHARACTERS = 20, 80
"""How many classes are named, and how much of a long name is shown."""

_CELL = "padding:.35em .9em .35em 0;text-align:left;vertical-align:top;border-bottom:1px solid color-mix("
_CELL += "in srgb,currentColor 18%,transparent)"
_WIDE = "overflow-wrap:anywhere"
_NUMBER = "font-variant-numeric:tabular-nums;white-space:nowrap"

_HEADS = ("Layer", "Kind", "Weights", "Evenness", "Used for the answer")
_EVENNESS = f"Evenness: {GLOSSARY['Evenness']} It was measured on texts made for the search."


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
    head = "".join(f'<th scope="col" style="{_CELL};font-weight:600">{title}</th>' for title in _HEADS)
    body = "".join(map(_render_row, found))
    return (
        f'<div style="overflow-x:auto"><table class="attnviz-attentions" style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div><p><small>{_EVENNESS}</small></p>"
    )


def name_attention(found: FoundAttention) -> str:
    """An attention in a choice: its name, its kind, and what its weights are."""
    return f"{shorten(found.name)} · {shorten(found.kind)} · {describe_weights(found)}"


def describe_weights(found: FoundAttention) -> str:
    """What the weights of one attention are, in words."""
    each = "from each word to each" if found.is_matrix else "one weight a word"
    if found.maps == 1 and not {"heads", "features"} & set(found.axes):
        return each
    kind = "head" if "heads" in found.axes else "feature"
    return f"{found.maps:,} {kind}{'' if found.maps == 1 else 's'}, {each}"


def describe_labels(labels: Sequence[str]) -> str:
    """The names of the classes in one line, with quotes; of many, the first ones."""
    names = ", ".join(f"‘{shorten(label)}’" for label in labels[:MOST_LABELS])
    return names if len(labels) <= MOST_LABELS else f"{names} and {len(labels) - MOST_LABELS:,} others"


def shorten(name: str) -> str:
    """A name that fits into a table; whoever made the file may have written a novel there."""
    return name if len(name) <= MOST_CHARACTERS else f"{name[:MOST_CHARACTERS]}…"


def _list_rows(card: ModelCard) -> Iterator[tuple[str, str]]:
    """The title of each row, and its HTML."""
    yield "Reads", escape_text(_describe_reading(card))
    yield "Answers with", escape_text(f"{len(card.labels):,} classes: {describe_labels(card.labels)}")
    if card.parameters:
        yield "Size", f"{card.parameters:,} parameters"
    yield "Attention", render_attentions(card.attention) or escape_text(card.missing.get("attention", "none was found"))
    yield (
        "Offered",
        escape_text(", ".join(METHODS[name].title for name in card.methods if name in METHODS) or "nothing"),
    )
    if missing := [f"{escape_text(_get_title(name))}: {escape_text(why)}" for name, why in card.missing.items()]:
        yield "Not offered", "<br>".join(missing)
    if card.notes:
        yield "Found and assumed", f'<ul style="margin:0;padding-left:1.1em">{"".join(map(_item, card.notes))}</ul>'


def _describe_reading(card: ModelCard) -> str:
    return "texts of any length" if card.steps is None else f"up to {card.steps:,} words, or pieces of words, of a text"


def _render_row(found: FoundAttention) -> str:
    cells = (escape_text(shorten(found.name)), escape_text(shorten(found.kind)), describe_weights(found))
    used = "yes" if found.reaches_output else "no"
    return (
        "<tr>"
        + "".join(f'<td style="{_CELL};{_WIDE}">{cell}</td>' for cell in cells)
        + f'<td style="{_CELL};{_NUMBER}">{_describe_entropy(found)}</td><td style="{_CELL}">{used}</td></tr>'
    )


def _describe_entropy(found: FoundAttention) -> str:
    return "not measured" if found.entropy is None else f"{found.entropy:.2f}"


def _get_title(method: str) -> str:
    return METHODS[method].title if method in METHODS else method


def _item(note: str) -> str:
    return f"<li>{escape_text(note)}</li>"
