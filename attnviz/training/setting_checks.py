"""What may be the settings of a text network's training; needs no TensorFlow."""

from __future__ import annotations

from attnviz.errors import SettingError
from attnviz.models.registry import ModelSpec
from attnviz.models.tutorials import get_tutorial

PROTOCOLS = ("held-out", "tutorial")
MAX_DECEIT = 10.0


def check_settings(
    spec: ModelSpec, epochs: int | None, batch_size: int | None, limit: int | None, protocol: str
) -> None:
    """Refuse settings that make no run.

    Raises:
        SettingError: a network that reads no reviews, a number that is too small, an unknown protocol, or a
            network of which no tutorial is known that could be repeated.
    """
    if spec.task != "reviews":
        raise SettingError(f"{spec.name} reads no reviews; train it with attnviz.train_column.")
    for label, value, least in (("epochs", epochs, 1), ("batch size", batch_size, 1), ("limit", limit, 20)):
        if value is not None and value < least:
            raise SettingError(f"The {label} must be at least {least}, got {value}.")
    if protocol not in PROTOCOLS:
        raise SettingError(f"The protocol must be one of {', '.join(PROTOCOLS)}, got {protocol!r}.")
    if protocol == "tutorial":
        get_tutorial(spec)


def check_deceit(spec: ModelSpec, deceit: float) -> None:
    """Refuse a deception that cannot be trained; see deception.py.

    Raises:
        SettingError: a λ out of its bounds, or a network that has no single weight for each word.
    """
    if not 0 <= deceit <= MAX_DECEIT:
        raise SettingError(f"How much a twin may deceive lies between 0 and {MAX_DECEIT:g}, got {deceit}.")
    if spec.attention_layer is None or spec.attention_axes != ("tokens",):
        raise SettingError(
            f"No twin of {spec.name} can be trained to deceive: it needs one attention weight for each word."
        )
