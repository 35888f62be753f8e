"""The cache of what a network said of a data set."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from attnviz.data.predictions import KEPT, get_key, load_probabilities, save_probabilities

WRONG_BITS = (0xFF, 1, 2, 4, 8, 16, 32, 64, 128)
FOUND = np.array([[0.0, 1.0], [0.25, 0.75], [1.0, 0.0], [np.nan, np.nan]], dtype=np.float32)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path))


def kept_file(folder: Path) -> Path:
    (file,) = (folder / "predictions").iterdir()  # no temporary file is left beside it
    return file


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    save_probabilities("key", FOUND)
    np.testing.assert_array_equal(load_probabilities("key", 4, 2), FOUND)
    save_probabilities("key", FOUND[::-1])
    np.testing.assert_array_equal(load_probabilities("key", 4, 2), FOUND[::-1])
    assert kept_file(tmp_path).name == "key.npz"


def test_nothing_is_found_under_another_key_or_for_another_number_of_reviews() -> None:
    save_probabilities(get_key("model", "data"), FOUND)
    assert load_probabilities(get_key("model", "other data"), 4, 2) is None
    assert load_probabilities(get_key("other model", "data"), 4, 2) is None
    assert load_probabilities(get_key("model", "data"), 5, 2) is None
    assert load_probabilities(get_key("model", "data"), 4, 3) is None


def test_what_an_earlier_version_kept_is_not_taken() -> None:
    save_probabilities("key", FOUND[:, 1])
    assert load_probabilities("key", 4, 2) is None


def test_parts_of_a_key_do_not_run_together() -> None:
    assert get_key("ab", "c") != get_key("a", "bc")


def test_a_damaged_file_counts_as_none_wherever_it_is_damaged(tmp_path: Path) -> None:
    save_probabilities("key", FOUND)
    file = kept_file(tmp_path)
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place])
        assert load_probabilities("key", 4, 2) is None
        for wrong in WRONG_BITS:
            file.write_bytes(whole[:place] + bytes([whole[place] ^ wrong]) + whole[place + 1 :])
            found = load_probabilities("key", 4, 2)
            assert found is None or np.array_equal(found, FOUND, equal_nan=True), f"byte {place}"


@pytest.mark.parametrize("values", [[[2.0, 0.5]] * 4, [[-0.1, 0.5]] * 4])
def test_numbers_that_are_no_probabilities_count_as_none(values: list[float]) -> None:
    save_probabilities("key", np.array(values))
    assert load_probabilities("key", 4, 2) is None


def test_a_pickle_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "predictions").mkdir()
    np.savez(tmp_path / "predictions" / "key.npz", probabilities=np.array([None] * 4))
    assert load_probabilities("key", 4, 2) is None


def test_the_oldest_file_gives_way(tmp_path: Path) -> None:
    for number in range(KEPT):
        save_probabilities(f"key{number}", FOUND)
        os.utime(tmp_path / "predictions" / f"key{number}.npz", (number, number))
    save_probabilities("another", FOUND)
    assert load_probabilities("key0", 4, 2) is None
    assert load_probabilities("key1", 4, 2) is not None
    assert len(list((tmp_path / "predictions").iterdir())) == KEPT
