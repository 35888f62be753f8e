"""What the page Reviews makes of a link, whatever it says."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.models.registry import METHODS
from attnviz.render.links import MAX_TEXT, View, fits, read_link, write_address, write_link

OFFERED = {"bilstm": METHODS[1:], "lstm-dot": METHODS, "lstm-dot-2": METHODS}
VIEWS = st.sampled_from([(model, method) for model, methods in OFFERED.items() for method in methods])
PAGE = "http://localhost:8501/"


@given(VIEWS, st.text(max_size=60))
@example(("lstm-dot", "attention"), "")
@example(("lstm-dot-2", "occlusion"), "a=b&model=bilstm#?+ %20\r\n\t\0 <b>שלום</b> 😀")
@example(("bilstm", "gradient"), "😀" * MAX_TEXT)
def test_a_link_brings_back_model_method_and_text(choice: tuple[str, str], text: str) -> None:
    view = View(*choice, text)
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
    assert read_link({}, OFFERED) == (View("lstm-dot", "attention"), [])
    assert read_link({}, {"bilstm": METHODS[1:]}) == (View("bilstm", "gradient"), [])


@pytest.mark.parametrize(
    ("link", "view", "words"),
    [
        ({"model": "gpt"}, View("lstm-dot", "attention"), ["‘gpt’, which is not here; it opened with lstm-dot."]),
        ({"model": "lstm-dot-7", "text": "great"}, View("lstm-dot", "attention", "great"), ["‘lstm-dot-7’"]),
        ({"method": "lime"}, View("lstm-dot", "attention"), ["‘lime’, which lstm-dot does not offer; it opened with"]),
        ({"model": "bilstm", "method": "attention"}, View("bilstm", "gradient"), ["‘attention’, which bilstm does"]),
        ({"model": "", "method": ""}, View("lstm-dot", "attention"), ["the model ‘’", "the method ‘’"]),
        ({"model": "x" * 999}, View("lstm-dot", "attention"), [f"‘{'x' * 40}…’"]),
    ],
)
def test_a_bad_link_gives_the_default_and_says_so(link: dict[str, str], view: View, words: list[str]) -> None:
    found, notes = read_link(link, OFFERED)
    assert found == view
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


@given(st.dictionaries(st.sampled_from(["model", "method", "text"]) | st.text(max_size=5), st.text(max_size=50)))
def test_any_link_gives_a_view_that_is_offered(link: dict[str, str]) -> None:
    view, _ = read_link(link, OFFERED)
    assert view.method in OFFERED[view.model]
    assert view.text == link.get("text")
    assert read_link(write_link(view), OFFERED) == (view, [])
