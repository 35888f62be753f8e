"""Pages beside folders that pretend to be checkpoints."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from attnviz.render.markdown import escape_markdown
from tests.app.visits import component_data, open_page, open_reviews, settle
from tests.hostile_folders import HOSTILE

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")


@pytest.fixture(scope="module")
def app_library(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny library, and a folder of each hostile kind."""
    library = tmp_path_factory.mktemp("hostile") / "library"
    shutil.copytree(tiny_library, library)
    shutil.copytree(tiny_library / "luong", library / "good")
    for number, (spoil, _) in enumerate(HOSTILE.values()):
        folder = library / f"odd-{number}"
        shutil.copytree(tiny_library / "luong", folder)
        spoil(folder)
    return library


def test_the_page_models_names_each_of_them_and_shows_the_rest() -> None:
    page = open_page("models_page")
    told = [error.value for error in page.error]
    assert len(told) == len(HOSTILE)
    for _, reason in HOSTILE.values():
        assert any(escape_markdown(reason) in words for words in told)
    (models,) = (box for box in page.selectbox if box.label == "Model")
    assert models.options[0].startswith("luong · ")
    assert len(models.options) == 5


def test_the_page_reviews_answers_beside_them() -> None:
    page = settle(open_reviews(model="good", text="A great film"))
    assert component_data(page)["explanation"]["model"] == "good"
    assert len(page.selectbox(key="review_model").options) == 4
    assert not page.error
