"""Data sets of one's own: what is read, what is said, and where it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnviz.data import labelled_rows
from attnviz.data.dataset_adding import add_dataset
from attnviz.data.dataset_writing import MAX_WORDS
from attnviz.data.datasets import DamagedDataset, OwnData, delete_dataset, find_dataset, list_datasets, load_dataset
from attnviz.data.labelled_rows import preview_file
from attnviz.errors import DataError, SettingError, UnknownNameError
from attnviz.models.registry import MODELS
from tests.tables import make_rows, write_csv, write_json_lines

ROWS = make_rows(90)
FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the data sets of this test lie."""
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(tmp_path / "datasets"))
    return tmp_path / "datasets"


def count(data: OwnData) -> int:
    return len(data.train) + len(data.test)


def list_texts(data: OwnData) -> list[tuple[str, str]]:
    """All texts with their classes."""
    parts = (data.train, data.test)
    return [(t, data.about.labels[n]) for part in parts for t, n in zip(part.texts, part.labels, strict=True)]


def test_every_row_is_in_one_of_the_parts_with_its_class(tmp_path: Path) -> None:
    about = add_dataset(write_csv(tmp_path / "films.csv", ROWS), "text", "label")
    data = load_dataset("films")
    assert data.about == about == find_dataset("films")
    assert sorted(list_texts(data)) == sorted(ROWS)
    assert about.labels == ("bad", "good", "mixed")
    assert (about.train, about.test) == ((24, 24, 24), (6, 6, 6))
    assert (about.unit, about.report.rows, about.report.kept) == ("words", 90, 90)
    assert set(about.longer) == {0.0}
    assert 10 <= about.median_length <= 24


def test_the_vocabulary_is_that_of_the_training_texts(tmp_path: Path) -> None:
    rows = [*ROWS, ("unique words only: zyzzyva", "good")]
    add_dataset(write_csv(tmp_path / "films.csv", rows), "text", "label")
    data = load_dataset("films")
    assert {"the", "wonderful", "film"} <= set(data.vocabulary)
    assert "zyzzyva" not in data.vocabulary
    ids = data.train.encode(0, len(data.vocabulary), 500)
    words = data.train.texts[0].lower().rstrip(".").split()
    assert [data.vocabulary[id] for id in ids] == words
    assert len(data.train.encode(0, 5, 3)) == 3
    assert data.train.encode(0, 5, 500).max() < 5


def test_no_network_of_the_table_reads_more_words_than_are_kept() -> None:
    assert max(spec.vocabulary_size for spec in MODELS.values()) <= MAX_WORDS


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_every_format_gives_the_same_data_set(ending: str, tmp_path: Path) -> None:
    first = add_dataset(write_csv(tmp_path / "first.csv", ROWS), "text", "label", name="first")
    path = tmp_path / f"films.{ending}"
    if ending in ("csv", "tsv"):
        write_csv(path, ROWS)
    elif ending == "parquet":
        pd.DataFrame(ROWS, columns=["text", "label"]).to_parquet(path)
    else:
        write_json_lines(path, ROWS)
    assert add_dataset(path, "text", "label", name="second").digest == first.digest


def test_the_same_file_is_one_data_set_and_another_seed_another(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "films.csv", ROWS)
    first = add_dataset(file, "text", "label")
    assert add_dataset(file, "text", "label") == first
    other = add_dataset(file, "text", "label", seed=1)
    assert other.name == "films-2"
    assert other.digest != first.digest
    assert [one.name for one in list_datasets()] == ["films", "films-2"]


