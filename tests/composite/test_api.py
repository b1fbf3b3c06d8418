"""What the package promises to the outside."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import primacy.composite as composite
from primacy.composite.method import Method
from primacy.composite.uncertainty import Uncertainty

SOURCE = Path(composite.__file__).parent
ALLOWED = {"numpy", "scipy", "SALib", "pyarrow"}


def test_everything_promised_is_there_documented_and_in_order():
    assert composite.__all__ == sorted(composite.__all__)
    for name in composite.__all__:
        assert inspect.getdoc(getattr(composite, name)), name


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda p: p.stem)
def test_the_package_stands_alone(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            top = name.split(".")[0]
            own = name.startswith(("primacy.composite", "primacy.errors"))
            assert own or top in ALLOWED or top in _standard_library(), f"{path.name} imports {name}"


def _standard_library():
    import sys

    return sys.stdlib_module_names


def test_every_setting_is_explained_where_it_is_declared():
    for declared in (Method, Uncertainty):
        text = inspect.getdoc(declared)
        for name in declared.__dataclass_fields__:
            assert name in text, f"{declared.__name__}.{name}"
