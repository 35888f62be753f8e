"""Texts of scripts without blanks: characters with their places, the segmenter, and the choice between them."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.text import reading_units
from attnviz.text.reading_units import find_unit, get_splitter
from attnviz.text.unspaced_scripts import measure_unspaced
from attnviz.text.vocabulary import SPECIAL_WORDS, UNKNOWN, Vocabulary
from attnviz.text.words import split_words, words

ENGLISH = "A quiet film; I liked it (日本)."
CHINESE = "这部电影很好看,我用 iPhone 看了两遍。"
JAPANESE = "この映画はとても良かった。"
THAI = "หนังเรื่องนี้ดีมาก"


@pytest.fixture
def jieba(monkeypatch: pytest.MonkeyPatch) -> None:
    """A segmenter that cuts after every second character."""
    cut = lambda text: [text[start : start + 2] for start in range(0, len(text), 2)]  # noqa: E731
    monkeypatch.setitem(sys.modules, "jieba", SimpleNamespace(cut=cut, setLogLevel=lambda level: None))
    reading_units._load_jieba.cache_clear()
    yield
    reading_units._load_jieba.cache_clear()


@pytest.fixture
def no_jieba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jieba", None)
    monkeypatch.setattr(reading_units, "has_jieba", lambda: False)
    reading_units._load_jieba.cache_clear()


def test_each_chinese_character_is_a_token_and_latin_words_stay_whole() -> None:
    read = get_splitter("characters").read
    assert read(CHINESE) == [*"这部电影很好看我用", "iphone", *"看了两遍"]
    assert read("看iPhone看") == ["看", "iphone", "看"]


def test_vowels_and_tones_stay_with_their_character() -> None:
    read = get_splitter("characters").read
    assert read(THAI) == ["ห", "นั", "ง", "เ", "รื่", "อ", "ง", "นี้", "ดี", "ม", "า", "ก"]
    assert read("が") == ["が"], "composed as the vocabulary spells it"


@given(st.text())
def test_tokens_stand_in_order_where_their_offsets_say(text: str) -> None:
    found = get_splitter("characters").split(text)
    ends = [0]
    for word in found:
        assert ends[-1] <= word.start < word.end <= len(text)
        ends.append(word.end)
    assert [word.text for word in found] == get_splitter("characters").read(text)


@given(st.text(st.characters(max_codepoint=0xDFF)))
def test_texts_of_spaced_scripts_have_the_same_tokens_by_characters_as_by_words(text: str) -> None:
    assert get_splitter("characters").split(text) == split_words(text)


@pytest.mark.parametrize("text", [CHINESE, JAPANESE, THAI])
def test_unspaced_scripts_are_read_by_characters(text: str, no_jieba: None) -> None:
    assert find_unit([text] * 3) == "characters"


def test_words_are_read_where_a_few_foreign_characters_stand_among_them(jieba: None) -> None:
    assert find_unit([ENGLISH] * 3) == "words"
    assert find_unit([]) == "words"
    assert measure_unspaced([ENGLISH])[0] == pytest.approx(2 / 20)


def test_chinese_is_cut_by_jieba_where_it_is_installed_and_japanese_is_not(jieba: None) -> None:
    assert find_unit([CHINESE]) == "jieba"
    assert find_unit([JAPANESE]) == "characters"
    split = get_splitter("jieba").split("好看极了 OK")
    assert [(word.text, word.start, word.end) for word in split] == [("好看", 0, 2), ("极了", 2, 4), ("ok", 5, 7)]


def test_without_jieba_its_data_sets_say_what_is_missing(no_jieba: None) -> None:
    with pytest.raises(SettingError, match="pip install jieba"):
        Vocabulary(SPECIAL_WORDS, "jieba").encode("好看")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(SettingError, match="words, characters, jieba"):
        get_splitter("syllables")


def test_a_vocabulary_numbers_what_its_unit_reads() -> None:
    vocabulary = Vocabulary.from_texts(["好看好", "看"], unit="characters")
    assert list(vocabulary)[3:] == ["好", "看"]
    tokens = vocabulary.tokenize("很好看")
    assert [(token.text, token.start, token.end, token.id) for token in tokens] == [
        ("很", 0, 1, UNKNOWN),
        ("好", 1, 2, 3),
        ("看", 2, 3, 4),
    ]
    assert vocabulary.truncated(4).unit == "characters"
    assert words("很好看") == ["很好看"]
