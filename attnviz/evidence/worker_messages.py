"""What passes between a run and a process that measures for it, as lines of engine/wire.py.

run to worker: {"job": {...}} once, then {"part": {...}} for each part
worker to run: {"values": {name: base64 of 64-bit floats, little endian}} or {"error": {...}}
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping

import numpy as np

from attnviz.evidence.corpus_part import Values


def pack_values(values: Values) -> dict[str, str]:
    """Plain data."""
    return {name: b64encode(column.astype("<f8").tobytes()).decode("ascii") for name, column in values.items()}


def unpack_values(packed: Mapping[str, str]) -> Values:
    """The inverse of `pack_values`, bit for bit."""
    return {name: np.frombuffer(b64decode(column), "<f8").astype(np.float64) for name, column in packed.items()}
