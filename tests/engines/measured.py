"""Which public measures there are, and which of them were called."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import primacy.measures


def public_measures() -> dict[str, Callable[..., Any]]:
    """Return the public functions over tables and columns, by module and name."""
    found = {}
    for info in pkgutil.iter_modules(primacy.measures.__path__):
        module = importlib.import_module(f"primacy.measures.{info.name}")
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if own and any("ir." in str(kind) for kind in value.__annotations__.values()):
                found[f"{info.name}.{name}"] = value
    return found


@contextmanager
def recorded() -> Iterator[set[str]]:
    """Yield the names of the measures that are called inside, wherever they were imported to."""
    called: set[str] = set()
    measures = {id(function): name for name, function in public_measures().items()}

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def noted(*given: Any, **options: Any) -> Any:
            called.add(measures[id(function)])
            return function(*given, **options)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for module in [
            m for name, m in sys.modules.items() if name.partition(".")[0] in ("primacy", "tests")
        ]:
            for name, value in list(vars(module).items()):
                if id(value) in measures:
                    patch.setattr(module, name, noting(value))
        yield called
