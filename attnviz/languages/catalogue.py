"""The catalogues: attnviz/locales/<language>/LC_MESSAGES/attnviz.po, as gettext and Babel know them.

They are compiled when they are first asked for, so that there is no compiled file to forget.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "locales"


@cache
def find_catalogue(language: str) -> NullTranslations:
    """The messages of a language; where there is no catalogue, as for English, those of the code."""
    path = get_path(language)
    if not path.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo  # only whoever reads another language waits for it
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def get_path(language: str) -> Path:
    """Where the catalogue of a language lies, if it has one."""
    return FOLDER / language / "LC_MESSAGES" / "attnviz.po"
