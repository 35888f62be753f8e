from __future__ import annotations

import pytest

from attnviz.languages import using_language
from attnviz.render.paragraphs import join_sentences


@pytest.mark.parametrize(("language", "said"), [("en", "One. {Two}."), ("ru", "One. {Two}."), ("zh", "One.{Two}.")])
def test_sentences_are_parted_as_the_language_does(language: str, said: str) -> None:
    with using_language(language):
        assert join_sentences("", "One.", "", "{Two}.") == said


def test_of_nothing_there_is_no_paragraph() -> None:
    assert join_sentences() == join_sentences("", "") == ""