def test_numbers_and_truth_values_are_classes(tmp_path: Path) -> None:
    stars = {"good": 10, "mixed": 5, "bad": 1}
    rows = [(text, stars[label]) for text, label in ROWS]
    assert add_dataset(write_json_lines(tmp_path / "a.jsonl", rows), "text", "label").labels == ("1", "5", "10")
    good = pd.DataFrame([(text, label == "good") for text, label in ROWS], columns=["text", "label"])
    good.to_parquet(tmp_path / "b.parquet")
    assert add_dataset(tmp_path / "b.parquet", "text", "label").labels == ("false", "true")
    gaps = pd.DataFrame(rows, columns=["text", "label"]).assign(label=lambda frame: frame["label"].astype(float))
    gaps.loc[0, "label"] = np.nan
    gaps.to_parquet(tmp_path / "c.parquet")
    about = add_dataset(tmp_path / "c.parquet", "text", "label")
    assert (about.labels, about.report.unlabelled) == (("1", "5", "10"), 1)
    assert sorted(t for t, _ in list_texts(load_dataset(about.name))) == sorted(t for t, _ in ROWS[1:])


def test_what_is_left_out_and_what_stands_twice_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_rows, "MAX_CHARACTERS", 1_000)
    odd = [("", "good"), (" ?! ", "bad"), ("a film", ""), ("word " * 300, "good")]
    copies = [ROWS[0], (f" {ROWS[0][0]} ", ROWS[0][1]), (ROWS[1][0], "mixed")]
    report = add_dataset(write_csv(tmp_path / "films.csv", [*ROWS, *odd, *copies]), "text", "label").report
    assert (report.rows, report.blank, report.unlabelled, report.too_long) == (97, 2, 1, 1)
    assert (report.kept, report.copies, report.contradictions, report.encoding) == (93, 3, 1, None)


def test_copies_of_a_text_are_on_one_side(tmp_path: Path) -> None:
    add_dataset(write_csv(tmp_path / "films.csv", [*ROWS, *ROWS[:40], *ROWS[:20]]), "text", "label")
    data = load_dataset("films")
    assert not set(data.train.texts) & set(data.test.texts)
    assert not set(data.train.groups) & set(data.test.groups)
    assert count(data) == 150


def test_an_encoding_that_was_guessed_is_told(tmp_path: Path) -> None:
    rows = [(f"{text} café où l’été", label) for text, label in ROWS]
    about = add_dataset(write_csv(tmp_path / "films.csv", rows, encoding="cp1252"), "text", "label")
    assert about.report.encoding == "cp1252"
    assert sorted(list_texts(load_dataset("films"))) == sorted(rows)


def test_chinese_is_read_by_characters(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "评论.csv", make_rows(60, "zh"))
    about = add_dataset(file, "text", "label", unit="characters")
    assert (about.name, about.source, about.unit) == ("my-data", "评论.csv", "characters")
    assert {"精", "彩"} <= set(load_dataset("my-data").vocabulary)
    assert add_dataset(file, "text", "label").unit in ("characters", "jieba"), "found from the texts"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "holds no row"),
        ([("", "good")] * 30, "None of the 30 rows .* 30 blank"),
        ([(f"text {n}", "good") for n in range(30)], "one class only, 'good'"),
        ([*ROWS, ("a single one", "odd")], "class 'odd' has 1 different text; each class needs at least 10"),
        ([(text, f"{n}") for n, (text, _) in enumerate(ROWS)], "over 80 different values .* numbers of a scale or ids"),
        ([(f"w{n}", "ab"[n % 2]) for n in range(30)], "No word stands twice"),
    ],
)
def test_what_makes_no_data_set_is_said_and_leaves_nothing(rows, message: str, tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DataError, match=message):
        add_dataset(write_csv(tmp_path / "films.csv", rows), "text", "label")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"text": "review", "label": "label"}, r"no column 'review'\. Its columns: text, label"),
        ({"text": "text", "label": "text"}, "cannot both be the column 'text'"),
        ({"text": "text", "label": "label", "name": "../evil"}, "cannot name a data set"),
        ({"text": "text", "label": "label", "unit": "syllables"}, "one of words, characters, jieba"),
    ],
)
def test_settings_that_fit_no_data_set_are_refused(settings: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=message):
        add_dataset(write_csv(tmp_path / "films.csv", ROWS), **settings)


