from __future__ import annotations

import pytest

from tests.docs.blocks import TUTORIAL, run_page
from tests.once import once


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """A directory in which the tutorial was followed, in a smaller world than a reader's."""
    smaller = {"primacy demo demo": "primacy demo demo --works 2500"}
    return once(tmp_path_factory, "tutorial", lambda place: run_page(TUTORIAL, place, instead=smaller))
