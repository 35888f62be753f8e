"""Models that people bring in the library: staged, kept, listed, renamed, deleted, restored, swept away."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.errors import AttnvizError, CheckpointError, ModelFileError, SettingError, UnknownNameError
from attnviz.runs import own_models, own_sweep
from attnviz.runs.library import DamagedCheckpoint, find_card, get_library_marks, list_cards, list_checkpoints
from attnviz.runs.own_models import OwnModelSettings, StagedModel, keep_model, stage_model
from attnviz.runs.own_names import make_file_name, make_model_name, make_title
from attnviz.runs.own_record import read_own_model
from attnviz.values.model_card import ModelCard
from tests.hostile_models import HOSTILE
from tests.made_models import VOCABULARY, write_archive

CARD = ModelCard("staged", "staged", "", "yours", ("no", "yes"), None, ("gradient", "occlusion"), steps=9, notes=("a",))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    return tmp_path / "library"


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return write_archive(tmp_path / "brought.keras").read_bytes()


def stage(data: bytes) -> StagedModel:
    return stage_model("My model.keras", data, ("words.txt", VOCABULARY))


def keep(data: bytes, title: str = "My model", owner: str = "") -> ModelCard:
    return keep_model(stage(data), OwnModelSettings(title), CARD, owner=owner)


def names(owner: str = "") -> list[str]:
    return [item.name for item in list_cards(owner)]


def test_a_kept_model_is_listed_as_it_was_found(library: Path, data: bytes) -> None:
    staged = stage(data)
    assert (staged.title, staged.report.parameters, names()) == ("My model", 25, [])
    card = keep_model(staged, OwnModelSettings("Mein Modell", labels=("no", "yes")), CARD)
    assert (card.name, card.title, card.origin, card.steps) == ("mein-modell", "Mein Modell", "yours", 9)
    assert list_cards() == [card]
    assert find_card("mein-modell") == card
    assert read_own_model(library / "mein-modell").settings.labels == ("no", "yes")
    assert list_checkpoints() == []
    assert sorted(path.name for path in (library / "mein-modell").iterdir()) == [
        "model.keras",
        "own.json",
        "vocabulary.txt",
    ]


def test_a_file_is_staged_from_where_it_is(library: Path, data: bytes, tmp_path: Path) -> None:
    staged = stage_model("a.keras", tmp_path / "brought.keras")
    assert (staged.folder / "model.keras").read_bytes() == data


@pytest.mark.parametrize("name", ["a Lambda layer", "a page and an archive", "a link to another file"])
def test_nothing_is_left_of_what_is_refused(library: Path, tmp_path: Path, name: str) -> None:
    ending, write, message = HOSTILE[name]
    path = write(tmp_path / f"hostile{ending}")
    with pytest.raises(ModelFileError, match=message):
        stage_model(path.name, path.read_bytes())
    assert list(library.iterdir()) == []


def test_a_file_of_another_kind_is_refused_by_its_name(library: Path, data: bytes) -> None:
    with pytest.raises(ModelFileError, match=r"ends in \.keras or \.h5"):
        stage_model("model.pkl", data)
    with pytest.raises(ModelFileError, match=r"ends in \.txt or \.json"):
        stage_model("model.keras", data, ("words.zip", VOCABULARY))
    with pytest.raises(ModelFileError, match="UTF-8"):
        stage_model("model.keras", data, ("words.txt", b"\xff"))


def test_names_are_given_once(library: Path, data: bytes) -> None:
    assert [keep(data).name for _ in range(3)] == ["my-model", "my-model-2", "my-model-3"]
    assert keep(data, "luong").name == "luong-2"  # a network of the table has that name
    assert keep(data, "我的模型").name == "my-model-4"


def test_marks_change_with_a_brought_model(library: Path, data: bytes) -> None:
    before = get_library_marks()
    keep(data)
    kept = get_library_marks()
    own_models.rename_model("my-model", "Another")
    assert len({before, kept, get_library_marks()}) == 3


def test_a_title_is_changed_and_the_name_stays(library: Path, data: bytes) -> None:
    keep(data)
    assert own_models.rename_model("my-model", "  Film \n opinions ").title == "Film opinions"
    assert [(card.name, card.title) for card in list_cards()] == [("my-model", "Film opinions")]
    with pytest.raises(SettingError, match="needs a title"):
        own_models.rename_model("my-model", " \x00 ")


def test_what_is_deleted_can_be_brought_back(library: Path, data: bytes) -> None:
    card = keep(data)
    own_models.delete_model("my-model")
    assert names() == []
    assert own_models.restore_model("my-model") == card
    assert list_cards() == [card]
    with pytest.raises(SettingError, match="for good"):
        own_models.restore_model("my-model")


def test_a_name_that_was_taken_meanwhile_is_not_taken_away(library: Path, data: bytes) -> None:
    keep(data, "first")
    own_models.delete_model("first")
    keep(data, "first")
    with pytest.raises(SettingError, match="another first"):
        own_models.restore_model("first")


def test_a_name_with_a_dash_is_restored_by_its_own_name_only(library: Path, data: bytes) -> None:
    keep(data, "a b")
    own_models.delete_model("a-b")
    with pytest.raises(SettingError):
        own_models.restore_model("b")
    assert own_models.restore_model("a-b").name == "a-b"


def test_visitors_see_and_change_their_own_models_only(library: Path, data: bytes) -> None:
    keep(data, "everybody's")
    keep(data, "hers", owner="her key")
    assert names() == ["everybody-s"]
    assert names("her key") == ["everybody-s", "hers"]
    assert names("his key") == ["everybody-s"]
    for name, owner in [("hers", "his key"), ("hers", ""), ("everybody-s", "his key")]:
        for change in (own_models.delete_model, lambda name, owner: own_models.rename_model(name, "x", owner=owner)):
            with pytest.raises(UnknownNameError):
                change(name, owner=owner)
    with pytest.raises(UnknownNameError):
        find_card("hers", "his key")
    own_models.delete_model("hers", owner="her key")
    with pytest.raises(SettingError):
        own_models.restore_model("hers", owner="his key")
    assert own_models.restore_model("hers", owner="her key").name == "hers"
    assert "her key" not in (library / "hers" / "own.json").read_text()


def test_old_things_are_swept_away(library: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = stage(data)
    keep(data, "kept")
    keep(data, "deleted")
    keep(data, "visitor's", owner="key")
    own_models.delete_model("deleted")
    own_sweep.sweep(library, time.time() + 3 * 3600)
    assert not staged.folder.exists()
    assert names("key") == ["kept", "visitor-s"]
    assert own_models.restore_model("deleted").name == "deleted"
    own_models.delete_model("deleted")
    own_sweep.sweep(library, time.time() + 25 * 3600)
    assert names("key") == ["kept"]
    with pytest.raises(SettingError):
        own_models.restore_model("deleted")
    with pytest.raises(SettingError, match="not kept in time"):
        keep_model(staged, OwnModelSettings("late"), CARD)


def test_only_so_many_wait(library: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = [stage(data) for _ in range(4)]
    monkeypatch.setattr(own_sweep, "MAX_STAGED", 2)
    for position, one in enumerate(staged):
        os.utime(one.folder, (position, position))
    own_sweep.sweep(library, 10.0)
    assert [one.folder.exists() for one in staged] == [False, False, True, True]


def test_a_library_can_be_read_only(library: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = stage(data)
    keep(data)
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    assert own_models.is_read_only()
    for change in (
        lambda: stage(data),
        lambda: keep_model(staged, OwnModelSettings("a"), CARD),
        lambda: own_models.rename_model("my-model", "a"),
        lambda: own_models.delete_model("my-model"),
        lambda: own_models.restore_model("my-model"),
    ):
        with pytest.raises(SettingError, match="ATTNVIZ_READ_ONLY"):
            change()
    assert names() == ["my-model"]
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "0")
    assert not own_models.is_read_only()


def spoil_record(folder: Path, **changes: object) -> None:
    record = json.loads((folder / "own.json").read_text())
    (folder / "own.json").write_text(json.dumps({**record, **changes}))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "model.keras").write_bytes(b"other"), "is not the file"),
        (lambda folder: (folder / "vocabulary.txt").unlink(), "is not the file"),
        (lambda folder: (folder / "model.keras").unlink(), "no model file"),
        (lambda folder: (folder / "own.json").write_text("{"), "no JSON"),
        (lambda folder: (folder / "own.json").write_bytes(b" " * 2_000_000), "at most"),
        (lambda folder: spoil_record(folder, format=9), "format 9"),
        (lambda folder: spoil_record(folder, card={"name": 3}), "damaged"),
        (lambda folder: spoil_record(folder, settings={"title": ""}), "damaged"),
        (lambda folder: folder.rename(folder.parent / "renamed"), "another model"),
    ],
)
def test_a_damaged_model_is_listed_with_the_reason(library: Path, data: bytes, spoil, message: str) -> None:
    keep(data)
    keep(data, "good")
    spoil(library / "my-model")
    found = {item.name: item for item in list_cards()}
    assert isinstance(found.pop("good"), ModelCard)
    ((name, damaged),) = found.items()
    assert isinstance(damaged, DamagedCheckpoint)
    assert message in damaged.reason
    with pytest.raises(CheckpointError, match=message):
        find_card(name)


def test_a_library_that_cannot_be_written_says_so(library: Path, data: bytes) -> None:
    library.write_text("a file in its place")
    with pytest.raises(CheckpointError, match="cannot be written"):
        stage(data)


@given(st.text(max_size=200))
def test_any_name_of_a_file_gives_a_title_and_a_name_or_an_error(text: str) -> None:
    try:
        title = make_title(text)
    except AttnvizError:
        return
    name = make_model_name(title, {"my-model"})
    assert title.isprintable()
    assert 1 <= len(title) <= 80
    assert name.isascii()
    assert not name.startswith((".", "-"))
    assert "/" not in name
    assert len(name) <= 50


@given(st.text(max_size=50), st.sampled_from([".KERAS", ".keras", ".hdf5", ".h5"]))
def test_a_file_gets_one_of_few_names(text: str, ending: str) -> None:
    assert make_file_name("model", f"a{text}{ending}") in ("model.keras", "model.h5")
