"""The tab 'You against the network': nothing is shown before the marks, everything after them."""

from __future__ import annotations

import json

import attnviz
from attnviz.evidence.marking_study import mark_text
from attnviz.render.overlap_report import describe_overlap
from tests.app.visits import component_data, html_blocks, open_tab, said, send, settle

BOARD, TITLE = "marking", "You against it"


def give(page, places: list[int], of: str | None = None):
    asked = {"marked": places, "of": of or component_data(page, BOARD)["of"]}
    return settle(send(page, BOARD, json.dumps({"ask": asked})))


def test_marks_come_first_and_then_the_scores() -> None:
    page = settle(open_tab(TITLE))
    before = component_data(page, BOARD)
    assert (before["marked"], before["maps"]) == (None, [])
    assert not html_blocks(page, "attnviz-overlap")
    give(page, [2, 5])
    after = component_data(page, BOARD)
    assert (after["marked"], len(after["maps"])) == ([2, 5], 2)
    explainer, text = attnviz.load("luong"), page.session_state.review_text
    expected = mark_text([explainer.explain(text, method) for method in ("attention", "gradient")], [2, 5])
    assert describe_overlap(expected.overlaps, 2, "attention") in said(page)
    assert len(html_blocks(page, "attnviz-overlap")) == 1
    assert "Your study: 1 text" in said(page)


def test_the_first_marks_of_a_text_count() -> None:
    page = give(settle(open_tab(TITLE)), [2])
    give(page, [3])
    assert [one.marked for one in page.session_state.against_study] == [(2,)]


def test_late_and_wrong_marks_change_nothing() -> None:
    page = settle(open_tab(TITLE))
    give(page, [2], of="another text")
    assert "against_study" not in page.session_state
    give(page, [10_000])
    assert "10\\,001 is marked" in page.error[0].value  # as Markdown
    give(page, "nonsense")
    assert page.error


def test_a_review_that_nobody_has_seen_takes_the_place_of_the_text() -> None:
    page = settle(open_tab(TITLE))
    page.button(key="against_draw").click().run()
    settle(page)
    assert page.session_state.against_text
    page.button(key="against_own").click().run()
    assert page.session_state.against_text is None
