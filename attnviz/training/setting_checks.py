"""What may be the settings of a text network's training; needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.errors import SettingError
from attnviz.models.registry import ModelSpec
from attnviz.models.tutorials import get_tutorial

PROTOCOLS = ("held-out", "tutorial")
MAX_DECEIT = 10.0
MAX_PINNED, MAX_PINNED_CHARACTERS = 5, 2_000


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
        check_reviews(spec.data or None)


def check_reviews(data: str | None) -> None:
    """Refuse data of somebody's own where a tutorial is repeated.

    Raises:
        SettingError: they are no reviews.
    """
    if data is not None:
        raise SettingError(f"A tutorial is repeated on the film reviews; {data!r} is learned by the protocol held-out.")


def check_pinned(texts: Sequence[str]) -> None:
    """Refuse texts that a run cannot watch.

    Raises:
        SettingError: more than MAX_PINNED, or one that is blank or longer than MAX_PINNED_CHARACTERS.
    """
    if len(texts) > MAX_PINNED:
        raise SettingError(f"A run watches at most {MAX_PINNED} pinned texts, got {len(texts)}.")
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            raise SettingError(f"Pinned text {number} is blank.")
        if len(text) > MAX_PINNED_CHARACTERS:
            raise SettingError(
                f"Pinned text {number} has {len(text):,} characters; at most {MAX_PINNED_CHARACTERS:,} are possible."
            )


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
