"""What may be the settings of a text network's training; needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence

from attnviz.errors import SettingError
from attnviz.languages import mark, tr
from attnviz.models.registry import ModelSpec
from attnviz.models.tutorials import get_tutorial
from attnviz.render.numerals import format_count

PROTOCOLS = (mark("held-out"), mark("tutorial"))
MAX_DECEIT = 10.0
MAX_PINNED, MAX_PINNED_CHARACTERS = 5, 2_000

_EPOCHS = mark("The epochs must be at least {least}, got {value}.")
_BATCH_SIZE = mark("The batch size must be at least {least}, got {value}.")
_LIMIT = mark("The limit must be at least {least}, got {value}.")


def check_settings(
    spec: ModelSpec, epochs: int | None, batch_size: int | None, limit: int | None, protocol: str
) -> None:
    """Refuse settings that make no run.

    Raises:
        SettingError: a network that reads no reviews, a number that is too small, an unknown protocol, or a
            network of which no tutorial is known that could be repeated.
    """
    if spec.task != "reviews":
        raise SettingError(tr("{network} reads no reviews; train it with attnviz.train_column.", network=spec.name))
    for message, value, least in ((_EPOCHS, epochs, 1), (_BATCH_SIZE, batch_size, 1), (_LIMIT, limit, 20)):
        if value is not None and value < least:
            raise SettingError(tr(message, least=least, value=value))
    if protocol not in PROTOCOLS:
        told = mark("The protocol must be one of {protocols}, got {protocol}.")
        raise SettingError(tr(told, protocols=", ".join(PROTOCOLS), protocol=repr(protocol)))
    if protocol == "tutorial":
        get_tutorial(spec)
        check_reviews(spec.data or None)


def check_reviews(data: str | None) -> None:
    """Refuse data of somebody's own where a tutorial is repeated.

    Raises:
        SettingError: they are no reviews.
    """
    if data is not None:
        told = mark("A tutorial is repeated on the film reviews; {data} is learned by the protocol held-out.")
        raise SettingError(tr(told, data=repr(data)))


def check_pinned(texts: Sequence[str]) -> None:
    """Refuse texts that a run cannot watch.

    Raises:
        SettingError: more than MAX_PINNED, or one that is blank or longer than MAX_PINNED_CHARACTERS.
    """
    if len(texts) > MAX_PINNED:
        raise SettingError(tr("A run watches at most {most} pinned texts, got {n}.", most=MAX_PINNED, n=len(texts)))
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            raise SettingError(tr("Pinned text {number} is blank.", number=number))
        if len(text) > MAX_PINNED_CHARACTERS:
            told = mark("Pinned text {number} has {n} characters; at most {most} are possible.")
            most = format_count(MAX_PINNED_CHARACTERS)
            raise SettingError(tr(told, number=number, n=format_count(len(text)), most=most))


def check_deceit(spec: ModelSpec, deceit: float) -> None:
    """Refuse a deception that cannot be trained; see deception.py.

    Raises:
        SettingError: a λ out of its bounds, or a network that has no single weight for each word.
    """
    if not 0 <= deceit <= MAX_DECEIT:
        told = mark("How much a twin may deceive lies between 0 and {most}, got {deceit}.")
        raise SettingError(tr(told, most=format(MAX_DECEIT, "g"), deceit=deceit))
    if spec.attention_layer is None or spec.attention_axes != ("tokens",):
        told = mark("No twin of {network} can be trained to deceive: it needs one attention weight for each word.")
        raise SettingError(tr(told, network=spec.name))
