"""The cards of the networks of the table, which are made without loading them."""

from __future__ import annotations

import pytest

from attnviz.models.model_cards import card_of
from attnviz.models.registry import MODELS
from attnviz.values.model_card import ModelCard
from attnviz.values.plain import from_plain, to_plain

TEXT_NETWORKS = [name for name, spec in MODELS.items() if spec.task == "reviews"]


def card(name: str) -> ModelCard:
    return card_of(MODELS[name], MODELS[name].parameters, name, "shipped")


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_a_card_says_what_the_network_is(name: str) -> None:
    """The layer, its class and its maps are those of the network that is built."""
    from attnviz import build_model

    found, model = card(name), build_model(name)
    assert found.parameters == model.count_params()
    assert {*found.methods} | {*found.missing} >= {"attention", "gradient", "integrated_gradients", "occlusion"}
    for attention in found.attention:
        layer = model.get_layer(attention.layer)
        sizes = dict(zip(attention.axes, layer.output.shape[1:], strict=True))
        assert (attention.kind, attention.maps) == (type(layer).__name__, sizes.get("heads", sizes.get("features", 1)))


def test_only_networks_with_several_weights_a_word_have_several_maps() -> None:
    assert [name for name in TEXT_NETWORKS if card(name).has_several_maps] == ["lstm-featurewise", "transformer"]


def test_a_network_without_attention_says_why_there_is_none() -> None:
    assert card("bilstm").attention == ()
    assert "no attention" in card("bilstm").missing["attention"]


@pytest.mark.parametrize("name", TEXT_NETWORKS)
def test_a_card_travels_as_plain_data(name: str) -> None:
    assert from_plain(ModelCard, to_plain(card(name))) == card(name)
