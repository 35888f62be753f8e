"""How Sphinx builds these pages: `make docs`. Nothing is asked of the network, and the pages need none."""

from __future__ import annotations

import inspect
import re

from sphinx.application import Sphinx

import attnviz

project = "attnviz"
author = "the authors of attnviz"
release = version = attnviz.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxarg.ext",
]
myst_heading_anchors = 3

# Docstrings are Google style, and a word in single backticks is code. Shapes and units stand in their text.
default_role = "literal"
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_type_aliases = {"FloatArray": "FloatArray"}
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"

html_theme = "pydata_sphinx_theme"
html_logo = "../attnviz/ui/components/logo.svg"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_title = "attnviz"
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "logo": {"alt_text": "attnviz"},
    "navigation_with_keys": False,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": ["sphinx-version"],
}

# The domain of the command line's reference takes no part in links that name no domain.
suppress_warnings = ["myst.domains"]


def setup(app: Sphinx) -> None:
    """Two small things that Sphinx has no setting for."""
    app.connect("source-read", _join_percentages)
    app.connect("autodoc-process-signature", _show_arguments)


def _join_percentages(app: Sphinx, name: str, content: list[str]) -> None:
    """A number and its per cent sign stay on one line."""
    content[0] = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", content[0])


def _show_arguments(
    app: Sphinx, what: str, name: str, value: object, options: object, arguments: str | None, result: str | None
) -> tuple[str, None] | None:
    """Keras puts a `__new__` with any arguments before those of a layer's own `__init__`."""
    if what != "class" or arguments != "(*args, **kwargs)":
        return None
    told = list(inspect.signature(value.__init__).parameters.values())[1:]
    return str(inspect.Signature([one.replace(annotation=one.empty) for one in told])), None
