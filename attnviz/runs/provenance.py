"""An explanation as a file that states its provenance: what made it. TensorFlow is not needed to write it.

The file is one JSON object: every key of `Explanation.to_dict`, which `Explanation.from_dict` reads back, and `record`,
the provenance:

    format                  of the provenance, 1
    created                 when the provenance was stated, ISO 8601 in UTC
    versions                of attnviz, python, tensorflow, keras and numpy, that computed the explanation
    checkpoint
        name, network       the name in the library; the row of the model table
        sha256              of model.keras and vocabulary.txt, by file name
        seed                of the training run
        accuracy, protocol  on the test reviews, a fraction, and how the epoch was chosen
        created, versions   when it was trained, and with what

Of a model that somebody brought, `checkpoint` states its name, the sha256 of its files and when it was added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.checkpoint_files import MODEL_FILE, VOCABULARY_FILE
from attnviz.runs.own_record import OwnModel
from attnviz.training.versions import get_versions
from attnviz.values.explanation import Explanation, write_json

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made an explanation, as the module describes it.

    Attributes:
        created: ISO 8601 in UTC.
        versions: by package.
        checkpoint: plain data.
    """

    created: str
    versions: Mapping[str, str]
    checkpoint: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "format": FORMAT,
            "created": self.created,
            "versions": dict(self.versions),
            "checkpoint": dict(self.checkpoint),
        }


def get_provenance(checkpoint: Checkpoint | OwnModel) -> Provenance:
    """The provenance of what this machine's packages compute now with a checkpoint or a brought model."""
    described = _describe_own(checkpoint) if isinstance(checkpoint, OwnModel) else _describe_run(checkpoint)
    created = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return Provenance(created, get_versions(), described)


def _describe_own(model: OwnModel) -> Mapping[str, Any]:
    return {"name": model.name, "sha256": dict(model.files), "created": model.created}


def _describe_run(checkpoint: Checkpoint) -> Mapping[str, Any]:
    run = checkpoint.run
    files = (MODEL_FILE, VOCABULARY_FILE)
    return {
        "name": checkpoint.name,
        "network": run.network,
        "sha256": {file: checkpoint.files[file] for file in files if file in checkpoint.files},
        "seed": run.seed,
        "accuracy": run.accuracy,
        "protocol": run.protocol,
        "created": run.created,
        "versions": dict(run.versions),
    }


def write_explanation(explanation: Explanation, provenance: Provenance, *, indent: int | None = None) -> str:
    """The explanation and its provenance as strict JSON (no NaN) that can be written as UTF-8.

    Raises:
        ValueError: the provenance is that of another checkpoint.
    """
    about = provenance.checkpoint["name"]
    if explanation.model != about:
        raise ValueError(f"the provenance is about {about!r}, the explanation by {explanation.model!r}")
    return write_json(explanation.to_dict() | {"record": provenance.to_dict()}, indent=indent)
