"""What a result says in plain words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attnviz.render.sentences import (
    NEARLY_EVEN,
    describe,
    describe_full_score,
    describe_probability,
    describe_shape,
)
from tests.made import explain_as, say
from tests.unit.explained import VOCABULARY, explain


@pytest.mark.parametrize(
    ("text", "answer", "notes"),
    [
        ("good film", "positive with probability 0.750", []),
        ("", "no answer, because there is no word to read", ["There is no text yet."]),
        (" \n", "no answer, because there is no word to read", ["There is no text yet."]),
        ("?!", "no answer, because there is no word to read", ["There is no word in this text, only signs."]),
        (
            "good day",
            "positive with probability 0.750",
            ["1 word is unknown to the network (dotted): it read a placeholder instead."],
        ),
        (
            "good new day",
            "positive with probability 0.750",
            ["2 words are unknown to the network (dotted): it read a placeholder instead."],
        ),
        (
            "new day",
            "no verdict: the network knows none of these words",
            ["The network knows none of these words: it read the same placeholder for each."],
        ),
    ],
)
def test_the_answer_and_its_notes_in_words(text: str, answer: str, notes: list[str]) -> None:
    assert describe_probability(explain(text)) == answer
    assert describe(explain(text, method="gradient")) == notes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("good 这部电影很好看。", True),
        ("good หนังเรื่องนี้ดีมาก とてもよかった", True),
        ("good 好看 film", False),
        ("good Фильм прекрасный", False),
    ],
)
def test_scripts_without_spaces_are_said_to_be_read_as_one_word(text: str, told: bool) -> None:
    found = [note for note in describe(explain(text, method="gradient")) if "Letters without spaces" in note]
    assert len(found) == told
    assert all("page Training" in note for note in found)


@pytest.mark.parametrize(
    ("truncated", "note"),
    [
        (1, "This network reads the last 2 words; the first word is greyed and was not read."),
        (2, "This network reads the last 2 words; the first 2 words are greyed and were not read."),
    ],
)
def test_a_note_tells_which_words_were_not_read(truncated: int, note: str) -> None:
    assert describe(explain("new " * truncated + "good film", method="gradient", truncated=truncated)) == [note]


def test_words_that_a_tokenizer_drops_are_named() -> None:
    text = "Oh, good <b>old</b> film: six words, or seven!"
    read = [token for token in VOCABULARY.tokenize(text) if token.known]
    explanation = explain_as(text, read, np.array([0.5, 0.5]), 0.75, "attention", "mine")
    assert explanation.skipped == ("Oh", "b>old</b", "six", "words", "or", "seven")
    said = "6 words are not in the vocabulary and not read: “Oh”, “b>old</b”, “six”, “words”, “or”, …."
    assert said in describe(explanation)
    nothing = explain_as("six words", [], np.zeros(0), None, "attention", "mine")
    assert describe(nothing) == ["The network knows none of these words, and reads only words that it knows."]
    cut = explain_as("a b good", read[:1], np.array([1.0]), 0.75, "attention", "mine", 2)
    assert cut.skipped == ()


@pytest.mark.parametrize(
    ("scores", "note"),
    [
        ([0.8, 0.2], "An even share would be 0.5000; the strongest word gets 1.6 times as much"),
        ([0.5, 0.5], "An even share would be 0.5000; the strongest word gets 1.0 times as much"),
    ],
)
def test_a_note_tells_how_far_the_strongest_weight_stands_out(scores: list[float], note: str) -> None:
    (found,) = describe(explain("good film", scores))
    nearly_even = scores[0] * 2 < NEARLY_EVEN
    assert found == note + (", so this network hardly prefers any word here." if nearly_even else ".")


def test_a_single_word_or_signed_scores_have_no_share_to_speak_of() -> None:
    assert describe(explain("good", [1.0])) == []
    assert describe(explain("good film", [0.8, 0.2], "gradient")) == []


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0001, "exactly the difference"),
        (-0.02, "0.020 off the difference"),
    ],
)
def test_a_note_tells_what_integrated_gradients_share_out(gap: float, said: str) -> None:
    explanation = replace(explain("good film", [0.4, -0.1], "integrated_gradients"), gap=gap)
    baseline = f"{0.75 - 0.3 + gap:.3f}"
    assert describe(explanation) == [
        f"The scores sum to +0.300: {said} between this probability and that of as many blank words ({baseline})."
    ]


def test_a_note_tells_what_shap_values_share_out_and_how_finely() -> None:
    explanation = replace(explain("good film", [0.4, -0.1], "shap"), gap=0.0, readings=5)
    assert describe(explanation) == [
        "The scores sum to +0.300: exactly the difference between this probability and that of a text without words "
        "(0.450).",
        "The network read 5 texts with words left out, until every word had a share of its own.",
    ]
    assert describe(replace(explanation, readings=3_999))[1] == (
        "The network read 3,999 texts with words left out, which is the most it may; words whose group was not taken "
        "apart further share its value evenly."
    )


@pytest.mark.parametrize(("r_squared", "said"), [(0.873, "87"), (-0.2, "0"), (1.0, "100")])
def test_a_note_tells_how_well_lime_s_linear_model_imitates_the_network(r_squared: float, said: str) -> None:
    explanation = replace(explain("good film", [0.4, -0.1], "lime"), r_squared=r_squared, readings=1_000)
    assert describe(explanation) == [
        "The network read 1,000 texts with words left out; the linear model whose weights are shown explains "
        f"{said}\xa0% of what they change (R²)."
    ]


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "< 0.001"), (0.0004, "< 0.001"), (0.0006, "0.001"), (0.5, "0.500"), (0.9994, "0.999"), (1.0, "> 0.999")],
)
def test_a_probability_is_never_rounded_to_certainty(probability: float, words: str) -> None:
    assert describe_probability(replace(explain("good"), prediction=say(probability))) == (
        f"positive with probability {words}"
    )


def test_an_output_shape_in_words() -> None:
    shapes = [(None, None, 1_000), (None, 4), (None,)]
    assert [describe_shape(shape) for shape in shapes] == ["words × 1,000", "4", "1"]


def test_a_line_break_of_the_dataset_is_no_word_that_was_dropped() -> None:
    assert explain("good<br /><BR/>film").skipped == ()


@pytest.mark.parametrize(
    ("full", "even", "said"),
    [
        (0.03, 0.01, "full colour = 3 times an even share"),
        (0.084, 0.01, "full colour = 8.4 times an even share"),
        (1.0, 0.5, "full colour = all of the attention"),
        (0.25, None, "full colour = ±0.2500"),
    ],
)
def test_what_the_full_colour_means_is_said(full: float, even: float | None, said: str) -> None:
    assert describe_full_score(full, even) == said
