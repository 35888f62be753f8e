from __future__ import annotations

import ast
from pathlib import Path

import attnviz
from attnviz.languages import tr, using_language
from attnviz.render.glossary import FURTHEST, GLOSSARY, SECTIONS, explain_terms, render_glossary
from attnviz.render.html import escape_text
from attnviz.values.methods import METHODS


def test_no_term_is_explained_twice() -> None:
    names = [term for terms in SECTIONS.values() for term in terms]
    assert len({name.casefold() for name in names}) == len(names) == len(GLOSSARY)


def test_every_meaning_is_a_sentence() -> None:
    assert {term for term, said in GLOSSARY.items() if not (said[0].isupper() and said.endswith("."))} == set()


def test_a_help_and_the_list_say_the_same() -> None:
    html = render_glossary()
    for term, said in GLOSSARY.items():
        assert escape_text(term) in html
        assert escape_text(said) in html
        assert explain_terms(term) == f"**{term}**: {said}"


def test_methods_are_explained_where_they_are_defined() -> None:
    assert {method.title: method.help for method in METHODS.values()}.items() <= GLOSSARY.items()


def test_the_furthest_maps_are_as_far_apart_as_can_be_computed() -> None:
    assert f" {FURTHEST:.3f} (ln 2)" in GLOSSARY["Jensen–Shannon divergence"]


def test_the_list_comes_in_the_reader_s_language() -> None:
    with using_language("ru"):
        assert escape_text(tr(GLOSSARY["Epoch"])) in render_glossary()
        assert "Softmax" in explain_terms("Softmax")
        assert GLOSSARY["Softmax"] not in explain_terms("Softmax")


def test_no_module_repeats_a_meaning() -> None:
    """Beside the methods' own table, a meaning is written in the glossary alone."""
    texts: dict[str, str] = {}
    for path in Path(attnviz.__file__).parent.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts[path.name] = "\n".join(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    others = "\n".join(text for name, text in texts.items() if name not in ("glossary.py", "methods.py"))
    assert [term for term, said in GLOSSARY.items() if said.removesuffix(".") in others] == []
