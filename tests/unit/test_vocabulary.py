"""The vocabulary that numbers words, and a text's tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.text.vocabulary import PADDING, SPECIAL_WORDS, START, UNKNOWN, Tokens, Vocabulary
from attnviz.text.words import split_words

VOCABULARY_WORDS = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1))


def test_ids_are_three_special_ones_and_then_words_by_frequency_with_ties_in_order_of_appearance() -> None:
    vocabulary = Vocabulary.from_texts(["two one three", "Three three two zebra apple"])
    assert (PADDING, START, UNKNOWN) == (0, 1, 2)
    assert list(vocabulary) == [*SPECIAL_WORDS, "three", "two", "one", "zebra", "apple"]
    assert [vocabulary.id(word) for word in ("three", "apple", "absent", "<pad>")] == [3, 7, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(("size", "kept"), [(None, 3), (5, 2), (4, 1), (3, 0), (0, 0)])
def test_a_size_limit_counts_the_special_ids(size: int | None, kept: int) -> None:
    assert len(Vocabulary.from_texts(["a a a b b c"], size)) == 3 + kept


def test_truncating_keeps_the_first_entries() -> None:
    assert list(Vocabulary.from_texts(["a a b b c"]).truncated(5)) == [*SPECIAL_WORDS, "a", "b"]


def test_tokens_carry_id_and_whether_the_word_is_known() -> None:
    tokens = Vocabulary.from_texts(["good film"]).tokenize("A GOOD film")
    assert [(token.text, token.start, token.end, token.id, token.known) for token in tokens] == [
        ("a", 0, 1, UNKNOWN, False),
        ("good", 2, 6, 3, True),
        ("film", 7, 11, 4, True),
    ]


@given(text=st.text(max_size=60), last=st.integers(0, 5))
def test_tokens_are_the_last_words_of_the_text_with_their_ids(text: str, last: int) -> None:
    vocabulary = Vocabulary.from_texts(["good film", text[::2]])
    found = split_words(text)
    ids = vocabulary.encode(text)[-last:] if last else vocabulary.encode(text)
    tokens = Tokens(text, ids)
    expected = found[-last:] if last else found
    assert len(tokens) == len(expected)
    assert [(token.text, token.start, token.end) for token in tokens] == [tuple(word) for word in expected]
    assert [token.id for token in tokens] == [vocabulary.id(word.text) for word in expected] == ids.tolist()
    assert tokens == tuple(tokens) == Tokens(text, ids)
    assert tokens[1:] == tuple(tokens)[1:]


@pytest.fixture(scope="module")
def vocabulary_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("text") / "vocabulary.txt"


@given(kept=VOCABULARY_WORDS)
@example(kept=["a\x85b", "line\u2028", "\x0b", "tab\r", "\x00", "😀"])
def test_a_saved_vocabulary_loads_with_every_word_as_it_was(vocabulary_file: Path, kept: list[str]) -> None:
    vocabulary = Vocabulary((*SPECIAL_WORDS, *dict.fromkeys(kept)))
    vocabulary.save(vocabulary_file)
    assert list(Vocabulary.load(vocabulary_file)) == list(vocabulary)


def test_repeated_words_are_refused() -> None:
    with pytest.raises(SettingError, match="each word once"):
        Vocabulary((*SPECIAL_WORDS, "a", "b", "a"))


def test_a_vocabulary_without_the_special_words_is_refused() -> None:
    with pytest.raises(SettingError, match="<pad>"):
        Vocabulary(("a", "b", "c"))
