"""What the browser makes of a reading is what Python makes of the same explanation, to the last digit and letter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnviz.living.live_page import LIVE_METHODS
from attnviz.text.edits import TokenEdit, build_edited_text
from attnviz.text.words import split_words
from attnviz.ui.components.review_editor import describe_explanation, hash_text
from attnviz.values.edited_text import EditedText
from attnviz.values.explanation import Explanation
from attnviz.values.methods import METHODS
from attnviz.values.prediction import SENTIMENT, STARS, Prediction
from attnviz.values.tokens import Token
from attnviz.web.linker import FOLDER
from tests.unit.test_web import run_node
from tests.unit.test_words import TEXTS

PIECES = ["İ", "a", "\ud800", "😀", " ", "<br />", "great", "film,", "\x1f", "\ufeff", "don't", "\n", "\xad"]
ANY_TEXT = st.one_of(
    TEXTS, st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.just("")
)
REDUCTION = "mean of 2 heads, received from all words"


def units(text: str, place: int) -> int:
    """A place in JavaScript's count."""
    return place + sum(ord(letter) > 0xFFFF for letter in text[:place])


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[EditedText, list[TokenEdit]]:
    text = draw(ANY_TEXT)
    words = split_words(text)
    reads = st.sampled_from(["", None, "very good", "!", "😀x"])
    chosen = draw(st.lists(st.tuples(st.sampled_from(words), reads), max_size=4)) if words else []
    edits = [TokenEdit(word.start, word.end, read) for word, read in chosen]
    return build_edited_text(text, edits), edits


@st.composite
def explanations(draw: st.DrawFn) -> tuple[Explanation, EditedText, list[TokenEdit]]:
    edited, edits = draw(edited_texts())
    words = split_words(edited.text)
    unread = min(draw(st.integers(0, 3)), max(len(words) - 1, 0))
    tokens = [Token(*word, 3, draw(st.booleans())) for word in words[unread:]]
    labels = draw(st.sampled_from([SENTIMENT, ("bad", "good"), STARS]))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    probabilities = tuple(random.dirichlet(np.full(len(labels), 0.2)).tolist()) if tokens else None
    scores = random.dirichlet(np.full(len(tokens), 0.7)) if tokens else np.empty(0)
    method = draw(st.sampled_from(["attention", "occlusion"]))
    if method == "occlusion":
        scores = scores - scores.mean() if tokens else scores
    target = draw(st.integers(0, len(labels) - 1))
    reduction = draw(st.sampled_from(["", REDUCTION])) if method == "attention" else ""
    found = Explanation(
        edited.text, tokens, scores, target, Prediction(labels, probabilities), method, "x", unread, reduction=reduction
    )
    return found, edited, edits


def write_case(explanation: Explanation, edited: EditedText, edits: list[TokenEdit]) -> dict[str, Any]:
    text = explanation.text
    tokens = [
        {"word": token.text, "start": units(text, token.start), "end": units(text, token.end), "known": token.known}
        for token in explanation.tokens
    ]
    reading = {
        "text": text,
        "tokens": tokens,
        "truncated": explanation.truncated,
        "probabilities": explanation.prediction.probabilities,
        "scores": explanation.scores.tolist() if explanation.method == "attention" else None,
    }
    network = {
        "name": explanation.model,
        "labels": explanation.prediction.labels,
        "target": explanation.target,
        "reduction": explanation.reduction,
    }
    return {
        "reading": reading,
        "network": network,
        "changes": explanation.scores.tolist() if explanation.method == "occlusion" else None,
        "original": edited.original,
        "steps": edits,
    }


