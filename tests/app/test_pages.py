"""The page Models, and the order of the pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attnviz.ui.story import PAGES
from tests.app.visits import open_page


def test_models_lists_the_library_and_the_reason_of_a_damaged_one(
    tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(tiny_library, folder)
    (folder / "luong" / "history.csv").write_text("epoch,loss\n1,0.1\n")
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(folder))
    page = open_page("models_page")
    assert "history.csv is damaged" in page.error[0].value.replace("\\", "")
    table = page.dataframe[0].value.set_index("model")
    assert table.loc["bilstm", "reached"] == pytest.approx(0.7)
    assert table.loc["bilstm", "whose"] == ""
    (offered,) = (select.options for select in page.selectbox if select.label == "Model")
    assert offered[0].startswith("bilstm · ")
    assert offered[0].endswith(" · 70.0\xa0%")
    assert table.loc["bilstm", "published"] == pytest.approx(0.8658)
    assert "luong" in page.caption[0].value, "it is named among the networks without a usable checkpoint"


def test_what_leads_on_is_not_called_like_a_page() -> None:
    """Whoever looks for a page by its name finds one link of that name."""
    said = [leads_on for _, _, leads_on in PAGES.values()]
    assert [(one, title) for one in said for title in PAGES if title.lower() in one.lower()] == []
