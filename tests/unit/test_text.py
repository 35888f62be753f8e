"""Words, offsets and the vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.text.vocabulary import PADDING, SPECIAL_WORDS, START, UNKNOWN, Tokens, Vocabulary
from attnviz.text.words import split_words, words

ODD_PARTS = [
    *("<br />", "<BR/>", "<br>", "< br>", "br", "Σ", "σ", "ς", "Α", "İ", "ı", "ſ", "ß", "'", ".", ":", "!", "<", ">"),
    *(" ", "\n", "\t", "\r", "\x00", "\x0b", "\x1f", "\x85", "\u2028", "\u3000", "\u00ad", "\u0345", "\u0307"),
    *("e\u0301", "😀", "👩‍🎤", "א", "\ud800", "Word"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(ODD_PARTS)).map("".join))
VOCABULARY_WORDS = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1))


def text_to_word_sequence(text: str) -> list[str]:
    """Keras' classic tokenizer with its default filter, after `<br />` became a space."""
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE).lower()
    text = text.translate(str.maketrans(dict.fromkeys('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', " ")))
    return [word for word in text.split(" ") if word]


@given(TEXTS)
@example("İstanbul is İN it")
@example("ΟΔΟΣ. ΟΔΟΣ'Α ΣΣ Σ")
@example("İ ΟΔΟΣ<br />Α")
@example("nul\x00in a word\x1f and\x85out")
@example("👩‍🎤 sings 😀")
def test_words_equal_those_of_the_classic_tokenizer(text: str) -> None:
    assert words(text) == text_to_word_sequence(text)


@given(TEXTS)
@example("İİ<br/>ΑΣ İ")
def test_split_words_finds_the_same_words_as_words(text: str) -> None:
    assert [word.text for word in split_words(text)] == words(text)


@given(TEXTS)
@example("İa İb")
def test_words_lie_in_order_and_between_them_is_nothing_that_belongs_to_a_word(text: str) -> None:
    position, gaps, joined = 0, [], ""
    for word in split_words(text):
        assert position <= word.start < word.end
        gaps.append(text[position : word.start])
        joined += gaps[-1] + text[word.start : word.end]
        position = word.end
    gaps.append(text[position:])
    assert joined + gaps[-1] == text
    assert not any(words(gap) for gap in gaps)


def test_offsets_point_at_the_original_spelling() -> None:
    text = "İt's GREAT,\n<br />Überraschung 😀!"
    assert [text[word.start : word.end] for word in split_words(text)] == ["İt's", "GREAT", "Überraschung", "😀"]


@pytest.mark.parametrize("mark", ["<br />", "<br>", "<BR/>", "<br\n/>", "<br  >"])
def test_a_line_break_of_html_is_never_a_word(mark: str) -> None:
    assert words(f"end{mark}start") == ["end", "start"]


def test_apostrophes_stay_in_words_and_other_punctuation_does_not() -> None:
    assert words("Don't say 'never', well-known e.g. snake_case") == [
        *("don't", "say", "'never'", "well", "known", "e", "g", "snake", "case"),
    ]


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
