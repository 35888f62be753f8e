"""Time-lapses as values and as files."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz import load_time_lapse, save_time_lapse
from attnviz.data.snapshots import SnapshotWriter
from attnviz.errors import DataError, SettingError
from attnviz.values.time_lapse import Moment, PinnedText, TimeLapse, take_snapshot
from attnviz.values.tokens import Token

WORDS = ("a", "film", "to", "remember")


def pin(words: tuple[str, ...] = WORDS) -> PinnedText:
    text, tokens = " ".join(words), []
    for number, word in enumerate(words):
        start = sum(len(one) + 1 for one in words[:number])
        tokens.append(Token(word, start, start + len(word), number + 3, True))
    return PinnedText(text, tuple(tokens))


def make(*places: tuple[int, int], words: tuple[str, ...] = WORDS) -> TimeLapse:
    rng = np.random.default_rng(1)
    lapse = TimeLapse("made", ("negative", "positive"), 1, (pin(words),), steps=8)
    for place in places:
        weights = rng.dirichlet(np.full(len(words), 0.3))
        lapse = lapse.add(Moment(*place, (take_snapshot((0.25, 0.75), weights),)))
    return lapse


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0, 1))
def test_weights_are_kept_in_8_bits_of_the_largest(weights: list[float], probability: float) -> None:
    words = tuple(f"w{number}" for number in range(len(weights)))
    snapshot = take_snapshot((1 - probability, probability), np.array(weights))
    lapse = replace(make(words=words), texts=(pin(words),)).add(Moment(0, 0, (snapshot,)))
    bar = max(weights) / 255 / 2 + max(weights) * 1e-3
    np.testing.assert_allclose(lapse.get_weights(0)[0], weights, rtol=0, atol=bar + 1e-7)
    assert lapse.probabilities[0, 0, 1] == pytest.approx(probability, abs=5.1e-5)


def test_a_moment_is_explained_as_the_network_saw_it() -> None:
    lapse = make((0, 0), (0, 4), (1, 0))
    explained = lapse.explain(0)
    assert (explained.text, explained.label, explained.probability) == ("a film to remember", "positive", 0.75)
    np.testing.assert_array_equal(explained.scores, lapse.get_weights(0)[-1])
    assert [lapse.name_moment(one) for one in lapse.moments] == [
        "before training",
        "epoch 1, batch 4 of 8",
        "after epoch 1",
    ]
    assert [lapse.get_time(one) for one in lapse.moments] == [0, 0.5, 1]
    with pytest.raises(SettingError, match="no moment 3"):
        lapse.explain(0, 3)
    with pytest.raises(SettingError, match="no text 1"):
        lapse.get_weights(1)


def test_without_a_target_the_label_counts_that_was_predicted_last() -> None:
    lapse = replace(make(), target=None, labels=("a", "b", "c"))
    lapse = lapse.add(Moment(0, 0, (take_snapshot((0.1, 0.2, 0.7)),)))
    assert lapse.find_target(0) == 2
    assert lapse.add(Moment(1, 0, (take_snapshot((0.1, 0.6, 0.3)),))).explain(0).label == "b"
    assert not lapse.has_attention(0)
    assert lapse.get_weights(0).shape == (1, 0)


def test_training_that_goes_back_takes_its_later_moments_with_it() -> None:
    lapse = make((0, 0), (1, 0), (2, 0)).add(make((1, 0)).moments[0])
    assert [moment.place for moment in lapse.moments] == [(0, 0), (1, 0)]


def test_a_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    lapse = make((0, 0), (0, 1), (1, 0), (2, 0), words=("Él", "\ud83d", "👍", "x"))
    save_time_lapse(lapse, tmp_path / "lapse.jsonl")
    assert load_time_lapse(tmp_path / "lapse.jsonl") == lapse


def test_thirty_moments_of_200_words_are_small(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = tuple("".join(rng.choice(list("etaoinshrdlu"), size)) for size in rng.integers(2, 9, 200))
    lapse = make(*((epoch, 0) for epoch in range(30)), words=words)
    save_time_lapse(lapse, tmp_path / "lapse.jsonl")
    content = (tmp_path / "lapse.jsonl").read_bytes()
    assert len(content) < 20_000
    assert len(gzip.compress(content)) < 12_000


@pytest.mark.parametrize("cut", [1, 40, 120])
def test_a_run_that_was_killed_leaves_its_whole_lines_and_can_go_on(tmp_path: Path, cut: int) -> None:
    path, lapse = tmp_path / "lapse.jsonl", make((0, 0), (1, 0), (2, 0))
    save_time_lapse(lapse, path)
    path.write_bytes(path.read_bytes()[:-cut])
    assert load_time_lapse(path) == replace(lapse, moments=lapse.moments[:2])
    writer = SnapshotWriter(path)
    assert writer.start(replace(lapse, moments=())).moments == lapse.moments[:2]
    writer.append(lapse.moments[1])  # the epoch is gone through once more
    writer.append(lapse.moments[2])
    assert load_time_lapse(path) == lapse


def test_a_file_of_other_texts_is_not_gone_on_with(tmp_path: Path) -> None:
    save_time_lapse(make((0, 0)), tmp_path / "lapse.jsonl")
    with pytest.raises(DataError, match="of other texts"):
        SnapshotWriter(tmp_path / "lapse.jsonl").start(make(words=("another",)))


def corrupt(line: int, **values: object) -> bytes:
    """The lines of a time-lapse, of which one has other values."""
    lapse = make((0, 0), (1, 0))
    head = {"format": 1, "model": "made", "labels": lapse.labels, "target": 1, "texts": [[pin().text, []]], "steps": 8}
    head["texts"] = [{"text": pin().text, "tokens": [list(token) for token in pin().tokens]}]
    weights = lapse.moments[0].snapshots[0].weights
    assert weights
    packed = {"shape": [1, 4], "bits": 8, "largest": [0.5], "codes": weights.codes}
    snapshot = {"probabilities": [0.25, 0.75], "weights": packed}
    lines: list[dict[str, object]] = [head, {"epoch": 0, "step": 0, "snapshots": [snapshot]}]
    lines[line - 1].update(values)
    return b"".join(json.dumps(one).encode() + b"\n" for one in lines)


def test_what_is_corrupted_below_is_whole_otherwise(tmp_path: Path) -> None:
    (tmp_path / "lapse.jsonl").write_bytes(corrupt(1))
    assert len(load_time_lapse(tmp_path / "lapse.jsonl").moments) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no whole line"),
        (b"hello\n", "line 1 cannot be read"),
        (b"\xff\xfe\n", "line 1 cannot be read"),
        (b"[" * 100_000 + b"\n", "line 1 cannot be read"),
        (corrupt(1, format=2), "its format is 2"),
        (corrupt(1, target=2), "target 2 is none"),
        (corrupt(1, labels=["only"]), "at least two labels"),
        (corrupt(1, texts=[]), "needs a text"),
        (corrupt(1, texts=[{"text": "a", "tokens": [["a", 0, 9, 3, True]]}]), "a word lies outside"),
        (corrupt(1, texts=[{"text": "a", "tokens": [["a", 0, 1, 3, True]]}]), "1 words need weights"),
        (corrupt(2, epoch=-1), "at or after the start"),
        (corrupt(2, snapshots=[]), "as many snapshots"),
        (corrupt(2, snapshots=[{"probabilities": [0.5, float("nan")], "weights": None}]), "between 0 and 1"),
        (corrupt(2, snapshots=[{"probabilities": [1.0], "weights": None}]), "as many probabilities"),
        (
            corrupt(
                2,
                snapshots=[
                    {
                        "probabilities": None,
                        "weights": {"shape": [1, 4], "bits": 8, "largest": [float("inf")], "codes": "AAAAAA=="},
                    }
                ],
            ),
            "from 0 up",
        ),
    ],
)
def test_a_file_is_checked_at_the_door(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "lapse.jsonl").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_time_lapse(tmp_path / "lapse.jsonl")


def test_a_missing_file_and_a_folder_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_time_lapse(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="cannot be written"):
        save_time_lapse(make((0, 0)), tmp_path / "none" / "lapse.jsonl")
