"""What the erasure slider gives the browser to draw."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from attnviz.text.words import split_words
from attnviz.ui.components.erasure_slider import describe_curve
from attnviz.values.explanation import Explanation
from attnviz.values.faithfulness import ErasureCurve
from attnviz.values.prediction import Prediction
from attnviz.values.tokens import Token
from tests.made import explain_as

TEXTS = st.text(max_size=80) | st.lists(st.sampled_from(["great", "<b>x</b>", "\n", "😀", "שלום"])).map(" ".join)


def explain(text: str, unread: int = 0) -> Explanation:
    tokens = [Token(word, start, end, 3, True) for word, start, end in split_words(text)[unread:]]
    scores = [1.0] * len(tokens)
    return explain_as(text, tokens, scores, 0.7 if tokens else None, truncated=unread)


def make_curve(explained: Explanation) -> ErasureCurve:
    order = tuple(range(len(explained.tokens)))
    return ErasureCurve(explained.text, explained.prediction, explained.target, "attention", "luong", order)


@given(TEXTS)
def test_the_words_of_the_curve_are_those_of_the_text(text: str) -> None:
    explained = explain(text)
    shown = json.loads(json.dumps(describe_curve(make_curve(explained), explained), allow_nan=False))
    words = [token[0] for token in shown["text"]["tokens"]]
    assert words == [text[token.start : token.end] for token in explained.tokens]
    assert sorted(shown["order"]) == list(range(len(words)))


def test_what_was_not_read_is_not_shown() -> None:
    explained = explain("a great, great film!", unread=2)
    shown = describe_curve(make_curve(explained), explained)["text"]
    assert shown["head"] == "… "
    assert [token[0] for token in shown["tokens"]] == ["great", "film"]
    assert list(shown["gaps"]) == ["", " ", "!"]


def test_the_curve_says_whose_probability_it_shows() -> None:
    explained = explain("a film")
    shown = describe_curve(make_curve(explained), explained)
    assert (shown["name"], shown["label"], shown["other"]) == (
        "probability that the review is positive",
        "positive",
        "negative",
    )
    stars = replace(explained, prediction=Prediction(("bad", "fair", "good"), (0.7, 0.2, 0.1)), target=2)
    shown = describe_curve(make_curve(stars), stars)
    assert (shown["name"], shown["label"], shown["other"]) == ("probability of “good”", "good", None)
