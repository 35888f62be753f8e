"""Tokenizers that make pieces of words: the same ids as theirs, put together to words that stand where they are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz.errors import SettingError
from attnviz.explain.arranging import WordSteps
from attnviz.foreign import tokenizing_pieces
from attnviz.foreign.readers import Layout, TokenReader
from attnviz.foreign.tokenizing import Tokenization
from attnviz.foreign.tokenizing_kinds import read_tokenizer

tokenizers = pytest.importorskip("tokenizers", reason="sub-words need the library tokenizers")

CORPUS = ["a truly wonderful film unbelievable believable able", "don't miss it cafe naive bad acting weak plot"] * 20
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "film", "un", "##believ", "##able", "!", "a", "the"]
STRANGE = st.text(st.sampled_from("aAéÉİß电影'!.,[SEP]<s> _-\t\n\xa0\u2028\U0001f600thefilmunable"))


def make_byte_pairs() -> Any:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    specials = ["<s>", "<pad>", "</s>"]
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=320, initial_alphabet=alphabet, special_tokens=specials, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = tokenizers.processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.enable_padding(length=16, pad_id=1)
    tokenizer.enable_truncation(16)
    return tokenizer


def make_word_pieces() -> Any:
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordPiece({p: i for i, p in enumerate(PIECES)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[SEP]"])
    return tokenizer


def make_unigrams() -> Any:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=60, special_tokens=["<pad>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


MADE = {"byte pairs": cache(make_byte_pairs), "word pieces": cache(make_word_pieces), "unigrams": cache(make_unigrams)}


def ids(tokenization: Tokenization, text: str) -> list[int]:
    return [id for word in tokenization.split(text) for id in word.ids]


def plain(tokenizer: Any) -> Any:
    """A copy that neither pads nor cuts."""
    copy = tokenizers.Tokenizer.from_str(tokenizer.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


@pytest.mark.parametrize("name", MADE)
@given(text=STRANGE)
@example("  \n a  film  ")
@example("[SEP] the [SEP]")
def test_the_ids_are_those_of_the_tokenizer(name: str, text: str) -> None:
    found = read_tokenizer(MADE[name]())
    assert [*found.before, *ids(found, text), *found.after] == plain(MADE[name]()).encode(text).ids
    spans = [(word.start, word.end) for word in found.split(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def test_pieces_are_put_together_to_words() -> None:
    text = "An UNBELIEVABLE film!"
    words = read_tokenizer(MADE["word pieces"]()).split(text)
    assert [(text[word.start : word.end], word.ids, word.known) for word in words] == [
        ("An", (1,), False),
        ("UNBELIEVABLE", (5, 6, 7), True),
        ("film", (4,), True),
        ("!", (8,), True),
    ]


def test_padding_and_cutting_are_those_of_the_tokenizer_which_stays_as_it_is() -> None:
    tokenizer = make_byte_pairs()
    before = tokenizer.to_str()
    found = read_tokenizer(tokenizer)
    assert (found.padding, found.side, found.cut, found.length, found.pads) == (1, "right", "end", 16, True)
    assert (found.before, found.after) == ((0,), (2,))
    assert tokenizer.to_str() == before


@given(text=STRANGE)
def test_rows_are_those_of_the_tokenizer_cut_and_padded(text: str) -> None:
    tokenizer = MADE["byte pairs"]()
    reader = TokenReader(read_tokenizer(tokenizer), Layout("right", 16, True))
    encoded = reader.encode(text)
    assert isinstance(encoded.inputs, WordSteps)
    assert reader.arrange([encoded.inputs]).ids[0].tolist() == tokenizer.encode(text).ids


def test_a_bare_wordpiece_vocabulary_is_read_as_bert_does(tmp_path: Path) -> None:
    file = tmp_path / "vocab.txt"
    file.write_text("\n".join(PIECES), "utf-8")
    for given_ in (PIECES, file):
        found = read_tokenizer(given_)
        assert ids(found, "Unbelievable film") == [5, 6, 7, 4]
        assert (found.before, found.after, found.padding) == ((2,), (3,), 0)
        assert "WordPiece" in found.notes[0]


def test_a_tokenizer_json_is_the_tokenizer(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(make_byte_pairs().to_str(), "utf-8")
    assert ids(read_tokenizer(file), "a film") == ids(read_tokenizer(make_byte_pairs()), "a film")
    file.write_text(json.dumps({"model": {"type": "none"}}), "utf-8")
    with pytest.raises(SettingError, match="can't read this tokenizer"):
        read_tokenizer(file)


def test_without_the_library_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizing_pieces, "find_spec", lambda name: None)
    with pytest.raises(SettingError, match="pip install tokenizers"):
        read_tokenizer(PIECES)


@pytest.fixture(scope="module")
def hub() -> Any:
    return pytest.importorskip("keras_hub", reason="its tokenizers are tested where it is installed")


def make_hub_tokenizers(hub: Any, folder: Path) -> list[Any]:
    make_byte_pairs().model.save(str(folder))
    vocabulary = {**json.loads((folder / "vocab.json").read_text("utf-8")), "<|endoftext|>": 320}
    merges = (folder / "merges.txt").read_text("utf-8").split("\n")[1:-1]
    return [
        hub.tokenizers.WordPieceTokenizer(vocabulary=PIECES, lowercase=True, oov_token="[UNK]"),
        hub.models.BertTokenizer(vocabulary=[*PIECES, "[MASK]"], lowercase=True),
        hub.models.GPT2Tokenizer(vocabulary=vocabulary, merges=merges),
    ]


def test_the_ids_are_those_of_keras_hub(hub: Any, tmp_path: Path) -> None:
    texts = [
        "A truly unbelievable, (film)! zzz",
        "don't miss café 电影 x",
        "the [SEP] end  \n of it",
        "",
        " ",
        "İ é \U0001f600",
    ]
    for tokenizer in make_hub_tokenizers(hub, tmp_path):
        found = read_tokenizer(tokenizer)
        for text in texts:
            expected = tokenizer(text)
            assert ids(found, text) == list(expected.numpy() if hasattr(expected, "numpy") else expected)


def test_a_preprocessor_of_keras_hub_says_what_stands_around(hub: Any) -> None:
    tokenizer = hub.models.BertTokenizer(vocabulary=[*PIECES, "[MASK]"], lowercase=True)
    found = read_tokenizer(hub.models.BertTextClassifierPreprocessor(tokenizer, sequence_length=12))
    assert (found.before, found.after, found.length, found.side, found.padding) == ((2,), (3,), 12, "right", 0)
    words = found.split("A unbelievable film")
    assert [(word.text, word.ids) for word in words] == [("a", (9,)), ("unbelievable", (5, 6, 7)), ("film", (4,))]
