"""Keras' Tokenizer, word indices and functions: the ids that they give themselves, and where the words stand."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.backend import keras
from attnviz.errors import SettingError
from attnviz.foreign.tokenizing import Tokenization
from attnviz.foreign.tokenizing_kinds import read_tokenizer

Tokenizer = import_module(f"{keras.__name__}.src.legacy.preprocessing.text").Tokenizer
TEXTS = ["The film's great, don't miss it!", "a bad film and a bad plot", "ÉCOLE café İstanbul straße ΑΣ 电影"]
STRANGE = st.text(st.sampled_from("aAéÉİßΣ电影'!.,<br/> _-\t\n\r\x0b\xa0\u2028\U0001f600 thefilmbad"))


def make_tokenizer(**settings: Any) -> Any:
    tokenizer = Tokenizer(**settings)
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def ids(tokenization: Tokenization, text: str) -> list[int]:
    return [id for word in tokenization.split(text) for id in word.ids]


TOKENIZERS = {
    "default": make_tokenizer(),
    "unknown words": make_tokenizer(oov_token="<OOV>"),
    "few words": make_tokenizer(num_words=4),
    "few and unknown words": make_tokenizer(num_words=4, oov_token="<OOV>"),
    "as they are": make_tokenizer(lower=False, filters=""),
    "characters": make_tokenizer(char_level=True),
    "split at commas": make_tokenizer(split=","),
}


@pytest.mark.parametrize("name", TOKENIZERS)
@given(text=STRANGE)
@example("İ The İ film")
def test_the_ids_are_those_of_the_tokenizer(name: str, text: str) -> None:
    tokenizer = TOKENIZERS[name]
    for given_ in (tokenizer, tokenizer.to_json()):
        assert ids(read_tokenizer(given_), text) == tokenizer.texts_to_sequences([text])[0]


def test_words_stand_where_they_are_even_where_lower_case_is_longer() -> None:
    text = "İ THE film, İ bad"
    assert [text[word.start : word.end] for word in read_tokenizer(TOKENIZERS["default"]).split(text)] == [
        "THE",
        "film",
        "bad",
    ]


def test_dropped_words_are_said_and_unknown_ones_are_marked() -> None:
    dropping, keeping = (read_tokenizer(TOKENIZERS[name]) for name in ("default", "unknown words"))
    assert any("dropped" in note for note in dropping.notes)
    assert not any("dropped" in note for note in keeping.notes)
    assert [word.known for word in keeping.split("bad unheard film")] == [True, False, True]
    assert keeping.split("unheard")[0].ids == (TOKENIZERS["unknown words"].word_index["<OOV>"],)


def test_the_size_is_that_of_the_ids_in_use() -> None:
    assert read_tokenizer(TOKENIZERS["few words"]).size == 4
    assert read_tokenizer(TOKENIZERS["default"]).size == len(TOKENIZERS["default"].word_index) + 1


@pytest.mark.parametrize(
    "given_",
    [
        Tokenizer(),
        make_tokenizer(analyzer=str.split),
        make_tokenizer(split="--"),
        {},
        {"a": "b"},
        {"a": -1},
        {1: 2},
        {"a": True},
        {"a": 10**9},
        {"un": 0, "##able": 1, "[UNK]": 2},
        ["a", "b", "a"],
        42,
        None,
        dict,
        len,
        lambda text: [(1, 0, 10**6)],
        lambda text: [(1, 3, 4), (1, 0, 1)],
        lambda text: [("a", 0, 1)],
        '{"config": {"word_index": "{"}}',
        '{"config": {"word_index": {"a": 1}, "lower": 3}}',
        '{"config": {"word_index": [1]}}',
        '{"a": [',
        '{"a": {"b": 1}}',
        "{}",
        "[1, 2]",
        "[" * 100_000,
        "/no/such/file.txt",
    ],
    ids=lambda given_: repr(given_).partition(" at ")[0][:30],  # without an address, which each process has its own
)
def test_what_is_no_tokenizer_is_refused_in_a_sentence(given_: Any) -> None:
    with pytest.raises(SettingError) as error:
        read_tokenizer(given_)
    assert 20 < len(str(error.value)) < 500


def test_a_word_index_is_split_as_keras_does_and_says_so() -> None:
    found = read_tokenizer({"film": 1, "bad": 2, "don't": 3})
    assert ids(found, "Bad, FILM! unheard don't") == [2, 1, 3]
    assert any("Keras Tokenizer does by default" in note for note in found.notes)


def test_an_index_of_single_characters_reads_characters() -> None:
    found = read_tokenizer({"[UNK]": 1, "好": 2, "片": 3})
    assert ids(found, "好片, 好") == [2, 3, 1, 1, 2]
    assert any("split into characters" in note for note in found.notes)
    as_layer = read_tokenizer(["", "[UNK]", "好", "片"])
    assert ids(as_layer, "好片，好!") == [2, 3, 1, 2]


def test_special_entries_of_an_index_are_known() -> None:
    found = read_tokenizer({"<PAD>": 0, "<START>": 1, "<UNK>": 2, "film": 3})
    assert ids(found, "a film") == [2, 3]
    assert (found.padding, found.before, found.keeps_before, found.size) == (0, (1,), False, 4)


def test_the_index_of_the_imdb_dataset_gets_its_offset() -> None:
    index = {f"w{number}": number for number in range(1, 88_585)}
    for word, id in (("the", 1), ("and", 2), ("br", 7)):
        del index[f"w{id}"]
        index[word] = id
    found = read_tokenizer(index, 10_000)
    assert ids(found, "the w9996 w9997") == [4, 9999, 2]
    assert found.before == (1,)
    assert found.size == 10_000


@pytest.mark.parametrize(
    ("words", "size", "expected"),
    [
        (["film", "bad"], 2, [1, 0]),
        (["film", "bad"], 3, [2, 1]),
        (["film", "bad"], 4, [3, 1, 2]),  # a TextVectorization's without its special entries: 'unheard' is 1
        (["", "[UNK]", "film", "bad"], 4, [3, 1, 2]),
        (["<pad>", "<start>", "<unknown>", "film", "bad"], 5, [4, 2, 3]),
        (["<pad>", "film", "bad"], 3, [2, 1]),
    ],
)
def test_the_ids_of_a_list_are_found_by_its_entries_and_its_length(
    words: list[str], size: int, expected: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "words.txt"
    file.write_text("".join(f"{word}\n" for word in words), "utf-8")
    for given_ in (words, file, str(file)):
        assert ids(read_tokenizer(given_, size), "Bad unheard film") == expected


def test_files_hold_what_objects_are(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(TOKENIZERS["default"].to_json(), "utf-8")
    assert ids(read_tokenizer(file), "the bad film") == TOKENIZERS["default"].texts_to_sequences(["the bad film"])[0]
    file.write_text(json.dumps({"film": 1, "bad": 2}), "utf-8")
    assert ids(read_tokenizer(file), "bad film") == [2, 1]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vocab.txt"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="can't be read"):
        read_tokenizer(file)


def test_a_function_with_offsets_is_taken_at_its_word() -> None:
    found = read_tokenizer(lambda text: [(7, start, start + 1) for start in range(min(3, len(text)))])
    assert [word[:4] for word in found.split("abc")] == [("a", 0, 1, (7,)), ("b", 1, 2, (7,)), ("c", 2, 3, (7,))]
