"""One ES module made of an entry module and everything that it imports, each file in a scope of its own.

Streamlit's components take the text of one module, and whoever uses attnviz has no Node: so this is done in Python,
when a component is registered. A file becomes a function that is called once and returns what the file exports,
with fewer spaces than here:

    const svg$ = (() => {
    const { put } = dom$;
    ...
    return { node, trim };
    })();

The modules are written for it: every `import` and `export` begins a line, imports are of names, and exports are
functions, classes and constants, or the one default of an entry. Anything else is a LinkError. What only readers need
is left out (tightening.py), since Streamlit sends the text of a component again with each change of its data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from attnviz.errors import AttnvizError
from attnviz.languages import SOURCE
from attnviz.web.tightening import tighten
from attnviz.web.translation import translate_module

FOLDER = Path(__file__).parent
"""Where the browser's code lies."""

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w-]+\.js)';$", re.MULTILINE)
_TAGS = re.compile(r"^import \{[^}]*\} from '\./language\.js';\n", re.MULTILINE)
"""What marks messages, which are translated before they come to the browser."""

_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_MADE = "(() => {let resolve; const promise = new Promise((lend) => {resolve = lend;}); return {promise, resolve};})()"
"""A promise and what resolves it, in browsers without Promise.withResolvers too."""

_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class LinkError(AttnvizError):
    """Modules that cannot be made into one; the message says where and why."""


def link(entry: str, folder: Path = FOLDER, language: str = SOURCE) -> str:
    """The text of one module that does what the entry does; its default export is the entry's.

    Args:
        entry: the name of a file of the folder.
        language: of its messages.

    Raises:
        LinkError: a file is missing, imports go in a circle, or a file holds an import or export of another form.
    """
    return f"{link_script(entry, folder, language)}export default {_name(entry)}.default;\n"


def link_lender(entry: str, folder: Path = FOLDER, language: str = SOURCE) -> str:
    """`link` for an entry that lends its modules to others of the same page.

    Raises:
        LinkError: as `link`.
    """
    modules = _collect(entry, folder, language)
    lent = f"{_promise(modules.values())}.resolve({{ {_list_names(modules)} }});\n"
    return f"{link_script(entry, folder, language)}{lent}export default {_name(entry)}.default;\n"


def link_borrower(entry: str, lender: str, folder: Path = FOLDER, language: str = SOURCE) -> str:
    """`link` for an entry that waits for the modules that another one on its page has as well, and holds the others.

    Raises:
        LinkError: as `link`.
    """
    modules, lent = _collect(entry, folder, language), _collect(lender, folder, language)
    borrowed = f"const {{ {_list_names(name for name in modules if name in lent)} }} = await "
    own = "".join(f"{module}\n" for name, module in modules.items() if name not in lent)
    return f"{borrowed}{_promise(lent.values())}.promise;\n{own}export default {_name(entry)}.default;\n"


def _promise(modules: Iterable[str]) -> str:
    """Where modules are lent: another place for each version of them, since a page outlives its server."""
    version = hashlib.sha256("".join(modules).encode()).hexdigest()[:8]
    return f"(globalThis.attnviz_{version} ??= {_MADE})"


def _list_names(files: Iterable[str]) -> str:
    return ", ".join(map(_name, files))


def link_script(entry: str, folder: Path = FOLDER, language: str = SOURCE) -> str:
    """`link` for a script that exports nothing, as a worker takes it.

    Raises:
        LinkError: as `link`.
    """
    return "".join(f"{module}\n" for module in _collect(entry, folder, language).values())


def _collect(entry: str, folder: Path, language: str) -> dict[str, str]:
    """The linked text of each file that an entry needs, by name, each behind those that it imports."""
    order: dict[str, str] = {}
    _visit(entry, folder, order, ())
    return {file: _wrap(file, translate_module(source, language)) for file, source in order.items()}


def find_imports(source: str) -> list[str]:
    """The names of the files that a module imports, in order."""
    return [match[2] for match in _IMPORT.finditer(source)]


def _visit(file: str, folder: Path, order: dict[str, str], path: tuple[str, ...]) -> None:
    """Put a file behind all those that it imports."""
    if file in path:
        raise LinkError(f"Imports go in a circle: {' -> '.join([*path, file])}.")
    if file in order:
        return
    source = _TAGS.sub("", _read(folder / file))
    for needed in find_imports(source):
        _visit(needed, folder, order, (*path, file))
    order[file] = source


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LinkError(f"There is no module {path.name} in {path.parent.name}.") from None


def _wrap(file: str, source: str) -> str:
    exports = ", ".join(_list_exports(source))
    body = _DEFAULT.sub("const entry = ", _EXPORT.sub(r"\1 \2", _IMPORT.sub(_take_over, source)))
    if other := _OTHER.search(body):
        raise LinkError(f"{file} holds {other[0]!r}, which the linker does not know.")
    return tighten(f"const {_name(file)} = (() => {{\n{body}\nreturn {{{exports}}};\n}})();")


def _list_exports(source: str) -> Iterator[str]:
    yield from (name for _, name in _EXPORT.findall(source))
    if _DEFAULT.search(source):
        yield "default: entry"


def _take_over(match: re.Match[str]) -> str:
    """An import as a constant; `a as b` is `a: b` there."""
    names = re.sub(r"(\w+) as (\w+)", r"\1: \2", " ".join(match[1].split()))
    return f"const {{ {names} }} = {_name(match[2])};"


def _name(file: str) -> str:
    """What holds the exports of a file; no name of ours ends with this sign."""
    return re.sub(r"\W", "_", file.removesuffix(".js")) + "$"
