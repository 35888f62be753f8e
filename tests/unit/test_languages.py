"""Messages in the reader's language: catalogues that are whole, and how numbers and counts are written."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from attnviz.languages import LANGUAGES, SOURCE, extraction, get_language, tr, tr_n, using_language
from attnviz.languages.catalogue import FOLDER, get_path
from attnviz.render.numerals import format_count, format_number, format_percent, format_probability
from attnviz.web import translation
from attnviz.web.translation import translate_html, translate_module
from tests.node import run_node

ROOT = FOLDER.parents[1]
KEYWORDS = {"gettext": None, "ngettext": (1, 2)}
OTHERS = [language for language in LANGUAGES if language != SOURCE]


@cache
def catalogue(language: str) -> Catalog:
    with get_path(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def messages() -> frozenset[str | tuple[str, ...]]:
    """Every message of the code."""
    methods = [("**.py", extraction.extract), ("**.js", translation.extract), ("**.html", translation.extract)]
    found = extract_from_dir(ROOT / "attnviz", method_map=methods, keywords=KEYWORDS)
    return frozenset(message for _, _, message, _, _ in found)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def names(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_of_the_code_is_translated_and_no_other_one(language: str) -> None:
    held = {message.id: message for message in catalogue(language) if message.id}
    assert held.keys() == messages(), "make messages"
    assert [key for key, message in held.items() if message.fuzzy or not all(texts(message))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_inserts_what_the_message_inserts(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            assert [text for text in texts(message) if names(text) != names(source)] == [], source


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_marks_of_its_message(language: str) -> None:
    """HTML tags and the stars of Markdown are no text: a lost one would spoil a page."""
    for message in catalogue(language):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            marks = sorted(re.findall(r"</?\w+[^>]*>|\*\*|`", source))
            assert [text for text in texts(message) if sorted(re.findall(r"</?\w+[^>]*>|\*\*|`", text)) != marks] == []


def test_a_language_holds_for_its_block_only() -> None:
    assert get_language() == SOURCE
    with using_language("ru"):
        assert get_language() == "ru"
        assert tr("Reviews") == "Отзывы"
    assert tr("Reviews") == "Reviews"


def test_an_empty_message_is_empty_in_every_language() -> None:
    for language in LANGUAGES:
        with using_language(language):
            assert tr("") == ""


@pytest.mark.parametrize(("count", "form"), [(1, "слово"), (2, "слова"), (5, "слов"), (21, "слово"), (2.5, "слова")])
def test_a_count_takes_the_form_of_its_language(count: float, form: str) -> None:
    with using_language("ru"):
        assert tr_n("{n} word", "{n} words", count, n=count) == f"{count} {form}"


@pytest.mark.parametrize(
    ("language", "number", "share", "count"),
    [
        ("en", "−0.050", "12.3\xa0%", "25,000"),
        ("ru", "−0,050", "12,3\xa0%", "25\xa0000"),
        ("zh", "−0.050", "12.3%", "25,000"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, number: str, share: str, count: str) -> None:
    with using_language(language):
        assert (format_number(-0.05), format_percent(0.123), format_count(25_000)) == (number, share, count)


def test_a_sure_answer_has_the_decimal_comma_too() -> None:
    with using_language("ru"):
        assert [format_probability(value) for value in (0.0, 0.5, 1.0)] == ["< 0,001", "0,500", "> 0,999"]


def test_a_module_for_english_readers_has_its_messages_as_they_are_written() -> None:
    source = "const a = t`Leave out`; const b = plural(count(x))`${n} word|${n} words`; const c = format`x`;"
    expected = "const a = `Leave out`; const b = [`${n} word`,`${n} words`][+((count(x))!==1)]; const c = format`x`;"
    assert translate_module(source, SOURCE) == expected


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Let a message have a translation."""

    def say(message: str, translation: str) -> None:
        class Spoken:
            def gettext(self, asked: str) -> str:
                return translation if asked == message else asked

        monkeypatch.setattr("attnviz.web.translation.find_catalogue", lambda language: Spoken())

    return say


@given(said=st.text(max_size=20).filter(lambda text: "{" not in text and "}" not in text))
def test_whatever_a_translation_says_it_stays_a_string(said: str) -> None:
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as patch:

        class Spoken:
            def gettext(self, asked: str) -> str:
                return said

        patch.setattr("attnviz.web.translation.find_catalogue", lambda language: Spoken())
        written = translate_module("t`x`", "ru")
        shown = translate_html("<p>t`x`</p>", "ru")
    inside = written[1:-1]
    assert re.fullmatch(r"(?:[^`\\$]|\\.|\$(?!\{))*", inside, re.DOTALL)
    assert re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL) == said
    assert "<" not in shown[3:-4]


def test_inserted_expressions_stand_where_the_translation_wants_them(speak: Callable[[str, str], None]) -> None:
    speak("{0} of {all}", "из {all}: {0}")
    assert translate_module("t`${format(n)} of ${all}`", "ru") == "`из ${all}: ${format(n)}`"


def test_a_message_inside_of_an_f_string_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("a = f\"{tr('one')}: {tr_n('word', 'words', n)} {tr(name)}\"", encoding="utf-8")
    with file.open("rb") as opened:
        found = [message for _, _, message, _ in extraction.extract(opened, None, None, None)]
    assert found == ["one", ("word", "words")]


def test_a_message_inside_of_another_one_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text("const a = t`all ${few ? t`but some` : ''}`;", encoding="utf-8")
    with file.open("rb") as opened:
        assert [message for _, _, message, _ in translation.extract(opened, None, None, None)] == [
            "all {0}",
            "but some",
        ]


def test_the_forms_of_a_count_are_those_of_the_language(tmp_path: Path) -> None:
    script = tmp_path / "a.mjs"
    said = translate_module("[1, 3, 5, 11, 21, 2.5].map((n) => plural(n)`${n} word|${n} words`)", "ru")
    script.write_text(f"console.log({said}.join('; '))", encoding="utf-8")
    assert run_node(str(script)).stdout == "1 слово; 3 слова; 5 слов; 11 слов; 21 слово; 2.5 слова\n"