def test_an_object_may_lack_a_column_but_not_all_of_them(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "no label here"}), *(json.dumps({"text": t, "label": n}) for t, n in ROWS)]
    (tmp_path / "films.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert add_dataset(tmp_path / "films.jsonl", "text", "label").report.unlabelled == 1
    with pytest.raises(SettingError, match="no column 'stars'"):
        add_dataset(tmp_path / "films.jsonl", "text", "stars")


def test_files_that_are_too_large_or_no_tables_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_rows, "MAX_BYTES", 1_000)
    with pytest.raises(DataError, match="at most 0 MB are possible"):
        add_dataset(write_csv(tmp_path / "films.csv", ROWS), "text", "label")
    with pytest.raises(DataError, match=r"Expected one of \.csv, \.tsv, \.jsonl, \.ndjson, \.json, \.parquet"):
        add_dataset(tmp_path / "films.xlsx", "text", "label")
    with pytest.raises(DataError, match="cannot be read"):
        add_dataset(tmp_path / "missing.csv", "text", "label")


def test_a_name_is_given_once(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "films.csv", ROWS)
    add_dataset(file, "text", "label", name="mine")
    with pytest.raises(SettingError, match="There is a data set 'mine' already"):
        add_dataset(file, "text", "label", name="mine", seed=3)


def test_a_deleted_data_set_is_gone(tmp_path: Path, folder: Path) -> None:
    add_dataset(write_csv(tmp_path / "films.csv", ROWS), "text", "label")
    delete_dataset("films")
    assert list(folder.iterdir()) == []
    with pytest.raises(UnknownNameError, match="Unknown data set 'films'"):
        load_dataset("films")
    with pytest.raises(UnknownNameError):
        delete_dataset("..")


@pytest.mark.parametrize("file", ["texts.bin", "arrays.npz", "vocabulary.txt", "dataset.json"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_damaged_data_set_is_said_to_be_that(file: str, how: str, tmp_path: Path, folder: Path) -> None:
    add_dataset(write_csv(tmp_path / "films.csv", ROWS), "text", "label")
    path = folder / "films" / file
    path.unlink() if how == "gone" else path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"damaged|no data set that can be used"):
        load_dataset("films")
    assert isinstance(list_datasets()[0], DamagedDataset) == (file == "dataset.json")
    delete_dataset("films")


def test_where_nothing_can_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_csv(tmp_path / "films.csv", ROWS)
    monkeypatch.setenv("ATTNVIZ_DATASETS", str(file / "inside"))
    with pytest.raises(DataError, match="cannot be written"):
        add_dataset(file, "text", "label")


def test_columns_are_guessed_by_name_and_by_what_they_hold(tmp_path: Path) -> None:
    rows = [(f"{n}", text, label) for n, (text, label) in enumerate(ROWS)]
    found = preview_file(write_csv(tmp_path / "a.csv", rows, ("id", "Satz", "Urteil")), "a.csv")
    assert (found.columns, found.text_column, found.label_column) == (("id", "Satz", "Urteil"), "Satz", "Urteil")
    assert found.rows == tuple(rows[:5])
    found = preview_file(write_csv(tmp_path / "b.csv", rows, ("Label", "n", "review")), "b.csv")
    assert (found.text_column, found.label_column) == ("review", "Label")
    with pytest.raises(DataError, match="one column, 'text'"):
        preview_file(write_csv(tmp_path / "c.csv", [("x",)], ("text",)), "c.csv")


@settings(max_examples=40)
@given(st.lists(st.tuples(FIELD, st.sampled_from(["a", "b ", "c", ""])), max_size=20))
def test_no_row_is_lost_whatever_it_holds(tmp_path_factory: pytest.TempPathFactory, extra: list) -> None:
    place = tmp_path_factory.mktemp("rows")
    base = [(text, {"good": "a", "bad": "b", "mixed": "c"}[label]) for text, label in ROWS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTNVIZ_DATASETS", str(place / "datasets"))
        about = add_dataset(write_csv(place / "films.csv", [*base, *extra]), "text", "label")
        data = load_dataset(about.name)
    report = about.report
    assert about.labels == ("a", "b", "c")
    assert count(data) == report.kept == sum(about.train) + sum(about.test)
    kept = [(text, label.strip()) for text, label in extra if label.strip() and text in set(data.train.texts)]
    assert set(kept) <= set(list_texts(data))
