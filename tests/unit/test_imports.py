"""What importing attnviz loads, and in which direction its modules import each other."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import attnviz
from attnviz.processes import child_environment

PACKAGE = Path(attnviz.__file__).parent
HEAVY = ("tensorflow", "keras", "streamlit", "numpy", "pandas", "plotly")

COMMANDS = (
    *(f"attnviz.{name}" for name in ("__main__", "cli", "cli_data", "cli_evidence", "cli_lab", "cli_living")),
    *(f"attnviz.{name}" for name in ("cli_models", "cli_runs", "cli_sweep")),
)

# From the bottom to the top; a module imports its own rank and those below it. The longest prefix counts.
FLOORS = (
    ("attnviz", "attnviz.errors", "attnviz.folders", "attnviz.languages", "attnviz.processes", "attnviz.values"),
    ("attnviz.text", "attnviz.data", "attnviz.render", "attnviz.web"),
    ("attnviz.backend", "attnviz.models", "attnviz.graph", "attnviz.layers"),
    ("attnviz.training", "attnviz.explain", "attnviz.foreign"),
    ("attnviz.runs", "attnviz.lab"),
    ("attnviz.engine",),
    ("attnviz.evidence", "attnviz.living", "attnviz.lessons"),
    (*COMMANDS, "attnviz.ui"),
    ("app",),
)
RANKS = {name: rank for rank, floor in enumerate(FLOORS) for name in floor}


def loaded_by(code: str) -> set[str]:
    """The names of all modules in a fresh interpreter after the code."""
    code += "\nimport sys; print('\\n' + ' '.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], env=child_environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


@cache
def sources() -> dict[str, Path]:
    """Every module of attnviz, and app.py, by name."""
    found = {"app": PACKAGE.parent / "app.py"}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """What the module imports, also inside functions; imports for type checkers do not count."""
    return frozenset(_imports(ast.parse(sources()[module].read_text(encoding="utf-8"))))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            yield name if name in sources() else str(node.module)
    elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)


def own(module: str) -> set[str]:
    return {name for name in imports(module) if name.split(".")[0] == "attnviz"}


def inside(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def rank(module: str) -> int:
    fitting = [name for name in RANKS if inside(module, name) and (name != "attnviz" or module == "attnviz")]
    assert fitting, f"{module} has no place in the map"
    return RANKS[max(fitting, key=len)]


def test_importing_attnviz_loads_nothing_heavy() -> None:
    assert loaded_by("import attnviz; attnviz.__version__; dir(attnviz)").isdisjoint(HEAVY)


def test_the_names_of_the_networks_need_nothing_heavy() -> None:
    assert loaded_by("import attnviz; attnviz.list_models()").isdisjoint(HEAVY)


def test_the_command_line_starts_without_anything_heavy() -> None:
    assert loaded_by("import attnviz.cli; attnviz.cli._parser()").isdisjoint(HEAVY)


def test_what_the_page_uses_loads_neither_tensorflow_nor_keras() -> None:
    pages = [name for name in sources() if inside(name, "attnviz.ui")]
    assert {
        "attnviz.ui.reviews.reviews_page",
        "attnviz.ui.column_lab.lab_page",
        "attnviz.ui.training_page",
        "attnviz.ui.models_page",
    } <= set(pages)
    used = [
        *pages,
        "attnviz.engine.client",
        "attnviz.runs.checkpoint",
        "attnviz.runs.run_queue",
        "attnviz.render.figures",
    ]
    loaded = loaded_by(f"import {', '.join(used)}")
    assert set(used) <= loaded
    assert loaded.isdisjoint({"tensorflow", "keras"})


def test_the_engine_reads_requests_before_it_loads_tensorflow() -> None:
    loaded = loaded_by("import attnviz.engine.server, attnviz.engine.protocol, attnviz.lab.lab_results")
    assert loaded.isdisjoint({"tensorflow", "keras", "streamlit"})


def test_every_public_name_resolves() -> None:
    assert all(getattr(attnviz, name) is not None for name in attnviz.__all__)
    assert set(attnviz.__all__) <= set(dir(attnviz))
    assert {"load", "build_model", "get_activations", "get_data", "train_column", "list_models"} <= set(attnviz.__all__)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        attnviz.nonsense  # noqa: B018


@pytest.mark.parametrize("module", sorted(sources()))
def test_imports_run_one_way(module: str) -> None:
    assert {name for name in own(module) if rank(name) > rank(module)} == set()


@pytest.mark.parametrize("module", sorted(name for name in sources() if inside(name, "attnviz.render")))
def test_rendering_sees_only_values_errors_and_languages(module: str) -> None:
    allowed = ("attnviz.render", "attnviz.values", "attnviz.errors", "attnviz.languages")
    assert {n for n in own(module) if not inside(n, *allowed)} == set()


def test_only_the_pages_import_streamlit() -> None:
    users = {module for module in sources() if any(inside(name, "streamlit") for name in imports(module))}
    assert "attnviz.ui.reviews.reviews_page" in users
    assert {module for module in users if not inside(module, "attnviz.ui", "app")} == set()


def test_what_has_no_streamlit_in_it_does_not_live_in_ui() -> None:
    """Every module of the pages imports Streamlit, or a module of the pages that does."""
    pages = {name for name in sources() if inside(name, "attnviz.ui") and imports(name)}
    showing = {name for name in pages if any(inside(used, "streamlit") for used in imports(name))}
    while more := {name for name in pages - showing if own(name) & showing}:
        showing |= more
    assert pages - showing == set()


def test_only_computing_modules_import_tensorflow_or_keras() -> None:
    users = {module for module in sources() if any(inside(n, "keras", "tensorflow") for n in imports(module))}
    assert users == {"attnviz.backend"}


def test_the_command_line_and_the_pages_do_not_know_each_other() -> None:
    for module in sources():
        if inside(module, *COMMANDS):
            assert not any(inside(name, "attnviz.ui") for name in own(module))
        if inside(module, "attnviz.ui", "app"):
            assert not any(inside(name, *COMMANDS) for name in own(module))


def test_nobody_starts_the_command_line_as_a_process() -> None:
    for module, path in sources().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("module_command"):
                assert ast.unparse(node.args[0]).strip("'") not in ("attnviz", "attnviz.cli"), module


def test_the_pages_reach_the_networks_only_through_the_engine() -> None:
    forbidden = ("attnviz.backend", "attnviz.explain", "attnviz.engine.server", "attnviz.models.attention_layers")
    for module in sources():
        if inside(module, "attnviz.ui", "app"):
            assert {name for name in own(module) if inside(name, *forbidden)} == set()


def test_no_two_modules_have_one_name() -> None:
    names = [name.rpartition(".")[2] for name in sources()]
    assert sorted(name for name in set(names) if names.count(name) > 1 and name != "__main__") == []


def test_imports_go_in_no_circle() -> None:
    """Modules are taken away as long as one is there that imports none of those that are left."""
    left = {module: own(module) - {module, "attnviz"} for module in sources()}
    while ends := {module for module, needs in left.items() if not needs & left.keys()}:
        left = {module: needs for module, needs in left.items() if module not in ends}
    assert left == {}
