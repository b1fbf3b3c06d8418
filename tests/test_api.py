"""The public names: a change here is a change of the major or minor version."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

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


def test_the_version_is_one_and_the_package_is_typed():
    assert re.fullmatch(r"\d+\.\d+\.\d+", primacy.__version__)
    assert (ROOT / "src" / "primacy" / "py.typed").exists()
    try:
        installed = importlib.metadata.version("primacy")
    except importlib.metadata.PackageNotFoundError:
        return  # run from the source tree
    assert installed == primacy.__version__
