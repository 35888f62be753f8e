"""The table of 'Can I trust it?'."""

from __future__ import annotations

import re

import pytest

from attnviz.render.html import escape_text
from attnviz.render.trust_report import HELP, render_trust
from attnviz.values.faithfulness import Compared, Faithfulness
from attnviz.values.methods import TYPED_METHODS
from tests.made import say

NEEDED, ENOUGH, OTHER = Compared(0.5, 0.1, 99, 99), Compared(-0.00001, 0.25, 97, 99), Compared(-0.5, 0, 1, 99)
MEASURED = Faithfulness("text", 30, say(0.9), 1, "attention", "luong", NEEDED, ENOUGH, {"gradient": OTHER}, 9_999)


def test_the_table_has_each_number_beside_that_of_random_maps() -> None:
    html = render_trust(MEASURED, "attention")
    beaten = (">beats 99 of 99<", ">beats 97 of 99<", ">beats 1 of 99<")
    for number in ("<b>0.500</b>", ">0.100<", "<b>0.000</b>", "<b>−0.500</b>", ">–<", *beaten):
        assert number in html
    assert "<small>keeps all of it</small>" in html
    for sentence in HELP.values():
        assert escape_text(sentence) in html
    answers = re.findall(r">(yes|not shown)<", html)
    assert answers == ["yes", "yes", "not shown"], "needed, enough, and the order is another one"


@pytest.mark.parametrize("method", TYPED_METHODS)
def test_before_a_measurement_the_table_keeps_its_place(method: str) -> None:
    html = render_trust(None, method)
    assert html.count('scope="row"') == (4 if method in ("attention", "integrated_gradients") else 3)
    assert "opacity" not in html
    assert "opacity:.45" in render_trust(MEASURED, method, stale=True)


@pytest.mark.parametrize("words", [0, 1])
def test_without_two_words_there_is_no_table(words: int) -> None:
    assert render_trust(Faithfulness("", words, say(None), 1, "attention", "luong"), "attention") == ""
