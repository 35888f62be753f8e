"""The names of a classifier's classes, as people type them."""

from __future__ import annotations

from attnviz.errors import SettingError
from attnviz.languages import tr
from attnviz.render.numerals import format_count

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
        raise SettingError(
            tr("There is one class name, ‘{name}’: give the name of each class, one a line.", name=names[0])
        )
    if len(names) > MAX_CLASSES:
        raise SettingError(
            tr(
                "There are {n} class names; at most {most} are possible.",
                n=format_count(len(names)),
                most=format_count(MAX_CLASSES),
            )
        )
    for name in names:
        if len(name) > MAX_CHARACTERS:
            raise SettingError(
                tr("The class name ‘{name}…’ has more than {most} characters.", name=name[:20], most=MAX_CHARACTERS)
            )
        if names.count(name) > 1:
            raise SettingError(tr("Two classes are called ‘{name}’: each needs a name of its own.", name=name))
