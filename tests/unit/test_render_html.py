"""Explanations as HTML: what is shown, and that nothing of a text becomes a tag."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.render.html import render_document, render_explanation
from attnviz.render.numerals import format_percent
from attnviz.render.palette import (
    ATTENTION,
    EVEN_SHARES,
    MAX_OPACITY,
    MAX_UNDERLINE,
    NEGATIVE,
    POSITIVE,
    get_full_score,
)
from attnviz.values.methods import METHODS
from tests.unit.explained import explain

ATTRIBUTES = {
    "section": {"class"},
    "div": {"dir", "style"},
    "span": {"style", "title"},
    "p": set(),
    "b": set(),
    "small": set(),
}
HOSTILE = ["<script>", "</div>", "</span>", '"', "'", "&", "&lt;", "&#0;", "<!--", "-->", "onload=", ">", "<", "good"]
TEXTS = st.one_of(
    st.text(st.characters(exclude_characters="\r")),
    st.lists(st.sampled_from([*HOSTILE, "\x00", "\x1b", "\x85", "\ud800", " ", "\n", "😀"])).map("".join),
)


class Reader(HTMLParser):
    """Collects the text inside the one <div>, the tags with their attributes, and the spans."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.spans, self._depth = "", [], 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert set(names) <= ATTRIBUTES[tag], f"<{tag}> with {names}"
        assert len(names) == len(set(names))
        self._depth += tag == "div"
        if tag == "span" and self._depth:
            self.spans.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "div"

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def printable(text: str) -> str:
    """The text with what HTML forbids replaced, as a reader of the page may expect it."""
    return "".join("\ufffd" if re.match(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", c) else c for c in text)


@given(TEXTS, st.sampled_from(sorted(METHODS)))
@example("<script>alert(1)</script><img src=x onerror=alert(1)>", "attention")
@example("'\" title='x' onmouseover=\"y\"", "gradient")
def test_the_page_shows_the_text_and_holds_no_tag_or_attribute_of_it(text: str, method: str) -> None:
    assert Reader(render_explanation(explain(text, method=method))).text == printable(text)


@given(TEXTS)
def test_every_token_is_one_span_with_its_word_and_score_as_title(text: str) -> None:
    explanation = explain(text)
    titles = [span["title"] for span in Reader(render_explanation(explanation)).spans]
    assert titles == [
        printable(f"{token.text}: {score:.4f}{'' if token.known else ' (unknown word)'}")
        for token, score in zip(explanation.tokens, explanation.scores, strict=True)
    ]


@given(st.text())
def test_the_name_of_a_model_is_escaped_as_well(name: str) -> None:
    assert Reader(render_explanation(replace(explain("good"), model=name + "<script>"))).text == "good"


def background(span: dict[str, str]) -> tuple[str, float]:
    """The colour behind a word and its opacity."""
    (colour,) = re.findall(r"#[0-9a-f]{8}\b", span["style"])
    return colour[:7], int(colour[7:], 16) / 255


def underline(span: dict[str, str]) -> float:
    """The height, in pixels, of the line under a word."""
    return float(re.search(r"([\d.]+)px no-repeat", span["style"])[1])


def test_opacity_and_underline_are_linear_in_the_score() -> None:
    scores = [0.4, 0.3, 0.2, 0.1, 0.0]
    spans = Reader(render_explanation(explain("a b c d e", scores))).spans
    shares = np.array(scores) / (EVEN_SHARES / 5)
    np.testing.assert_allclose([background(span)[1] for span in spans], shares * MAX_OPACITY, atol=0.51 / 255)
    np.testing.assert_allclose([underline(span) for span in spans], shares * MAX_UNDERLINE, atol=0.051)
    assert {background(span)[0] for span in spans} == {ATTENTION}


def test_signed_scores_have_the_colours_of_their_side_and_the_opacity_of_their_size() -> None:
    spans = Reader(render_explanation(explain("a b c", [-0.2, 0.1, 0.0], "gradient"))).spans
    colours, opacities = zip(*map(background, spans), strict=True)
    assert colours == (NEGATIVE, POSITIVE, POSITIVE)
    np.testing.assert_allclose(opacities, np.array([1.0, 0.5, 0.0]) * MAX_OPACITY, atol=0.51 / 255)
    assert [span["title"].removesuffix(" (unknown word)") for span in spans] == [
        "a: −0.2000",
        "b: +0.1000",
        "c: +0.0000",
    ]


def test_scores_that_are_all_zero_colour_nothing_and_need_no_scale() -> None:
    html = render_explanation(explain("good film", [0.0, 0.0]))
    assert [background(span)[1] for span in Reader(html).spans] == [0.0, 0.0]
    assert "full colour" not in html


def test_the_unread_start_is_greyed_and_the_rest_highlighted() -> None:
    explanation = explain("one two, good film", truncated=2)
    reader = Reader(render_explanation(explanation))
    assert reader.text == "one two, good film"
    assert [span.get("title") for span in reader.spans] == [None, "good: 0.1000", "film: 1.0000"]


@pytest.mark.parametrize(
    ("scores", "full"),
    [([0.05] * 20, 0.15), ([0.2, *[0.8 / 19] * 19], 0.2), ([0.6, 0.4], 1.0), ([1.0], 1.0), ([], 0.0)],
)
def test_attention_that_prefers_no_word_has_no_strong_colour(scores: list[float], full: float) -> None:
    explanation = explain("good " * len(scores), scores)
    assert get_full_score(explanation) == pytest.approx(full)


def test_the_scale_names_the_score_of_the_full_colour() -> None:
    assert "Attention weights: 0 " in render_explanation(explain("good film", [0.25, 0.75]))
    assert "−0.7500" in render_explanation(explain("good film", [0.25, -0.75], "gradient"))


def test_a_document_is_one_page_with_every_explanation() -> None:
    html = "".join(render_document(map(explain, ["good", "<film>"])))
    assert html.startswith("<!doctype html>")
    assert html.endswith("</body></html>")
    assert html.count('<section class="attnviz">') == 2


class DocumentReader(HTMLParser):
    """Collects the tags of a document, the text of its reviews, and the attributes of its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.tips, self.buttons = set(), "", [], []
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = self._inside or tag == "div"
        if tag == "label":
            self.tips.append(dict(attrs)["data-tip"])
            assert {name for name, _ in attrs} == {"style", "data-tip"}
        if tag == "input":
            self.buttons.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "div"

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


@given(TEXTS, st.sampled_from(sorted(METHODS)))
def test_a_document_shows_the_text_and_each_words_score_rank_and_share(text: str, method: str) -> None:
    explanation = explain(text, method=method)
    reader = DocumentReader("".join(render_document([explanation])))
    assert reader.text == printable(text)
    allowed = {"html", "head", "meta", "title", "style", "body", "section", "p", "b", "small", "div", "span"}
    assert reader.tags <= allowed | {"label", "input"}
    count, sizes = len(explanation.tokens), np.abs(explanation.scores).astype(float)
    for index, (token, tip) in enumerate(zip(explanation.tokens, reader.tips, strict=True)):
        number = f"{explanation.scores[index]:{'+' if explanation.signed else ''}.4f}"
        assert tip.startswith(printable(f"{token.text}: {number}"))
        rank = 1 + sum(size > sizes[index] for size in sizes)
        assert f"\nrank {rank} of {count}, {format_percent(sizes[index] / sizes.sum())} of the total" in tip
        assert ("signs left aside" in tip) == explanation.signed
    assert [button["aria-label"] for button in reader.buttons] == reader.tips


def test_the_words_of_a_review_are_one_tab_stop() -> None:
    reader = DocumentReader("".join(render_document(map(explain, ["a good film", "good"]))))
    assert [button["type"] for button in reader.buttons] == ["radio"] * 4
    assert [button["name"] for button in reader.buttons] == ["review-1"] * 3 + ["review-2"]


def test_a_document_needs_nothing_from_elsewhere() -> None:
    html = "".join(render_document([explain("good film")]))
    assert not re.search(r"https?:|//|<script|<link|@import|url\(", html)
    assert "color-scheme:light dark" in html


def test_shares_of_scores_that_are_all_zero_are_zero() -> None:
    reader = DocumentReader("".join(render_document([explain("good film", [0.0, 0.0], "gradient")])))
    assert [tip.partition("\n")[2] for tip in reader.tips] == [
        f"rank {rank} of 2, 0.0\xa0% of the total, signs left aside" for rank in (1, 2)
    ]


def test_a_notebook_shows_the_same_html() -> None:
    explanation = explain("good film")
    assert explanation._repr_html_() == explanation.to_html() == render_explanation(explanation)
