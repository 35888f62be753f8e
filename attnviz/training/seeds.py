"""What may be a seed."""

from __future__ import annotations

from attnviz.errors import SettingError
from attnviz.languages import tr

MAX_SEED = 2**32 - 1


def check_seed(seed: int) -> None:
    """Refuse what NumPy's or Keras' random numbers cannot start from.

    Raises:
        SettingError: the seed is negative or above MAX_SEED.
    """
    if not 0 <= seed <= MAX_SEED:
        raise SettingError(tr("The seed must lie between 0 and {most}, got {seed}.", most=MAX_SEED, seed=seed))
