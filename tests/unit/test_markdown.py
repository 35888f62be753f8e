"""Text from outside, in Markdown; the browser tests show it to Streamlit's own parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.render.markdown import WORD_JOINER, escape_markdown


def test_names_from_outside_are_shown_as_they_are() -> None:
    assert escape_markdown("![a](b) *c* <d>.csv") == r"\!\[a\]\(b\) \*c\* \<d\>\.csv"


@given(st.text())
def test_what_is_shown_is_the_text(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape_markdown(text))
    assert shown.replace(WORD_JOINER, "") == text.replace(WORD_JOINER, "")


@pytest.mark.parametrize("address", ["www.evil.com", "WWW.evil.com", "http://evil.com/x.y", "me@evil.com"])
def test_no_dot_of_an_address_follows_its_word(address: str) -> None:
    assert not re.search(r"\w\\?\.\w", escape_markdown(f"see {address}"))
