"""Words of several steps: they are chosen, left out and put into rows as words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.explain.arranging import WordSteps, leave_out, pad_right, sum_steps
from attnviz.explain.text_reader import VocabularyReader, check_text
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.text.words import MAX_CHARACTERS

texts = st.lists(st.lists(st.integers(1, 99), max_size=3), max_size=6)


def put_together(words: list[list[int]]) -> WordSteps:
    return WordSteps([id for word in words for id in word], np.cumsum([0, *map(len, words)]))


def to_lists(row: WordSteps) -> list[list[int]]:
    return [word.tolist() for word in row]


@given(texts, st.data())
def test_words_are_chosen_in_any_order_with_all_of_their_steps(words: list[list[int]], data: st.DataObject) -> None:
    row = put_together(words)
    assert to_lists(row) == words
    order = data.draw(st.lists(st.sampled_from(range(len(words))), max_size=8) if words else st.just([]))
    chosen = row[np.array(order, dtype=np.int64)]
    assert to_lists(chosen) == [words[place] for place in order]
    assert chosen == put_together([words[place] for place in order])


@given(texts.filter(bool), st.data())
def test_a_word_is_left_out_with_all_of_its_steps(words: list[list[int]], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(range(len(words))))
    assert to_lists(leave_out(put_together(words), place)) == words[:place] + words[place + 1 :]


@given(texts)
def test_a_sum_over_steps_counts_each_step_for_its_own_word(words: list[list[int]]) -> None:
    row = put_together(words)
    arranged = pad_right([row], len(row.ids) + 2)
    found = sum_steps(arranged.ids[0].astype(np.float32), arranged.places[0], len(row))
    assert found.tolist() == [sum(word) for word in words]
    assert arranged.places[0].tolist().count(-1) == 2


def test_words_with_other_steps_have_other_bytes() -> None:
    assert WordSteps([3, 4], [0, 1, 2]).tobytes() != WordSteps([3, 4], [0, 2, 2]).tobytes()
    assert WordSteps([3, 4], [0, 1, 2]) != WordSteps([3, 4], [0, 2])


@pytest.mark.parametrize("starts", [[0, 3], [1, 2], [0, 2, 1, 2], []])
def test_steps_must_be_cut_into_words(starts: list[int]) -> None:
    with pytest.raises(ValueError, match="does not cut 2 steps"):
        WordSteps([3, 4], starts)


def test_an_empty_text_is_a_step_of_padding() -> None:
    ids, places = pad_right([np.zeros(0, np.int32)])
    assert (ids.tolist(), places.tolist()) == ([[0]], [[-1]])


def test_the_vocabulary_s_reader_reads_the_last_words() -> None:
    reader = VocabularyReader(Vocabulary((*SPECIAL_WORDS, "good", "film")), 2)
    read = reader.encode("A good film")
    assert (read.inputs.tolist(), read.truncated, read.truncated_end) == ([3, 4], 1, 0)
    assert [token.text for token in read.tokens] == ["good", "film"]
    with pytest.raises(SettingError, match="at least one word"):
        VocabularyReader(Vocabulary(SPECIAL_WORDS), 0)


@pytest.mark.parametrize(("text", "said"), [(None, "must be a str"), ("a" * (MAX_CHARACTERS + 1), "at most")])
def test_what_is_no_text_is_refused(text: object, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        check_text(text)
