"""A time-lapse as a notebook's output, and what the browser gets of one."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attnviz.living.lapse_page import render_lapse_page
from attnviz.render.shown_lapse import describe_lapse
from attnviz.values.packed_array import PackedArray
from attnviz.values.plain import from_plain
from attnviz.values.time_lapse import Moment, PinnedText, TimeLapse, take_snapshot
from attnviz.values.tokens import Token

HOSTILE = "</script><script>alert(1)</script><!-- & \ud83d \"'"


def make(text: str, model: str = "made", *, attends: bool = True) -> TimeLapse:
    words = [Token(match[0], match.start(), match.end(), 3, True) for match in re.finditer(r"\w+", text)]
    lapse = TimeLapse(model, ("negative", "positive"), 1, (PinnedText(text, tuple(words)),), steps=4)
    for step in (0, 2):
        weights = np.linspace(0.1, 0.4 + step, len(words)) if attends and words else None
        lapse = lapse.add(Moment(0, step, (take_snapshot((0.4, 0.6) if words else None, weights),)))
    return lapse


class _Page(HTMLParser):
    """The tags of a page, and what stands in its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.blocks: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes[tag] = dict(attrs)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script":
            self.blocks.append(data)


@given(st.text(max_size=60))
def test_no_text_ends_the_block_that_it_stands_in(text: str) -> None:
    page = _Page(render_lapse_page(make(f"{text} word", text)))
    assert page.tags.count("script") == 2
    lapse = json.loads(page.blocks[0])["lapse"]
    drawn = lapse["texts"][0]["text"]
    words = [token[0] for token in drawn["tokens"]]
    assert "".join(sum(zip(drawn["gaps"], [*words, ""], strict=True), ())) == f"{text} word"
    assert lapse["moments"] == ["before training", "epoch 1, batch 2 of 4"]


def test_a_hostile_text_stays_text_in_the_frame_of_a_notebook() -> None:
    frame = make(f"{HOSTILE} word", HOSTILE)._repr_html_()
    outer = _Page(frame)
    assert outer.tags == ["iframe"]
    assert outer.attributes["iframe"]["sandbox"] == "allow-scripts"
    inner = unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])  # type: ignore[index]
    assert "default-src 'none'" in inner
    assert _Page(inner).tags.count("script") == 2


def test_one_scale_serves_all_moments_and_the_weights_are_their_own() -> None:
    lapse = make("a film to remember")
    shown = describe_lapse(lapse, [0.7])
    (text,) = shown["texts"]
    weights = from_plain(PackedArray, text["weights"]).unpack()
    np.testing.assert_allclose(weights, lapse.get_weights(0), atol=0.01)
    assert text["text"]["scale"]["full"] >= weights.max() - 0.01
    assert (text["title"], text["probabilities"]) == ("a film to remember", (0.6, 0.6))
    assert shown["accuracies"] == [[1, 0.7]]


def test_what_is_not_there_is_said() -> None:
    plain = describe_lapse(make("good film", "bilstm", attends=False))
    assert plain["texts"][0]["weights"] is None
    assert plain["note"] == "bilstm has no attention, so only its probabilities were kept."
    blank = describe_lapse(make("…"))
    assert blank["texts"][0]["probabilities"] == (None, None)
    assert blank["note"] == "There is no word in it."
    empty = TimeLapse("made", ("no", "yes"), None, (PinnedText("", ()),))
    assert describe_lapse(empty)["texts"] == []
