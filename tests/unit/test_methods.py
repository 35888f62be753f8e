"""The table of explanation methods."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attnviz.languages import using_language
from attnviz.models.registry import MODELS
from attnviz.values.methods import METHODS, SIGNED_METHODS, TYPED_METHODS, list_methods, pick_typed


def test_every_row_stands_under_its_name_and_says_something() -> None:
    assert [row.name for row in METHODS.values()] == list(METHODS)
    assert all(row.title and row.score_name and row.cost and row.help.endswith(".") for row in METHODS.values())
    assert len({row.title for row in METHODS.values()}) == len(METHODS)


def test_what_takes_long_needs_a_library_and_is_not_typed() -> None:
    assert {name for name, row in METHODS.items() if not row.live} == {"lime", "shap"} == {*METHODS} - {*TYPED_METHODS}
    assert METHODS["lime"].count_readings(5) == METHODS["lime"].count_readings(500) == 1_000
    assert [METHODS["shap"].count_readings(words) for words in (1, 2, 3, 500)] == [3, 5, 9, 4_000]


def test_attention_comes_first_and_alone_is_not_signed() -> None:
    assert next(iter(METHODS)) == "attention"
    assert METHODS.keys() - {"attention"} == SIGNED_METHODS


def test_what_is_typed_needs_no_other_library_and_reads_a_text_seldom() -> None:
    for name in TYPED_METHODS:
        assert not METHODS[name].needs
        assert METHODS[name].count_readings(200) <= 201


def test_a_title_in_a_sentence_keeps_its_capitals_only_as_an_abbreviation() -> None:
    assert (METHODS["gradient"].phrase, METHODS["lime"].phrase) == ("gradient × input", "LIME")


def test_what_it_costs_is_what_is_counted() -> None:
    for name in ("integrated_gradients", "lime", "shap"):
        assert f" {METHODS[name].count_readings(10_000):,} times" in METHODS[name].cost


def test_what_is_said_of_a_method_comes_in_the_reader_s_language() -> None:
    with using_language("ru"):
        assert METHODS["attention"].phrase == "веса внимания"


def test_a_method_whose_library_is_not_here_says_what_to_install() -> None:
    absent = replace(METHODS["occlusion"], needs="no_such_library")
    assert not absent.is_installed
    assert absent.missing == "Leave a word out needs the extra: pip install attnviz[extras]"
    assert METHODS["occlusion"].missing == ""


def test_a_network_without_attention_lacks_only_that() -> None:
    assert ("attention", *list_methods(attention=False)) == list_methods(attention=True)
    assert MODELS["bilstm"].methods == list_methods(attention=False)
    assert MODELS["word-additive"].methods == list_methods(attention=True)


@pytest.mark.parametrize("attention", [True, False])
def test_the_typed_ones_of_the_methods_that_are_here(attention: bool) -> None:
    assert pick_typed(list_methods(attention=attention)) == TYPED_METHODS[not attention :]
