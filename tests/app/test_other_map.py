"""What the verdict says of networks in which no other map is looked for."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from attnviz.ui.reviews.verdict_section import SEVERAL_LAYERS
from attnviz.values.found_attention import FoundAttention
from attnviz.values.model_card import ModelCard
from tests.unit.explained import explain

FOUND = FoundAttention("att", "att", "MultiHeadAttention", ("heads", "queries", "tokens"), 2, 0.9, True)
CARD = ModelCard("mine", "mine", "", "yours", ("bad", "good"), None, ("attention", "gradient"), attention=(FOUND,))


def test_with_several_layers_it_is_told_why_none_is_looked_for_without_asking_the_engine() -> None:
    def show(answer, card):  # type: ignore[no-untyped-def]  # Streamlit runs its text, in which no types are known
        from attnviz.ui.reviews.verdict_section import show_other_map

        show_other_map(answer, card)

    card = replace(CARD, attention=(FOUND, replace(FOUND, name="att_1")))
    page = AppTest.from_function(show, kwargs={"answer": explain("good film"), "card": card}).run()
    assert not page.exception
    assert [words.value for words in page.markdown] == [SEVERAL_LAYERS]
