"""Words and their offsets, in plain and in typographic text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attnviz
import attnviz.text.words
from attnviz.text.words import APOSTROPHES, FILTERS, INVISIBLE, SEPARATORS, normalize_word, split_words, words

ODD_PARTS = [
    *("<br />", "<BR/>", "<br>", "< br>", "br", "Σ", "σ", "ς", "Α", "İ", "ı", "ſ", "ß", "'", ".", ":", "!", "<", ">"),
    *(
        " ",
        "\n",
        "\t",
        "\r",
        "\x00",
        "\x0b",
        "\x1f",
        "\x85",
        "\u2028",
        "\u3000",
        "\u00ad",
        "\u0345",
        "\u0307",
        "\ufb01",
    ),
    *("’", "‘", "“", "”", "–", "—", "…", "\u00a0", "\u200b", "\u200d", "\ufeff", "！", "，", "。", "＇", "é", "K", "Å"),
    *("\ufb01", "e\u0301", "😀", "👩‍🎤", "א", "\ud800", "Word"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(ODD_PARTS)).map("".join))
ASCII_TEXTS = st.one_of(
    st.text(st.characters(max_codepoint=127)),
    st.lists(st.sampled_from([part for part in ODD_PARTS if part.isascii()])).map("".join),
)
LETTERS = st.text(st.characters(categories=["L", "Nd", "Zs"]))

KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""The default filter of Keras' classic tokenizer, once more."""


def text_to_word_sequence(text: str) -> list[str]:
    """Keras' classic tokenizer with its default filter, after `<br />` became a space."""
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE).lower()
    text = text.translate(str.maketrans(dict.fromkeys(KERAS_FILTERS, " ")))
    return [word for word in text.split(" ") if word]


@given(ASCII_TEXTS)
@example("nul\x00in a word\x1f and\x7fout")
@example("Don't say 'never'<br />e.g.\r\nsnake_case")
def test_words_of_ascii_text_equal_those_of_the_classic_tokenizer(text: str) -> None:
    assert words(text) == text_to_word_sequence(text)


@given(ASCII_TEXTS)
def test_plain_words_beside_a_word_beyond_ascii_stay_as_they_are(text: str) -> None:
    assert words(f"{text} café") == [*words(text), "café"]
    assert words(f"“{text}”") == words(text)


@given(TEXTS)
@example("İİ<br/>ΑΣ İ")
def test_split_words_finds_the_same_words_as_words(text: str) -> None:
    assert [word.text for word in split_words(text)] == words(text)


@given(TEXTS)
@example("İa İb")
@example("a\u00ad \u00ad b")
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


@given(TEXTS)
@example("ΟΔΟΣ. ΟΔΟΣ'Α ΣΣ Σ")
@example("İ ΟΔΟΣ<br />Α")
def test_the_original_of_each_word_is_read_as_the_word(text: str) -> None:
    for word in split_words(text):
        original = text[word.start : word.end]
        assert normalize_word(original) == word.text
        assert words(original) == [word.text]


@given(TEXTS)
def test_reading_words_once_more_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


@given(LETTERS)
@example("Élan vital über Ǻ İ Ωmega")
def test_composed_and_decomposed_letters_are_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


def test_a_row_of_a_million_marks_is_not_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That would take half an hour."""
    composed: list[str] = []
    monkeypatch.setattr(attnviz.text.words, "normalize", lambda form, word: composed.append(word) or word)
    marks = "e" + "\u0301\u0327" * 500_000
    assert words(f"{marks} café") == [marks, "café"]
    assert composed == ["café"]


@pytest.mark.parametrize(
    ("typographic", "plain"),
    [
        ("this isn’t good", "this isn't good"),
        ("I donʼt, I don＇t, it´s, rock ’n’ roll", "I don't, I don't, it's, rock 'n' roll"),
        ("a “great” film, «superbe», „toll“, ‹so› ‚la‘", "a great film superbe toll so la'"),
        ("well‐known – a film—great―and 10−3", "well-known a film great and 10-3"),
        ("great…but", "great but"),
        ("ten\u00a0out\u2009of\u202fthe\u3000best\u2003films\u2028ever\u205f!", "ten out of the best films ever"),
        ("won\u00adder\u00adful", "wonderful"),
        ("in\u200bvisible ze\u2060ro \ufeffwidth le\u200eft \u200d", "in visible zero width left"),
        ("好！great，film。ok？（yes）「no」", "好 great film ok yes no"),
        ("ＧＲＥＡＴ ﬁlm ﬂawless", "great film flawless"),
        ("café cafe\u0301 CAFÉ", "café café café"),
        ("it\x92s \x93odd\x94 \x96 really\x85", "it's odd really"),
        ("¿Qué? ¡Sí!", "qué sí"),
        ("❤️ ❤", "❤ ❤"),
    ],
)
def test_typographic_text_reads_as_plain_text_does(typographic: str, plain: str) -> None:
    assert words(typographic) == words(plain)


def test_a_typographic_apostrophe_changes_no_answer(library) -> None:  # type: ignore[no-untyped-def]
    explainer = attnviz.load("luong")
    plain, typographic = explainer.explain("It wasn't “a great film”"), explainer.explain("It wasn’t a great film")
    assert plain.probability == typographic.probability
    assert [token.text for token in plain.tokens] == [token.text for token in typographic.tokens]


def test_offsets_point_at_the_original_spelling() -> None:
    text = "İt's GREAT,\n<br />Überraschung 😀! Isn’t it “so\u00adso” cafe\u0301"
    assert [text[word.start : word.end] for word in split_words(text)] == [
        *("İt's", "GREAT", "Überraschung", "😀", "Isn’t", "it", "so\u00adso", "cafe\u0301"),
    ]


@pytest.mark.parametrize("mark", ["<br />", "<br>", "<BR/>", "<br\n/>", "<br  >", "<bR\u00a0/>"])
def test_a_line_break_of_html_is_never_a_word(mark: str) -> None:
    assert words(f"end{mark}start") == ["end", "start"]


def test_apostrophes_stay_in_words_and_other_punctuation_does_not() -> None:
    assert words("Don't say 'never', well-known e.g. snake_case") == [
        *("don't", "say", "'never'", "well", "known", "e", "g", "snake", "case"),
    ]


BEYOND_ASCII = [chr(code) for code in range(128, 0x10000)]


@pytest.mark.parametrize(
    ("characters", "expected"),
    [(SEPARATORS, ["a", "b"]), (APOSTROPHES, ["a'b"]), (INVISIBLE, ["ab"])],
    ids=["separators", "apostrophes", "invisible"],
)
def test_every_character_of_a_class_is_read_as_the_class_says(characters: str, expected: list[str]) -> None:
    members = [character for character in BEYOND_ASCII if re.match(f"[{characters}]", character)]
    assert [character for character in members if words(f"a{character}b") != expected] == []


def test_no_white_space_or_dash_or_quotation_mark_stays_in_a_word() -> None:
    """By Unicode's categories: spaces, dashes, and quotation marks of either side."""
    parting = [c for c in BEYOND_ASCII if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Pd", "Pi", "Pf")]
    apostrophes = {"‘", "’", "‛"}
    assert [hex(ord(c)) for c in parting if c not in apostrophes and words(f"a{c}b") != ["a", "b"]] == []
    assert FILTERS == KERAS_FILTERS