SCRIPT = """
import { readFileSync } from 'node:fs';
import { editText } from '%(folder)s/edited_text.js';
import { explainReading, explainSigned } from '%(folder)s/explain_reading.js';
import { OCCLUSION } from '%(folder)s/leave_one_out.js';
const cases = JSON.parse(readFileSync('%(cases)s', 'utf8'));
const answers = cases.map(({ reading, network, changes, original, steps }) => {
  const edited = editText(original, steps);
  if (edited.text !== reading.text) throw new Error(`edited: ${edited.text} is not ${reading.text}`);
  if (!changes) return explainReading(reading, network, edited);
  return explainSigned(OCCLUSION, reading, network, changes, edited);
});
console.log(JSON.stringify(answers));
"""


def ask_browser(folder: Path, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    names = {"folder": FOLDER.as_posix(), "cases": (folder / "cases.json").as_posix()}
    (folder / "run.mjs").write_text(SCRIPT % names, encoding="utf-8")
    ran = run_node(str(folder / "run.mjs"))
    assert ran.returncode == 0, ran.stderr
    answers: list[dict[str, Any]] = json.loads(ran.stdout)
    return answers


def test_random_texts_steps_and_answers_are_told_alike(tmp_path: Path) -> None:
    drawn: list[tuple[Explanation, EditedText, list[TokenEdit]]] = []

    @settings(max_examples=300, database=None, suppress_health_check=list(HealthCheck))
    @given(explanations())
    def draw(case: tuple[Explanation, EditedText, list[TokenEdit]]) -> None:
        drawn.append(case)

    draw()
    answers = ask_browser(tmp_path, [write_case(*case) for case in drawn])
    for (explanation, edited, _), answer in zip(drawn, answers, strict=True):
        told = json.loads(json.dumps(describe_explanation(explanation, edited)))
        assert answer == told, explanation.text
    assert any(explanation.truncated for explanation, _, _ in drawn)
    assert any(edited.changes for _, edited, _ in drawn)


def test_attention_beside_the_words_left_out_is_that_of_python(tmp_path: Path) -> None:
    text = "a boring 😀 old film"
    edited = build_edited_text(text, [TokenEdit(2, 8, "")])
    tokens = [Token(*word, 3, True) for word in split_words(edited.text)]
    said = Prediction(SENTIMENT, (0.25, 0.75))
    changes = Explanation(edited.text, tokens, [0.1, -0.2, 0.3, 0.0], 1, said, "occlusion", "x")
    attention = Explanation(edited.text, tokens, [0.1, 0.2, 0.3, 0.4], 1, said, "attention", "x")
    case = write_case(changes, edited, [TokenEdit(2, 8, "")])
    case["reading"]["scores"] = attention.scores.tolist()
    (answer,) = ask_browser(tmp_path, [case])
    assert answer == json.loads(json.dumps(describe_explanation(changes, edited, attention)))
    assert answer["attention"]["scores"] == pytest.approx([0.1, 0.0, 0.2, 0.3, 0.4])


def test_any_text_has_its_sha256(tmp_path: Path) -> None:
    texts = ["", "a" * 55, "a" * 56, "a" * 64, "é😀" * 999, "\ud800x\udc00", "x" * 100_000]
    script = "import { hashText } from '%s/sha256.js';\nconsole.log(JSON.stringify(%s.map(hashText)));"
    (tmp_path / "run.mjs").write_text(script % (FOLDER.as_posix(), json.dumps(texts)), encoding="utf-8")
    assert json.loads(run_node(str(tmp_path / "run.mjs")).stdout) == [hash_text(text) for text in texts]


def test_the_methods_are_described_alike(tmp_path: Path) -> None:
    script = """
import { ATTENTION } from '%(folder)s/explain_reading.js';
import { OCCLUSION } from '%(folder)s/leave_one_out.js';
console.log(JSON.stringify([ATTENTION, OCCLUSION]));
"""
    (tmp_path / "run.mjs").write_text(script % {"folder": FOLDER.as_posix()}, encoding="utf-8")
    told = json.loads(run_node(str(tmp_path / "run.mjs")).stdout)
    keys = ("name", "title", "score_name", "help", "signed")
    assert told == [{key: getattr(METHODS[name], key) for key in keys} for name in LIVE_METHODS]
