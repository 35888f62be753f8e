"""The commands for what lives on without a server: export and site."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.languages import LANGUAGES, SOURCE, using_language

if TYPE_CHECKING:
    from attnviz.living.network_file import Dtype


def add_living_parsers(commands: Any) -> None:
    """The parsers of `export` and `site`."""
    export = commands.add_parser("export", help="write a page in which a network goes on reading without a server")
    export.add_argument("model", metavar="NAME", help="a checkpoint's name or folder")
    export.add_argument("--live", metavar="FILE", type=Path, required=True, help="the page, one HTML file")
    export.add_argument("--text", help="the review that stands in it; - reads standard input; default: an example")
    export.set_defaults(run=_export)
    site = commands.add_parser("site", help="write a folder with all networks, ready for any static host")
    site.add_argument("folder", metavar="DIR", type=Path, help="is made if it isn't there")
    site.set_defaults(run=_site)
    for parser in (export, site):
        parser.add_argument("--float16", action="store_true", help="half the size, and nearly the same answers")
        parser.add_argument("--language", choices=LANGUAGES, default=SOURCE, help="what its pages speak")


def _export(options: argparse.Namespace) -> None:
    from attnviz.living.live_networks import find_live_network
    from attnviz.living.live_page import render_live_page
    from attnviz.render.training_report import format_size

    with using_language(options.language):
        network = find_live_network(options.model, _dtype(options))
        page = render_live_page(network, _read_text(options.text)).encode()
    options.live.write_bytes(page)
    print(f"{options.live}: {format_size(len(page))}, {network.name} in {_dtype(options)}. Open it in any browser.")
    if options.float16:
        _tell_loss(options.model)


def _tell_loss(name: str) -> None:
    from attnviz.living.half_precision import measure_float16
    from attnviz.runs.library import find_checkpoint

    lost = measure_float16(find_checkpoint(name))
    print(f"Half precision changes probabilities and weights on its examples by at most {lost:.2g}.")


def _site(options: argparse.Namespace) -> None:
    from attnviz.living.live_networks import list_shipped_networks
    from attnviz.living.static_site import write_site
    from attnviz.render.training_report import format_size

    with using_language(options.language):
        files = write_site(options.folder, list(list_shipped_networks(_dtype(options))), _read_text(None))
    for file in files:
        print(f"{file}: {format_size(file.stat().st_size)}")
    print(f"Put the folder {options.folder} on any static host, or open {files[0]} in a browser.")


def _dtype(options: argparse.Namespace) -> Dtype:
    return "float16" if options.float16 else "float32"


def _read_text(text: str | None) -> str:
    from attnviz.data.examples import EXAMPLES

    if text is None:
        return next(iter(EXAMPLES.values()))
    return sys.stdin.read() if text == "-" else text
