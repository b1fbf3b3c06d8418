from __future__ import annotations

import os
import shutil

import pytest
from filelock import FileLock

from tests.docs.blocks import TUTORIAL, run_page


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """A directory in which the tutorial was followed, in a smaller world than a reader's; made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "tutorial"
    with FileLock(f"{directory}.lock"):
        if not (directory / "done").exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
            run_page(TUTORIAL, directory, instead={"primacy demo demo": "primacy demo demo --works 2500"})
            (directory / "done").touch()
    return directory
