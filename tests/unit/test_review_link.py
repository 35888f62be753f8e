"""What the page Reviews makes of a link, whatever it says."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.render.links import MAX_TEXT, Offer, View, fits, read_link, write_address, write_link
from attnviz.values.methods import TYPED_METHODS
from attnviz.values.prediction import SENTIMENT

OFFERED = {
    "bilstm": Offer(TYPED_METHODS[1:], SENTIMENT),
    "word-additive": Offer(TYPED_METHODS, SENTIMENT),
    "lstm-dot-2": Offer(TYPED_METHODS, SENTIMENT),
    "stars": Offer(TYPED_METHODS, ("few & <b>", "many")),
}
VIEWS = st.sampled_from(
    [
        (model, method, label)
        for model, offer in OFFERED.items()
        for method in offer.methods
        for label in (None, *offer.labels)
    ]
)
PAGE = "http://localhost:8501/"


@given(VIEWS, st.text(max_size=60))
@example(("word-additive", "attention", None), "")
@example(("stars", "occlusion", "few & <b>"), "a=b&model=bilstm#?+ %20\r\n\t\0 <b>שלום</b> 😀")
@example(("bilstm", "gradient", None), "😀" * MAX_TEXT)
def test_a_link_brings_back_model_method_class_and_text(choice: tuple[str, str, str | None], text: str) -> None:
    model, method, label = choice
    view = View(model, method, text, label)
    address = write_address(f"{PAGE}?task=xor", view)
    assert address.isascii()
    assert address.startswith(f"{PAGE}?model=")
    assert read_link(dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)), OFFERED) == (view, [])


@pytest.mark.parametrize("text", ["x" * (MAX_TEXT + 1), "half a character: \ud83d"])
def test_a_text_that_no_link_can_hold_is_left_out(text: str) -> None:
    assert not fits(text)
    assert write_link(View("lstm-dot", "gradient", text)) == {"model": "lstm-dot", "method": "gradient"}
    assert write_address(PAGE, View("lstm-dot", "gradient", text)) == f"{PAGE}?model=lstm-dot&method=gradient"


def test_an_address_without_a_path_gets_one() -> None:
    view = View("luong", "gradient", "a & b")
    assert write_address("http://localhost:1", view) == "http://localhost:1/?model=luong&method=gradient&text=a+%26+b"


def test_no_link_is_the_first_visit() -> None:
    assert read_link({}, OFFERED) == (View("word-additive", "attention"), [])
    assert read_link({}, {"bilstm": Offer(TYPED_METHODS[1:])}) == (View("bilstm", "gradient"), [])


@pytest.mark.parametrize(
    ("link", "view", "words"),
    [
        (
            {"model": "gpt"},
            View("word-additive", "attention"),
            ["‘gpt’, which is not here; it opened with "],
        ),
        ({"model": "lstm-dot-7", "text": "great"}, View("word-additive", "attention", "great"), ["‘lstm-dot-7’"]),
        (
            {"method": "lime"},
            View("word-additive", "attention"),
            ["the method ‘lime’, which word-additive does not offer; it"],
        ),
        (
            {"model": "bilstm", "method": "attention"},
            View("bilstm", "gradient"),
            ["‘attention’, which bilstm does"],
        ),
        (
            {"model": "", "method": ""},
            View("word-additive", "attention"),
            ["the model ‘’", "the method ‘’"],
        ),
        ({"label": "seven"}, View("word-additive", "attention"), ["class ‘seven’, which word-additive does not offer"]),
        ({"model": "x" * 999}, View("word-additive", "attention"), [f"‘{'x' * 40}…’"]),
    ],
)
def test_a_bad_link_gives_the_default_and_says_so(link: dict[str, str], view: View, words: list[str]) -> None:
    found, notes = read_link(link, OFFERED)
    assert found == view
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


@given(
    st.dictionaries(st.sampled_from(["model", "method", "label", "text"]) | st.text(max_size=5), st.text(max_size=50))
)
def test_any_link_gives_a_view_that_is_offered(link: dict[str, str]) -> None:
    view, _ = read_link(link, OFFERED)
    assert view.method in OFFERED[view.model].methods
    assert view.label in (None, *OFFERED[view.model].labels)
    assert view.text == link.get("text")
    assert read_link(write_link(view), OFFERED) == (view, [])
