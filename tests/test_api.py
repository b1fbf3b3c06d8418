"""The public names: a change here is a change of the major or minor version."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

import primacy

PUBLIC = [
    "InputError",
    "LakeError",
    "Method",
    "NotThereError",
    "PrimacyError",
    "Settings",
    "UsageError",
    "Window",
    "Workspace",
    "__version__",
    "init",
    "open",
]
ROOT = Path(__file__).resolve().parents[1]


def test_the_public_names_are_these():
    assert sorted(primacy.__all__) == PUBLIC
    for name in PUBLIC:
        assert hasattr(primacy, name)


def test_what_is_not_public_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'close'"):
        _ = primacy.close
    assert set(PUBLIC) <= set(dir(primacy))


def test_the_package_alone_imports_no_engine():
    """A process that only reads or writes files must start at once."""
    code = "import primacy, sys; print(sorted({'ibis', 'pandas', 'pyarrow', 'duckdb'} & set(sys.modules)))"
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], env=paths, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_one_and_the_package_is_typed():
    assert re.fullmatch(r"\d+\.\d+\.\d+", primacy.__version__)
    assert (ROOT / "src" / "primacy" / "py.typed").exists()
    try:
        installed = importlib.metadata.version("primacy")
    except importlib.metadata.PackageNotFoundError:
        return  # run from the source tree
    assert installed == primacy.__version__
