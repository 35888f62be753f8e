"""Models that visitors bring to the page Models, without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from attnviz.runs.library import list_own_models
from attnviz.ui.brought_models.adding_section import SWITCHED_OFF
from tests.app.visits import TIMEOUT, component_data, html_blocks, join, open_page, said, settle
from tests.made_models import VOCABULARY, write_archive

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def app_library(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that may be written."""
    return Path(shutil.copytree(tiny_library, tmp_path_factory.mktemp("brought") / "library"))


@pytest.fixture
def archive_bytes(tmp_path: Path) -> bytes:
    return write_archive(tmp_path / "mine.keras").read_bytes()


def open_models() -> AppTest:
    return open_page("models_page")


def send(page: AppTest, data: bytes, classes: str = "", words: bytes = b"") -> AppTest:
    """Fill in the form and send it; the page is then where the check has ended."""
    model, vocabulary = page.file_uploader
    model.upload("my film model.keras", data, "application/octet-stream")
    if words:
        vocabulary.upload("words.txt", words, "text/plain")
    page.text_area(key=f"add_{page.session_state.adding_revision}_names").input(classes)
    click(page, f"check_model_{page.session_state.adding_revision}")
    if "adding" in page.session_state:
        assert page.session_state.adding.work.wait(TIMEOUT)
        page.run()
    assert not page.exception
    return page


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def add(page: AppTest, data: bytes, title: str) -> AppTest:
    """Bring a model all the way into the library."""
    send(page, data, classes="bad, good", words=VOCABULARY)
    page.text_input(key="adding_title").input(title)
    return click(page, "keep_model")


def test_a_model_is_checked_reported_tried_and_kept_and_then_explained_as_it_was_tried(archive_bytes: bytes) -> None:
    page = send(open_models(), archive_bytes, classes=f"{HOSTILE}\ngood", words=VOCABULARY)
    (report,) = html_blocks(page, "attnviz-card")
    assert "&lt;img src=x onerror=alert(1)&gt;" in report
    assert HOSTILE not in report
    page.text_area(key="try_text").input("a good film, not bad")
    settle(click(page, "try_button"))
    (tried,) = html_blocks(page, 'class="attnviz"')
    assert "<b>my film model, gradient × input</b>" in tried
    assert HOSTILE not in tried
    page.text_input(key="adding_title").input("My *film* model")
    click(page, "keep_model")
    assert "**My *film* model** · my-film-model" in said(page)
    session = {
        "owner": page.session_state.owner,
        "review_model": "my-film-model",
        "review_text": "a good film, not bad",
    }
    reviews = open_page("reviews.reviews_page", **session)
    shown = component_data(reviews, "review_editor")["explanation"]
    assert shown["model"] == "my-film-model"
    assert join(shown["text"]) == "a good film, not bad"
    assert f"with probability {shown['answer']['texts'][shown['answer']['target']]}" in tried
    (model,) = (select for select in reviews.selectbox if select.label == "Model")
    assert "my-film-model · My *film* model · yours" in model.options
    assert "Not offered: Attention weights:" in "".join(caption.value for caption in reviews.caption)


def test_one_visitors_model_is_not_shown_to_another_and_what_is_deleted_comes_back(archive_bytes: bytes) -> None:
    page, other = add(open_models(), archive_bytes, "Secret"), open_models()
    assert "**Secret** · secret" in said(page)
    assert "Secret" not in said(other)
    page.text_input(key="own_title_secret").input("Not so secret")
    click(page, "own_save_secret")
    assert "**Not so secret** · secret" in said(page)
    click(page, "own_delete_secret")
    assert "**Not so secret** is deleted." in said(page)
    assert "secret" not in [item.name for item in list_own_models(page.session_state.owner)]
    click(page, "own_undo")
    assert "**Not so secret** · secret" in said(page)


def test_a_refused_file_says_why_and_the_form_stays() -> None:
    page = send(open_models(), b"PK\x03\x04 is no model", classes="bad, good")
    assert page.error[0].value
    assert [one.label for one in page.file_uploader] == ["Model file", "Vocabulary file"]
    assert "attnviz-card" not in "".join(block.proto.body for block in page.get("html"))


def test_what_lacks_in_the_form_is_said(archive_bytes: bytes) -> None:
    page = click(open_models(), "check_model_0")
    assert page.error[0].value == "Choose a model file first."
    page = send(page, archive_bytes, classes="good")
    assert "There is one class name" in page.error[0].value


def test_a_model_is_read_another_way(archive_bytes: bytes) -> None:
    page = send(open_models(), archive_bytes, classes="bad, good", words=VOCABULARY)
    page.text_area(key="another_1_names").input("dull, fine")
    click(page, "examine_1")
    assert page.session_state.adding.work.wait(TIMEOUT)
    page.run()
    (report,) = html_blocks(page, "attnviz-card")
    assert "‘dull’, ‘fine’" in report
    page.text_area(key="another_2_names").input("one, two, three")
    click(page, "examine_2")
    assert page.session_state.adding.work.wait(TIMEOUT)
    page.run()
    assert "The model is read as before" in page.error[0].value
    assert "‘dull’, ‘fine’" in html_blocks(page, "attnviz-card")[0]
    click(page, "another_model")
    assert [one.label for one in page.file_uploader] == ["Model file", "Vocabulary file"]


def test_where_adding_is_switched_off_a_sentence_stands_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNVIZ_READ_ONLY", "1")
    page = open_models()
    assert [caption.value for caption in page.caption if caption.value == SWITCHED_OFF]
    assert not page.file_uploader
