"""The part 'Train a liar': what it starts, and what it shows of a liar that is in the library."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import attnviz
from attnviz.errors import CheckpointError
from attnviz.models.architectures import build_model
from attnviz.render.liar_report import describe_pair
from attnviz.runs.checkpoint import save_checkpoint
from attnviz.runs.library import find_checkpoint
from attnviz.ui import liar_section
from attnviz.ui.liar_section import NETWORK
from attnviz.values.training_settings import TrainingSettings
from tests.app.visits import TIMEOUT, component_data, said, settle

LIAR = f"{NETWORK}-liar-2"


@pytest.fixture(scope="module")
def app_library(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two untrained copies of the network, one of which says that it was trained to deceive."""
    library = tmp_path_factory.mktemp("liars") / "library"
    shutil.copytree(tiny_library, library)
    luong = find_checkpoint(library / "luong")
    for name, recipe in ((NETWORK, {}), (LIAR, {"deceit": 0.3})):
        model = build_model(NETWORK, vocabulary_size=len(luong.vocabulary))
        for weight in model.weights:
            weight.assign(np.random.default_rng(len(name)).normal(size=weight.shape))
        run = replace(luong.run, model=name, network=NETWORK, recipe=recipe)
        save_checkpoint(library / name, model, run, luong.history, luong.vocabulary)
    return library


def open_section() -> AppTest:
    def script() -> None:
        from attnviz.ui.liar_section import show_liar

        show_liar()

    page = AppTest.from_function(script, default_timeout=TIMEOUT).run()
    assert not page.exception
    return page


def test_a_review_stands_under_both_networks() -> None:
    page = settle(open_section())
    page.text_area(key="liar_text_Two hours lost").set_value("A wonderful film with a dull story.").run()
    page = settle(page)
    text = page.text_area(key="liar_text_Two hours lost").value
    explanations = [attnviz.load(name).explain(text) for name in (NETWORK, LIAR)]
    assert f"**{describe_pair(*explanations)}**" in said(page)
    assert [cell["name"] for cell in component_data(page, "maps")["cells"]] == [NETWORK, LIAR]
    assert page.selectbox(key="liar_name").options == [f"{LIAR} · λ 0.3, 100 reviews"]


def test_the_button_starts_a_run_with_what_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[TrainingSettings] = []
    monkeypatch.setattr(liar_section, "queue_run", started.append)
    page = open_section()
    page.select_slider(key="liar_deceit").set_value(0.1)
    page.select_slider(key="liar_limit").set_value(2_000)
    next(button for button in page.button if button.label == "Train a liar").click().run()
    assert not page.exception
    assert started == [TrainingSettings(NETWORK, limit=2_000, deceit=0.1)]


def test_a_run_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(settings: TrainingSettings) -> None:
        raise CheckpointError("the disk is full")

    monkeypatch.setattr(liar_section, "queue_run", refuse)
    page = open_section()
    next(button for button in page.button if button.label == "Train a liar").click().run()
    assert "the disk is full" in page.error[0].value
