"""The notebooks run from the first cell to the last."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))


def _run(notebook):
    spec = importlib.util.spec_from_file_location(f"notebook_{notebook.stem}", notebook)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app.run()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_runs(notebook, desk, monkeypatch):
    monkeypatch.setenv("PRIMACY_WORKSPACE", str(desk / "demo"))
    outputs, names = _run(notebook)
    assert len(outputs) > 3
    if notebook.name == "journals.py":
        assert names["total"] == pytest.approx(round(names["total"]), abs=1e-9)
    if notebook.name == "index.py":
        assert names["result"].score.argmax() == 0
    else:
        assert "SIMULATED" in "".join(str(getattr(o, "text", "")) for o in outputs)
