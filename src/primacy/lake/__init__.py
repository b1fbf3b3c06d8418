"""Tables and where they live: schemas, the Delta store, versions, results, and the engine that reads them."""

from __future__ import annotations
