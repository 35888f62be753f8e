"""Texts as a `keras.layers.TextVectorization` reads them, with the places that the layer itself does not give."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from attnviz.backend import keras, tf
from attnviz.errors import SettingError
from attnviz.foreign.text_places import find_places
from attnviz.foreign.tokenizing import ReadWord, Tokenization
from attnviz.languages import keep
from attnviz.values import finding_forms

PUNCTUATION = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"
"""What 'strip_punctuation' takes out, the apostrophe too: "don't" is read as 'dont'."""

_WORD = re.compile(r"[^ \t\n\v\f\r]+")  # TensorFlow parts words at white space of ASCII only
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)  # and lowers no other letters
_STRIP = str.maketrans("", "", PUNCTUATION)

UNKNOWN_ID = 1


def read_text_vectorization(layer: keras.layers.TextVectorization) -> Tokenization:
    """How the layer reads texts.

    Raises:
        SettingError: it gives something else than the ids of words, or has no vocabulary yet.
    """
    settings = layer.get_config()
    _check(settings)
    words = layer.get_vocabulary()
    if len(words) < 3:
        raise SettingError(finding_forms.NOT_ADAPTED)
    return Tokenization(
        kind=finding_forms.TEXT_VECTORIZATION,
        split=_find_split(layer, settings, {word: id for id, word in enumerate(words)}),
        size=len(words),
        side="right",
        length=settings["output_sequence_length"],
    )


def split_as_vectorized(
    text: str, ids: Mapping[str, int], standardize: str | None = "lower_and_strip_punctuation"
) -> list[ReadWord]:
    """The words of a text with a split at white space, as the layer has them; `ids` gives each its id."""
    found = (_standardize(match, standardize) for match in _WORD.finditer(text))
    return [ReadWord(word, start, end, (ids.get(word, UNKNOWN_ID),), word in ids) for word, start, end in found if word]


def _check(settings: Mapping[str, Any]) -> None:
    if settings["output_mode"] != "int":
        raise SettingError(keep(finding_forms.BAG_OF_WORDS, mode=repr(settings["output_mode"])))
    if settings["ngrams"] is not None:
        raise SettingError(finding_forms.NGRAMS)
    if settings["split"] is None:
        raise SettingError(finding_forms.NO_SPLIT)
    if settings["encoding"].lower().replace("-", "") != "utf8":
        raise SettingError(keep(finding_forms.ENCODING, encoding=settings["encoding"]))


def _find_split(
    layer: keras.layers.TextVectorization, settings: Mapping[str, Any], ids: Mapping[str, int]
) -> Callable[[str], Sequence[ReadWord]]:
    standardize, split = settings["standardize"], settings["split"]
    if not (standardize is None or isinstance(standardize, str)) or split not in ("whitespace", "character"):
        return partial(_split_by_functions, layer=layer, ids=ids)
    if split == "character":
        return partial(split_characters, ids=ids, standardize=standardize)
    return partial(split_as_vectorized, ids=ids, standardize=standardize)


def _standardize(match: re.Match[str], how: str | None) -> tuple[str, int, int]:
    """A word as the layer spells it, and its place without the punctuation around it."""
    original, start, end = match[0], *match.span()
    word = original.translate(_LOWER) if how and "lower" in how else original
    if how and "strip" in how:
        start += len(original) - len(original.lstrip(PUNCTUATION))
        end -= len(original) - len(original.rstrip(PUNCTUATION))
        word = word.translate(_STRIP)
    return word, start, end


def split_characters(
    text: str, ids: Mapping[str, int], standardize: str | None = "lower_and_strip_punctuation"
) -> list[ReadWord]:
    """The characters of a text, as the layer has them: each is a word, a space too; `ids` gives each its id."""
    lowered = text.translate(_LOWER) if standardize and "lower" in standardize else text
    left_out = PUNCTUATION if standardize and "strip" in standardize else ""
    return [
        ReadWord(character, place, place + 1, (ids.get(character, UNKNOWN_ID),), character in ids)
        for place, character in enumerate(lowered)
        if character not in left_out
    ]


def _split_by_functions(text: str, layer: keras.layers.TextVectorization, ids: Mapping[str, int]) -> list[ReadWord]:
    """The words where a Python function standardizes or splits: the layer makes them, and they are looked for."""
    with tf.device("CPU:0"):
        found = layer._preprocess(tf.constant([text.encode("utf-8", "replace")]))
    words = [word.decode("utf-8", "replace") for word in found.flat_values.numpy()]
    places = find_places(words, text)
    return [
        ReadWord(word, *place, (ids.get(word, UNKNOWN_ID),), word in ids)
        for word, place in zip(words, places, strict=True)
    ]
