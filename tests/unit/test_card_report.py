"""What the page says of a model that somebody brought; whatever its file calls things stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.card_report import (
    MOST_CHARACTERS,
    MOST_LABELS,
    describe_labels,
    describe_weights,
    name_attention,
    render_attentions,
    render_card,
)
from attnviz.values.found_attention import FoundAttention
from attnviz.values.model_card import ModelCard

TAGS = {"table", "thead", "tbody", "tr", "th", "td", "div", "p", "small", "ul", "li", "br"}
HOSTILE = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(
        ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</table><h1>", "&lt;b&gt;", "a\x00b\x85c"]
    ),
)


class Reader(HTMLParser):
    """What a browser makes of HTML: its elements with the names of their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def find(name: str = "dense/weights", axes: tuple[str, ...] = ("tokens",), maps: int = 1) -> FoundAttention:
    return FoundAttention(name, "dense", "Softmax", axes, maps, 0.6251, reaches_output=True)


def make_card(**changes: object) -> ModelCard:
    facts = {
        "name": "mine",
        "title": "Mine",
        "summary": "",
        "origin": "yours",
        "labels": ("bad", "good"),
        "target": None,
        "methods": ("attention", "occlusion"),
        "missing": {"gradient": "It reads texts, no numbers."},
        "steps": 40,
        "parameters": 8_002,
        "attention": (find(),),
        "notes": ("Padding goes to the right.",),
    }
    return ModelCard(**(facts | changes))  # type: ignore[arg-type]


def test_the_report_says_what_is_read_answered_offered_and_why_not() -> None:
    text = Reader(render_card(make_card())).text
    for part in ("up to 40 words", "2 classes: ‘bad’, ‘good’", "8,002 parameters", "dense/weights", "0.63"):
        assert part in text
    assert "OfferedAttention weights, Leave a word out" in text
    assert "Not offeredGradient × input: It reads texts, no numbers." in text
    assert "Found and assumedPadding goes to the right." in text


def test_a_model_without_attention_and_of_any_length_is_said_to_be_so() -> None:
    card = make_card(attention=(), steps=None, parameters=0, missing={"attention": "Nothing behaves so."}, notes=())
    text = Reader(render_card(card)).text
    assert "texts of any length" in text
    assert "AttentionNothing behaves so." in text
    assert "parameters" not in text
    assert render_attentions(()) == ""


@given(HOSTILE, HOSTILE, HOSTILE)
def test_names_from_a_file_stay_text(label: str, layer: str, note: str) -> None:
    attention = FoundAttention(layer, layer, layer, ("tokens",), 1, None, reaches_output=False)
    card = make_card(labels=(label, "other"), attention=(attention,), notes=(note,), missing={label: note})
    read = Reader(render_card(card))
    assert read.tags <= TAGS
    assert read.attributes <= {"style", "scope", "class"}
    printable = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", label)
    assert label.isprintable() is False or f"‘{printable}’" in read.text


def test_long_names_and_many_classes_do_not_fill_the_page() -> None:
    said = describe_labels([f"class {number}" for number in range(1_000)])
    assert said.endswith(f"and {1_000 - MOST_LABELS:,} others")
    assert len(name_attention(find("x" * 10_000))) < 2 * MOST_CHARACTERS


@pytest.mark.parametrize(
    ("axes", "maps", "said"),
    [
        (("tokens",), 1, "one weight a word"),
        (("tokens", "features"), 64, "64 features, one weight a word"),
        (("heads", "queries", "tokens"), 4, "4 heads, from each word to each"),
        (("heads", "queries", "tokens"), 1, "1 head, from each word to each"),
        (("queries", "tokens"), 1, "from each word to each"),
    ],
)
def test_what_the_weights_are_is_said(axes: tuple[str, ...], maps: int, said: str) -> None:
    assert describe_weights(find(axes=axes, maps=maps)) == said
