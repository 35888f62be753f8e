"""The names of a classifier's classes, as people type them."""

from __future__ import annotations

from attnviz.errors import SettingError

MAX_CLASSES, MAX_CHARACTERS = 1_000, 200


def parse_class_names(typed: str) -> tuple[str, ...]:
    """The names in order: one in each line, or in one line with commas between them; none if nothing was typed.

    Raises:
        SettingError: a single name, two equal ones, too many, or one that is too long.
    """
    lines = typed.strip().splitlines()
    parts = lines if len(lines) > 1 else typed.split(",")
    names = tuple(name for part in parts if (name := " ".join(part.split())))
    _check(names)
    return names


def _check(names: tuple[str, ...]) -> None:
    if len(names) == 1:
        raise SettingError(f"There is one class name, ‘{names[0]}’: give the name of each class, one a line.")
    if len(names) > MAX_CLASSES:
        raise SettingError(f"There are {len(names):,} class names; at most {MAX_CLASSES:,} are possible.")
    for name in names:
        if len(name) > MAX_CHARACTERS:
            raise SettingError(f"The class name ‘{name[:20]}…’ has more than {MAX_CHARACTERS} characters.")
        if names.count(name) > 1:
            raise SettingError(f"Two classes are called ‘{name}’: each needs a name of its own.")
