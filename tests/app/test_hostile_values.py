"""What a component may be made to send: each page says what is wrong, and keeps what was typed."""

from __future__ import annotations

import json

import pytest

from attnviz.ui.asking import SLOTS
from tests.app.visits import component_data, join, open_page, open_reviews, send, settle

DEEP = '{"ask": ' + "[" * 900 + "]" * 900 + "}"
HUGE = "1" + "0" * 400
ODD = [
    '{"ask": "x"}', '{"ask": 3}', '{"ask": true}', '{"ask": NaN}', '{"ask": []}', '{"ask": {}}', '{"ask": {"seq": 1}}',
    DEEP,
]  # fmt: skip
NOTHING = ["null", '"x"', "[]", "{}", "NaN", '{"ask": null}', '{"other": 1}']

REFUSED = "This is no question of this page: "


@pytest.mark.parametrize(
    "value",
    [*ODD, '{"ask": {"text": 5, "steps": [], "at": 0}}', '{"ask": {"text": null}}', '{"ask": {"steps": [], "at": 0}}'],
)
def test_the_editor_tells_what_is_wrong_and_keeps_its_text(value: str) -> None:
    page = open_reviews()
    before = component_data(page)
    send(page, "review_editor", value)
    assert not page.exception
    after = component_data(page)
    assert REFUSED in after["message"]
    assert (after["text"], after["explanation"]) == (before["text"], before["explanation"])


@pytest.mark.parametrize(
    "rest",
    ['"steps": "x", "at": 0', '"steps": [[0, 1]], "at": 0', f'"steps": [], "at": {HUGE}', '"steps": [], "at": NaN',
     '"steps": [], "at": -1', '"revision": "x"', '"revision": -1', f'"revision": {HUGE}', '"revision": NaN',
     '"revision": [0]', '"again": null', '"again": -1', f'"again": {HUGE}', '"again": "1"', '"revision": true',
     '"steps": [[NaN, 1, ""]], "at": 0', f'"steps": [[{HUGE}, 1, ""]], "at": 1', '"at": "2"'],
)  # fmt: skip
def test_a_typed_text_is_kept_and_read_whatever_comes_with_it(rest: str) -> None:
    page = open_reviews()
    send(page, "review_editor", f'{{"ask": {{"text": "an awful film", {rest}}}}}')
    assert not page.exception
    shown = component_data(page)
    assert page.session_state.review_text == "an awful film"
    assert join(shown["explanation"]["text"]) == "an awful film"
    assert REFUSED in shown["message"]
    send(page, "review_editor", json.dumps({"ask": {"text": "an awful film", "steps": [[3, 8, ""]], "at": 1}}))
    assert component_data(page)["explanation"]["text"]["tokens"][1][7] == "left out", "the page goes on"


@pytest.mark.parametrize("value", NOTHING)
def test_a_component_that_asks_nothing_is_ignored(value: str) -> None:
    for open_one, name in (
        (open_reviews, "review_editor"),
        (lambda: open_page("column_lab.lab_page"), "lab"),
        (lambda: open_page("how_it_works.how_page", review_model="luong"), "softmax"),
    ):
        page = open_one()
        before = component_data(page, name)
        send(page, name, value)
        assert not page.exception
        after = component_data(page, name)
        assert (after["message"], after.get("text")) == (before["message"], before.get("text"))


@pytest.mark.parametrize(
    "value",
    [*ODD, '{"ask": {"values": "x", "seq": 1}}', '{"ask": {"values": {"n": [1]}, "seq": 1}}',
     f'{{"ask": {{"values": {{"n": {HUGE}}}, "seq": 1}}}}', f'{{"ask": {{"values": {{}}, "seq": {HUGE}}}}}',
     '{"ask": {"values": {}, "seq": NaN}}', '{"ask": {"values": {}, "seq": 1, "settled": "yes"}}'],
)  # fmt: skip
def test_the_lab_tells_what_is_wrong_and_shows_the_last_run(value: str) -> None:
    page = open_page("column_lab.lab_page")
    before = component_data(page)
    send(page, "lab", value)
    assert not page.exception
    after = component_data(page)
    (note,) = after["notes"]
    assert note.startswith(REFUSED)
    assert (after["result"], after["values"]) == (before["result"], before["values"])


def test_the_lab_mends_numbers_that_are_none() -> None:
    page = open_page("column_lab.lab_page")
    send(page, "lab", '{"ask": {"values": {"task": "column", "seed": NaN, "noise": -Infinity}, "seq": 1}}')
    assert not page.exception
    assert component_data(page)["notes"] == [
        "Noise: -inf is not possible here; 0.0 is used.",
        "Seed: 'nan' is no number; 0 is used.",
    ]


@pytest.mark.parametrize(
    "value",
    [*ODD, '{"ask": {"temperature": "hot", "seq": 1}}', '{"ask": {"temperature": NaN, "seq": 1}}',
     '{"ask": {"temperature": Infinity, "seq": 1}}', f'{{"ask": {{"temperature": {HUGE}, "seq": 1}}}}',
     f'{{"ask": {{"temperature": 1, "seq": 1, "word": {HUGE}}}}}',
     '{"ask": {"temperature": 1, "seq": 1, "word": "a"}}'],
)  # fmt: skip
def test_how_it_works_tells_what_is_wrong_and_keeps_its_slider(value: str) -> None:
    page = open_page("how_it_works.how_page", review_model="luong")
    before = component_data(page, "softmax")
    send(page, "softmax", value)
    assert not page.exception
    after = component_data(page, "softmax")
    assert after["message"].startswith(REFUSED)
    assert after["state"] == "error"
    assert (after["temperature"], after["word"]) == (before["temperature"], before["word"])
    send(page, "softmax", '{"ask": {"temperature": 2.0, "word": null, "settled": true, "seq": 1}}')
    after = component_data(page, "softmax")
    assert (after["state"], after["message"], after["temperature"]) == ("ready", "", 2.0)


def test_what_the_lab_asked_is_no_request_of_a_part_of_reviews() -> None:
    ask = {"values": {}, "seq": 1, "repeat": False, "settled": False}
    page = settle(open_page("reviews.reviews_page", asked_of_lab=ask, lab_ask=ask))
    assert set(page.session_state[SLOTS]) == {"trust", "erasure"}
    assert page.session_state.lab_ask == ask
