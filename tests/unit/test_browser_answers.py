"""The browser's code and Keras give the same answers, for every network that reads texts and for random texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from attnviz.explain.explainer import Explainer
from attnviz.living.network_file import export_network
from attnviz.models.registry import MODELS
from attnviz.runs.checkpoint import read_checkpoint
from attnviz.runs.loading import load_explainer
from attnviz.text.unspaced_scripts import split_characters
from attnviz.text.vocabulary import Vocabulary
from attnviz.text.words import APOSTROPHES, INVISIBLE, LONGEST_COMPOSED, MAX_CHARACTERS, SEPARATORS, split_words
from attnviz.values.explanation import Explanation
from tests.browser_answers import ask_browser, draw
from tests.conftest import ROOT

NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]
TOLERANCE = 1e-5
PARTS = (3, 20, 77)
"""The texts of which also prefixes and shortened texts are read."""

ODD = "ΣσςİIıſßẞŉǰΐﬀﬁＡｚ９ÅÅéé'’\u00ad\u200d\u0345\u0300\u0301\u0327👍\U0001d54f\ud800\udc00\x1c\x85\ufeff\u3000"


def text_strategy(words: Vocabulary) -> st.SearchStrategy[str]:
    """Mostly words that a network knows, up to more than it reads; also anything."""
    word = st.integers(3, len(words) - 1).map(lambda number: words[number])
    other = st.sampled_from(("zzyzx", "<br />", "Great!", "...", "NOT", "—", "naïve"))
    sizes = st.sampled_from((0, 1, 2, 5, 40, 120, 260))
    sentences = sizes.flatmap(lambda size: st.lists(st.one_of(word, word, word, other), min_size=size, max_size=size))
    return st.one_of(sentences.map(" ".join), sentences.map(" ".join), st.text(max_size=60))


def explain(explainer: Explainer, text: str) -> Explanation:
    """Attention where there is some; what answers the text is the same for all methods."""
    return explainer.explain(text, method=explainer.methods[0] if "attention" in explainer.methods else "gradient")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_browser_answers_as_keras_does(name: str, tmp_path: Path) -> None:
    checkpoint = read_checkpoint(ROOT / "checkpoints" / name)
    explainer, file = load_explainer(checkpoint), tmp_path / "network.bin"
    file.write_bytes(export_network(checkpoint))
    texts = [example.text for example in checkpoint.examples] + draw(text_strategy(checkpoint.vocabulary), 200)
    texts = [text for text in texts if len(text) <= MAX_CHARACTERS]
    expected = [explain(explainer, text) for text in texts]
    for simd in (True, False):
        found = ask_browser(file=str(file), texts=texts, simd=simd, parts=PARTS)
        assert found["simd"] == simd
        assert found["reduction"] == expected[0].reduction
        for explanation, reading in zip(expected, found["readings"], strict=True):
            assert reading["ids"] == [token.id for token in explanation.tokens]
            assert reading["truncated"] == explanation.truncated
            check(explanation, reading["probabilities"], reading["scores"])
    for place, looked in zip(PARTS, found["looked"], strict=True):
        occlusion = explainer.explain(texts[place], method="occlusion")
        np.testing.assert_allclose(looked["without"], occlusion.scores, atol=TOLERANCE)
        check_prefixes(explainer, expected[place], looked["prefixes"])


def check(explanation: Explanation, probabilities: list[float] | None, scores: list[float] | None) -> None:
    if explanation.prediction.probabilities is None:
        assert probabilities is None
        return
    np.testing.assert_allclose(probabilities, explanation.prediction.probabilities, atol=TOLERANCE)
    if explanation.method == "attention":
        np.testing.assert_allclose(scores, explanation.scores, atol=TOLERANCE)
    else:
        assert scores is None


def check_prefixes(explainer: Explainer, explanation: Explanation, found: list[float]) -> None:
    first = explanation.tokens[0].start if explanation.tokens else 0
    prefixes = [explanation.text[first : token.end] for token in explanation.tokens]
    expected = explainer.predict_texts(prefixes)[:, explanation.target] if prefixes else []
    np.testing.assert_allclose(found, expected, atol=TOLERANCE)


def to_units(text: str) -> list[int]:
    """For every place in a text, where it is in UTF-16, in which JavaScript counts."""
    return [0, *np.cumsum([2 if ord(character) > 0xFFFF else 1 for character in text]).tolist()]


def test_the_browser_finds_the_same_words() -> None:
    expanded = "".join(chr(code) for code in range(0x20, 0x3000) if chr(code) in SEPARATORS + APOSTROPHES + INVISIBLE)
    assigned = st.characters(exclude_categories=("Cn",))  # Node and Python may know different versions of Unicode
    letters = st.one_of(assigned, st.sampled_from(ODD + expanded), st.sampled_from("aZ ' "))
    piece = st.one_of(letters, letters, st.sampled_from(("<br />", "<BR\u2003/>", "<br\x1c>", "<br", "ΑΣ", "İx")))
    sizes = st.integers(LONGEST_COMPOSED - 3, LONGEST_COMPOSED + 3)
    long = sizes.map(lambda size: "e\u0301" * (size // 2) + "x" * (size % 2))
    texts = draw(st.one_of(st.lists(piece, max_size=30).map("".join), long), 3_000)
    texts = [join(text) for text in texts]
    found = ask_browser(texts=texts)
    for text, words in zip(texts, found, strict=True):
        units = to_units(text)
        expected = [{"word": word, "start": units[start], "end": units[end]} for word, start, end in split_words(text)]
        assert words == expected, ascii(text)


def test_the_browser_finds_the_same_characters() -> None:
    unspaced = "这部电影很好看カタカナがゞｶﾞหนังเรื่องนี้ดีມາກកម្ពុជာမြန်𠮷㐀々〇"
    letters = st.one_of(
        st.sampled_from(unspaced), st.characters(exclude_categories=("Cn",)), st.sampled_from(ODD + "aZ")
    )
    texts = [join(text) for text in draw(st.lists(letters, max_size=30).map("".join), 2_000)]
    for text, found in zip(texts, ask_browser(texts=texts, unit="characters"), strict=True):
        units = to_units(text)
        expected = [{"word": w, "start": units[start], "end": units[end]} for w, start, end in split_characters(text)]
        assert found == expected, ascii(text)


def join(text: str) -> str:
    """The text with the two halves of a character as that character, as JavaScript has it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
