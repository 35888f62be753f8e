"""The part 'The network' of the page Reviews."""

from __future__ import annotations

from attnviz.ui.curves import show_curves
from attnviz.ui.kept_lapse import show_kept_lapse
from attnviz.ui.layer_section import show_layers_of
from attnviz.ui.network_card import show_card
from attnviz.ui.state import get_checkpoint
from attnviz.values.model_card import ModelCard


def show_network(card: ModelCard) -> None:
    """What a network is, or what was found in a model that somebody brought; of one trained here also how that went."""
    show_card(card)
    show_layers_of(card)
    if (checkpoint := get_checkpoint(card)) is not None:
        chance = checkpoint.run.data.get("majority")
        selected = checkpoint.run.selected_epoch
        show_curves(checkpoint.history, checkpoint.spec.published, selected_epoch=selected, chance=chance)
        show_kept_lapse(checkpoint.folder, checkpoint.history, key="network_lapse")
