"""The lesson of an adversarially trained twin of a checkpoint."""

from __future__ import annotations

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import MODEL_FILE
from attnviz.runs.loading import load_model
from attnviz.training.deception import Deception


def prepare_deception(base: Checkpoint, deceit: float) -> Deception:
    """What a twin of the checkpoint's network learns; the record of its run names the checkpoint.

    Args:
        base: of a text network of the table.
        deceit: λ, how much the twin may deceive.

    Raises:
        SettingError: as `check_deceit`, or a base that reads padding. CheckpointError: the checkpoint is damaged.
    """
    if base.reads_padding:
        raise SettingError(
            tr(
                "{name} reads padding like words, as its tutorial; no twin of such a network is trained.",
                name=base.name,
            )
        )
    return Deception(load_model(base), base.spec, deceit, {"base": base.name, "base_sha256": base.files[MODEL_FILE]})
